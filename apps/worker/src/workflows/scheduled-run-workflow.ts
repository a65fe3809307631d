/** One run of a schedule: makes its job, once, and waits for its end, so that what Temporal knows of the run is the job. */
import { CancellationScope, isCancellation, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import type { RunEnd, ScheduledInput } from '@windrow/contract';
import { nominalTimeOf } from '@windrow/contract';
import { control, watch } from './proxies';

/** @param run names the run where something other than a time made it; the nominal time is in the workflow's id */
export async function scheduledRunWorkflow(input: ScheduledInput, run?: string): Promise<RunEnd> {
  const { workflowId, startTime } = workflowInfo();
  const time = nominalTimeOf(workflowId) ?? startTime.toISOString();
  // A job that is half made is made to its end: a cancellation ends the job, and never its making.
  const begun = await CancellationScope.nonCancellable(() =>
    control.beginScheduledRun(run === undefined ? { ...input, time } : { ...input, run }),
  );
  if ('end' in begun) return begun.end;
  const ref = { ...input, run: begun.run };
  let cause: unknown;
  let end: RunEnd;
  try {
    const { job } = await CancellationScope.nonCancellable(() => control.createScheduledJob(ref));
    setCurrentDetails(`Waits for job \`${job}\``);
    end = await watch.awaitScheduledJob.executeWithOptions({ summary: `job ${job}` }, [ref]);
  } catch (error) {
    cause = error;
    end = isCancellation(error)
      ? await CancellationScope.nonCancellable(async () => {
          await control.cancelScheduledJob(ref);
          return watch.awaitScheduledJob.executeWithOptions({ summary: 'cancelled' }, [ref]);
        })
      : { state: 'failed', error: reasonOf(error) };
  }
  await CancellationScope.nonCancellable(() => control.endScheduledRun({ ...ref, end }));
  if (isCancellation(cause)) throw cause;
  if (end.state !== 'failed') return end;
  const { code = 'JobFailed', message = 'The job failed.' } = end.error ?? {};
  throw ApplicationFailure.nonRetryable(end.job === undefined ? message : `Job '${end.job}': ${message}`, code);
}

function reasonOf(error: unknown): { code: string; message: string } {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) return { code: cause.type ?? 'JobNotCreated', message: cause.message };
  return { code: 'JobNotCreated', message: cause instanceof Error ? cause.message : String(cause) };
}
