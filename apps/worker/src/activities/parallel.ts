/** How many tasks of a wave run at once: set anew while it runs, and given back as tasks end. */
import { BatchConflictError, BatchNotFoundError } from '@windrow/batch';
import type { RenewMessage } from '@windrow/contract';
import { batchJobId, ClusterSignal } from '@windrow/contract';
import { ChangeReader } from './change-reader';
import type { ActivityDeps } from './deps';
import { pollUntil } from './poll';
import type { GiveBackInput, ParallelInput } from './wave-types';

/** Codes of a Batch job that takes no further change, because it has ended. */
export const ENDED = ['JobCompleted', 'JobBeingTerminated', 'JobBeingDeleted'];
const APPEARS_WITHIN_MS = 60_000;
/** Slots are given back in so many steps at most: each is a signal to the cluster. */
const STEPS = 8;

export function createParallelActivities({ batch, temporal, timing }: ActivityDeps) {
  /** For a wave that runs; waits for its Batch job, which may not have been created yet. */
  async function setParallelTasks(change: ParallelInput): Promise<void> {
    await limit(change, Date.now() + APPEARS_WITHIN_MS);
  }

  /**
   * Lowers the number of parallel tasks, and tells the cluster of the slots that become free as running tasks end.
   * Returns when all are free. None is killed, and none is reported as free that a task may still take.
   */
  async function giveBackSlots({ slots, grant, lease, change }: GiveBackInput): Promise<void> {
    // Without its Batch job nothing runs, but it may be created any moment with the number of before: it is waited for.
    if (change) await limit(change, Infinity);
    const counts = change && new ChangeReader(batch, batchJobId(change.input.uid, change.wave));
    let surplus: number | undefined;
    let told = Infinity;
    await pollUntil(timing, async () => {
      const running = (await counts?.counts())?.running ?? 0;
      const held = Math.max(slots, running * (change?.requiredSlots ?? 1));
      surplus ??= held - slots;
      if (told === Infinity || held === slots || told - held >= surplus / STEPS) {
        if (held < told) await report(lease.workflowId, { leaseId: lease.leaseId, held: { grant, slots: held } });
        told = Math.min(told, held);
      }
      return held === slots ? true : undefined;
    });
  }

  async function limit(change: ParallelInput, deadline: number): Promise<void> {
    const jobId = batchJobId(change.input.uid, change.wave);
    const maxParallelTasks = parallelTasks(change.slots, change.requiredSlots, change.maxParallelTasks);
    await pollUntil({ pollMinMs: 500, pollMaxMs: 5000 }, async () => {
      try {
        await batch.jobs.patch(jobId, { maxParallelTasks });
      } catch (error) {
        if (error instanceof BatchNotFoundError && Date.now() < deadline) return undefined;
        // A wave that has ended needs no more slots, and holds none.
        if (!(error instanceof BatchConflictError && ENDED.includes(error.code))) throw error;
      }
      return true;
    });
  }

  async function report(workflowId: string, message: RenewMessage): Promise<void> {
    await temporal().workflow.getHandle(workflowId).signal(ClusterSignal.renew, message);
  }

  return { setParallelTasks, giveBackSlots };
}

export function parallelTasks(slots: number, perTask: number, limit = Infinity): number {
  return Math.max(1, Math.min(limit, Math.floor(slots / perTask)));
}
