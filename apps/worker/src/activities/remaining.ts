/** After the tasks of a job were killed: what had completed, and what the kill ended, goes into the ledger as well. */
import { BatchNotFoundError } from '@windrow/batch';
import type { JobInput } from '@windrow/contract';
import { batchJobId, durationMs, planStageOf } from '@windrow/contract';
import { ChangeReader } from './change-reader';
import type { ActivityDeps } from './deps';
import { readPlan, readSpec, templateOf } from './job-files';
import { ledgerEntry } from './outcome';
import { beating, pollUntil } from './poll';
import { WaveLedger } from './wave-ledger';

/** Batch writes the end of a killed task a moment after the kill; one that takes longer counts as pending. */
const ENDS_WITHIN_MS = 10_000;

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
    const changes = new ChangeReader(batch, batchJobId(input.uid, wave));
    try {
      await beating(async () => {
        const ledger = await WaveLedger.open(storage, input, wave);
        await untilNothingRuns(changes);
        for await (const page of changes.completed(true)) {
          await ledger.record(page.map((task) => ledgerEntry(task, attempt, timeoutMs)));
        }
      });
    } catch (error) {
      // Never submitted: nothing of it ran.
      if (!(error instanceof BatchNotFoundError)) throw error;
    }
  }

  async function untilNothingRuns(changes: ChangeReader): Promise<void> {
    const deadline = Date.now() + ENDS_WITHIN_MS;
    await pollUntil({ pollMinMs: 100, pollMaxMs: 1000 }, async () => {
      const running = (await changes.counts())?.running ?? 0;
      return running === 0 || Date.now() > deadline ? true : undefined;
    });
  }

  return { recordRemaining };
}
