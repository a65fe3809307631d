/** After the tasks of a job were killed: what had completed, and what the kill ended, goes into the ledger as well. */
import { heartbeat } from '@temporalio/activity';
import { BatchNotFoundError } from '@windrow/batch';
import type { JobInput } from '@windrow/contract';
import { batchJobId, durationMs, planStageOf } from '@windrow/contract';
import { ChangeReader } from './change-reader';
import type { ActivityDeps } from './deps';
import { readPlan, readSpec, templateOf } from './job-files';
import { ledgerEntry } from './outcome';
import { WaveLedger } from './wave-ledger';

export function createRemainingActivities({ storage, batch }: ActivityDeps) {
  async function recordRemaining({
    input,
    wave,
    attempt,
  }: {
    input: JobInput;
    wave: string;
    attempt: number;
  }): Promise<void> {
    const [spec, plan] = await Promise.all([readSpec(storage.blobs, input), readPlan(storage.blobs, input)]);
    const timeoutMs = durationMs(templateOf(spec, plan, planStageOf(wave)).timeout);
    const ledger = await WaveLedger.open(storage, input, wave);
    try {
      for await (const page of new ChangeReader(batch, batchJobId(input.uid, wave)).completed(true)) {
        await ledger.record(page.map((task) => ledgerEntry(task, attempt, timeoutMs)));
        heartbeat(ledger.size);
      }
    } catch (error) {
      // Never submitted: nothing of it ran.
      if (!(error instanceof BatchNotFoundError)) throw error;
    }
  }

  return { recordRemaining };
}
