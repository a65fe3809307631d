/** What a run that was ended from outside left in Batch: its tasks may still run, and have outcomes nobody wrote down. */
import { ensureJobDeleted, ensureJobTerminated } from '@windrow/batch';
import type { JobInput } from '@windrow/contract';
import { attemptOf, batchJobId } from '@windrow/contract';
import type { ActivityDeps } from './deps';
import { createRemainingActivities } from './remaining';

/**
 * Kills what still runs, puts what had ended into the ledger, and deletes the Batch jobs unless they are to be kept.
 * Returns the latest wave that has a Batch job; 0 for none.
 */
export async function clearRemains(deps: ActivityDeps, input: JobInput, keep: boolean): Promise<number> {
  const { batch } = deps;
  const { recordRemaining } = createRemainingActivities(deps);
  const prefix = batchJobId(input.uid, '');
  let latest = 0;
  for await (const { id, state } of batch.jobs.list({ filter: `startswith(id,'${prefix}')`, select: 'id,state' })) {
    const wave = id.slice(prefix.length);
    const attempt = attemptOf(wave);
    latest = Math.max(latest, attempt ?? 0);
    if (state === 'deleting') continue;
    await ensureJobTerminated(batch, id, 'CancelledByWindrow');
    if (attempt !== undefined) await recordRemaining({ input, wave, attempt });
    if (!keep) await ensureJobDeleted(batch, id);
  }
  return latest;
}
