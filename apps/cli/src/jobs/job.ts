import type { FailureGroup, JobRow, JobState } from '@windrow/contract';
import { ExitCode } from '../exit-codes';
import { duration } from '../output/words';

/** A job as the API shows it. */
export type Job = Omit<JobRow, 'live'> & { url: string; links: Record<string, string> };

export function hasEnded({ state }: { state: JobState }): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled';
}

/** The outcome of a job that has ended, as an exit code. `byTask`: of a job with one task it is that task's own. */
export function outcomeOf(job: Job, byTask = false): ExitCode {
  if (job.state === 'succeeded') return ExitCode.ok;
  if (job.state === 'cancelled') return ExitCode.jobCancelled;
  const own = byTask && job.counts.total === 1 ? job.failures[0]?.exitCode : undefined;
  // A signal may come as a negative number; a process has the low eight bits.
  return own === undefined || (own & 0xff) === 0 ? ExitCode.jobFailed : ((own & 0xff) as ExitCode);
}

/** `exit code 137`, `time limit`, or Batch's own code. */
export function causeOf({ category, code, exitCode }: Omit<FailureGroup, 'count' | 'examples'>): string {
  if (category === 'exitCode' && exitCode !== undefined) return `exit code ${exitCode}`;
  if (category === 'timeout') return 'time limit (task.timeout)';
  return `${category} (${code})`;
}

/** From the start of the last run to its end, or to now. */
export function elapsed({ startTime, createdTime, endTime }: Job, now: number): string {
  const end = endTime === undefined ? now : Date.parse(endTime);
  return duration(end - Date.parse(startTime ?? createdTime));
}

export function done({ counts }: Job): number {
  return counts.succeeded + counts.failed;
}
