/** Steps that may run twice: they ask for an end state, and finding it is success. */
import type { BatchClient } from './client';
import { BatchConflictError, BatchNotFoundError } from './errors';
import type { BatchJobCreateOptions } from './types/job';
import type { BatchPoolCreateOptions } from './types/pool';

/** Creates the pool unless one of that id is there. @throws BatchConflictError code `PoolBeingDeleted` */
export async function ensurePool(client: BatchClient, pool: BatchPoolCreateOptions): Promise<{ created: boolean }> {
  return { created: await unless(['PoolExists'], () => client.pools.create(pool)) };
}

/** Creates the job unless one of that id is there. */
export async function ensureJob(client: BatchClient, job: BatchJobCreateOptions): Promise<{ created: boolean }> {
  return { created: await unless(['JobExists'], () => client.jobs.create(job)) };
}

/** Sees to it that the pool is gone or going. `deleted`: it was this call that began it. */
export async function ensurePoolDeleted(client: BatchClient, id: string): Promise<{ deleted: boolean }> {
  return { deleted: await unlessGone(['PoolBeingDeleted'], () => client.pools.delete(id)) };
}

/** Sees to it that the job is gone or going. */
export async function ensureJobDeleted(client: BatchClient, id: string): Promise<{ deleted: boolean }> {
  return { deleted: await unlessGone(['JobBeingDeleted'], () => client.jobs.delete(id)) };
}

/** Sees to it that the job runs no further task. */
export async function ensureJobTerminated(
  client: BatchClient,
  id: string,
  reason?: string,
): Promise<{ terminated: boolean }> {
  const over = ['JobCompleted', 'JobBeingTerminated', 'JobBeingDeleted'];
  return { terminated: await unlessGone(over, () => client.jobs.terminate(id, reason)) };
}

/** Sees to it that the job ends with its last task. `sealed` is false when it has ended already. */
export async function ensureJobSealed(client: BatchClient, id: string): Promise<{ sealed: boolean }> {
  const seal = () => client.jobs.patch(id, { onAllTasksComplete: 'terminatejob' });
  return { sealed: await unless(['JobCompleted', 'JobBeingTerminated', 'JobBeingDeleted'], seal) };
}

/** True when the call did it, false when a conflict of one of these codes says that it was so already. */
async function unless(codes: string[], call: () => Promise<void>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (error instanceof BatchConflictError && codes.includes(error.code)) return false;
    throw error;
  }
}

async function unlessGone(codes: string[], call: () => Promise<void>): Promise<boolean> {
  try {
    return await unless(codes, call);
  } catch (error) {
    if (error instanceof BatchNotFoundError) return false;
    throw error;
  }
}
