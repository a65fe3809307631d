/** What a run that was ended from outside left in Batch: its tasks may still run, and have outcomes nobody wrote down. */
import { ensureJobDeleted, ensureJobTerminated } from '@windrow/batch';
import type { BatchJob } from '@windrow/batch';
import type { JobInput } from '@windrow/contract';
import { attemptOf, batchJobId } from '@windrow/contract';
import type { ActivityDeps } from './deps';
import { isKept } from './resource-tags';
import { createRemainingActivities } from './remaining';

/**
 * Kills what still runs, puts what had ended into the ledger, and deletes the Batch jobs unless they are to be kept.
 * Returns the latest wave that has a Batch job; 0 for none.
 */
export async function clearRemains(deps: ActivityDeps, input: JobInput): Promise<number> {
  let latest = 0;
  for await (const { job, attempt } of settleRemains(deps, input)) {
    latest = Math.max(latest, attempt ?? 0);
    if (job.state !== 'deleting' && !isKept(job)) await ensureJobDeleted(deps.batch, job.id);
  }
  return latest;
}

/** As {@link clearRemains}, but deletes nothing. Every Batch job of the job comes once it has been dealt with. */
export async function* settleRemains(
  deps: ActivityDeps,
  input: JobInput,
): AsyncGenerator<{ job: BatchJob; attempt?: number }> {
  const { batch } = deps;
  const { recordRemaining } = createRemainingActivities(deps);
  const prefix = batchJobId(input.uid, '');
  for await (const job of batch.jobs.list({ filter: `startswith(id,'${prefix}')`, select: 'id,state,metadata' })) {
    const wave = job.id.slice(prefix.length);
    const attempt = attemptOf(wave);
    if (job.state !== 'deleting') {
      await ensureJobTerminated(batch, job.id, 'CancelledByWindrow');
      if (attempt !== undefined) await recordRemaining({ input, wave, attempt });
    }
    yield { job, ...(attempt !== undefined && { attempt }) };
  }
}
