import { parseDuration } from '../../util/duration';
import type { Micros } from '../../util/time';
import type { Pool } from '../pools/pool';
import type { World } from '../world';

/** Longest wait before it is looked again, because tasks and jobs that are deleted give up their data early. */
const MAX_WAIT_MS = 300_000;

/**
 * Until when the data of completed tasks is to be kept, by node ("retaineddata"). Goes through all completed tasks, so
 * that nothing has to be counted for the many pools that never ask.
 */
export function retainedUntil(world: World, pool: Pool): Map<string, Micros> {
  const latest = new Map<string, Micros>();
  for (const job of world.jobs.values()) {
    for (const task of job.tasks.inState('completed')) {
      const { placement, endTime } = task;
      if (!placement || endTime === undefined || placement.poolId !== pool.id) continue;
      const until = endTime + (parseDuration(task.constraints.retentionTime) ?? 0) * 1000;
      if (until > (latest.get(placement.nodeId) ?? 0)) latest.set(placement.nodeId, until);
    }
  }
  return latest;
}

export function waitFor(until: Micros, now: Micros): number {
  return Math.min((until - now) / 1000, MAX_WAIT_MS);
}
