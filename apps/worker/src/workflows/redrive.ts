/** Automatic redrives: whether a job that failed for the failures of its tasks is run once more, and the wait before. */
import { CancellationScope, log, sleep } from '@temporalio/workflow';
import type { JobInput } from '@windrow/contract';
import { DEFAULT_REDRIVE_DELAY, durationMs, FailureType } from '@windrow/contract';
import type { JobRun } from './job-workflow';
import { bulk } from './proxies';

export interface NextRun {
  /** Of the next run; to be asked for when the wait is over, since the owner may change the job meanwhile. */
  input: () => JobInput;
  delayMs: number;
  /** For people. */
  words: string;
}

/** Undefined when the job has ended for good. Everything is released by now. */
export async function nextRun(run: JobRun): Promise<NextRun | undefined> {
  const { plan, input, record, controls } = run;
  const automatic = (input.redrive?.automatic ?? 0) + 1;
  const spec = plan?.execution.autoRedrive;
  if (!spec || automatic > spec.max || record.row.error?.code !== FailureType.toleranceExceeded) return undefined;
  const next = (): JobInput => {
    const { counts, nodeSeconds, usage } = record.row;
    const before = { counts, ...(nodeSeconds !== undefined && { nodeSeconds }), ...(usage && { usage }) };
    const { id, number = 0 } = input.redrive ?? {};
    const redrive = {
      ...(id !== undefined && { id }),
      number: number + 1,
      automatic,
      before,
      ended: { state: 'failed' as const, ...(record.row.error && { error: record.row.error }) },
      changes: controls.changed,
    };
    return { ...input, redrive };
  };
  try {
    const summary = 'is there anything to redrive?';
    if ((await bulk.countRedrivable.executeWithOptions({ summary }, [next()])) === 0) return undefined;
  } catch (error) {
    log.error('the job cannot be redriven', { error: String(error) });
    return undefined;
  }
  const delayMs = durationMs(spec.delay ?? DEFAULT_REDRIVE_DELAY);
  const at = new Date(Date.now() + delayMs).toISOString();
  const words = `Automatic redrive ${automatic} of ${spec.max} begins at ${at}. ${record.row.error.message}`;
  return { input: next, delayMs, words };
}

/** The job holds nothing meanwhile; it can be cancelled, changed and paused. */
export async function waitForRedrive(run: JobRun, { delayMs, words }: NextRun): Promise<void> {
  const { lease } = run;
  run.lease = undefined;
  run.ending = false;
  const since = new Date().toISOString();
  await run.record.waitToRedrive({ code: 'AutoRedrive', message: words, since });
  const waited = sleep(delayMs, { summary: words.split('. ')[0]! });
  // Seen below; until then it must not count as unhandled.
  waited.catch(() => undefined);
  // A renewal that crossed the release may have claimed anew, and nobody after this run knows of it.
  await CancellationScope.nonCancellable(async () => lease?.settle());
  await waited;
  await run.gate();
  run.ending = true;
}
