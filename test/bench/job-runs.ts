/** Jobs as a customer runs them, and where their time goes. */
import type { JobRow } from '@windrow/contract';
import { isTerminal } from '@windrow/contract';
import type { TestStack } from '../support/test-stack';
import { poll } from './timing';

const LIMIT_MS = 3_600_000;

/** Polls the job's resource until it is over; a job that did not succeed is an error of the bench. */
export async function succeeded(stack: TestStack, name: string, everyMs: number): Promise<JobRow> {
  const job = await poll(`job ${name}`, everyMs, LIMIT_MS, async () => {
    const row = await stack.job(name);
    return isTerminal(row.state) ? row : undefined;
  });
  if (job.state !== 'succeeded') throw new Error(`Job ${name} ended as ${job.state}: ${JSON.stringify(job.error)}`);
  return job;
}

/** Milliseconds by phase, in the order the job went through them, with what lies before and after the phases. */
export function phaseTimes(job: JobRow): Map<string, number> {
  const times = new Map<string, number>();
  const add = (phase: string, from: string | undefined, to: string | undefined) => {
    if (from !== undefined && to !== undefined)
      times.set(phase, (times.get(phase) ?? 0) + Date.parse(to) - Date.parse(from));
  };
  add('before planning', job.createdTime, job.timings[0]?.startTime);
  for (const { phase, startTime, endTime } of job.timings) add(phase, startTime, endTime ?? job.endTime);
  add('after the last phase', job.timings.at(-1)?.endTime, job.endTime);
  return times;
}

export function phasesText(job: JobRow): string {
  return [...phaseTimes(job)].map(([phase, ms]) => `${phase} ${(ms / 1000).toFixed(1)} s`).join(', ');
}
