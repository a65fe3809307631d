/** Changes of a Batch job that runs: what bounds it, and whether its tasks may start. */
import { BatchConflictError, BatchNotFoundError } from '@windrow/batch';
import type { BatchClient } from '@windrow/batch';
import { batchJobId, formatDuration } from '@windrow/contract';
import type { ActivityDeps } from './deps';
import { pollUntil } from './poll';
import type { SteerInput, WaveLimits } from './wave-types';

/** Codes of the service that say: this job runs nothing any more. */
export const JOB_ENDED = ['JobCompleted', 'JobBeingTerminated', 'JobBeingDeleted'];

/** Batch knows -1000 to 1000. */
const PRIORITY = { low: -500, normal: 0, high: 500 } as const;
/** Batch's own limit is a backstop for an orchestrator that is gone for good, and lies behind ours. Milliseconds. */
export const BACKSTOP_MS = 3_600_000;
const POLL = { pollMinMs: 200, pollMaxMs: 2000 };

/**
 * The lease bounds what runs at once, so that jobs that share a cluster keep to their shares. The service counts its
 * limit from the Batch job's creation (`created`, milliseconds).
 */
export function jobBounds({ maxParallelTasks, priority, endsBefore }: WaveLimits, created = Date.now()) {
  const life = Math.max(0, Date.parse(endsBefore) - created) + BACKSTOP_MS;
  return {
    priority: PRIORITY[priority],
    maxParallelTasks,
    constraints: { maxWallClockTime: formatDuration(Math.ceil(life / 1000) * 1000) },
  };
}

export function createSteerActivities({ batch }: ActivityDeps) {
  /** Waits for the Batch job where it has not been created yet, and for one that is on its way between two states. */
  async function steerBatchJob(change: SteerInput): Promise<void> {
    const jobId = batchJobId(change.input.uid, change.wave);
    await pollUntil(POLL, async () => {
      try {
        return await (change.stop ? stop(batch, jobId, change.stop) : go(batch, jobId, change.limits));
      } catch (error) {
        if (error instanceof BatchNotFoundError) return undefined;
        if (!(error instanceof BatchConflictError)) throw error;
        return JOB_ENDED.includes(error.code) ? true : undefined;
      }
    });
  }

  return { steerBatchJob };
}

async function stop(batch: BatchClient, jobId: string, running: 'wait' | 'requeue'): Promise<true> {
  const { state } = await batch.jobs.get(jobId);
  const stopped = state === 'disabled' || (state === 'disabling' && running === 'wait');
  if (!stopped) await batch.jobs.disable(jobId, running);
  return true;
}

async function go(batch: BatchClient, jobId: string, limits: WaveLimits): Promise<true> {
  const job = await batch.jobs.get(jobId);
  await batch.jobs.patch(jobId, jobBounds(limits, Date.parse(job.creationTime)));
  if (job.state === 'disabled' || job.state === 'disabling') await batch.jobs.enable(jobId);
  return true;
}
