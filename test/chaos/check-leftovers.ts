/** Nothing is left of a run: in Batch, in Temporal, in the staging area, among the processes of this machine. */
import { readdir, readFile } from 'node:fs/promises';
import type { JobRow } from '@windrow/contract';
import { jobPaths } from '@windrow/contract';
import type { TestStack } from '../support/test-stack';
import { waitFor } from '../support/wait-for';
import { Difference } from './difference';

/** A pool takes some seconds to go, and its cluster ends only then. */
const GONE_WITHIN_MS = 60_000;

/** Each of these has to become empty. @throws Difference naming what stays */
export async function checkNothingLeft(stack: TestStack, jobs: JobRow[]): Promise<void> {
  const kinds: [string, () => Promise<(string | number)[]>][] = [
    ['Batch jobs', () => stack.batchJobIds()],
    ['pools', () => stack.poolIds()],
    ['workflows that run, and hold leases', () => runningWorkflows(stack)],
    [
      'staged blobs',
      async () => (await Promise.all(jobs.map((job) => stack.listBlobs(jobPaths(job.uid).staged)))).flat(),
    ],
    ['processes of tasks', () => stack.taskProcesses()],
  ];
  for (const [kind, list] of kinds) {
    let left: (string | number)[] = [];
    const isEmpty = async () => (left = await list()).length === 0;
    await waitFor(kind, isEmpty, GONE_WITHIN_MS).catch(() => {
      throw new Difference(`A run left ${kind} behind.`, { expected: 'none', found: left });
    });
  }
}

/** After the stack's stop. `directory` is in the environment or the arguments of all that it started. */
export async function checkNoProcessLeft(directory: string): Promise<void> {
  let left: string[] = [];
  const isEmpty = async () => (left = await processesOf(directory)).length === 0;
  await waitFor('no process', isEmpty, GONE_WITHIN_MS).catch(() => {
    throw new Difference('Processes outlived the stack.', { expected: 'none', found: left });
  });
}

async function runningWorkflows(stack: TestStack): Promise<string[]> {
  const ids: string[] = [];
  for await (const { workflowId, type } of stack.temporal.workflow.list({ query: 'ExecutionStatus = "Running"' })) {
    // Those of Temporal itself run the schedules.
    if (!type.startsWith('temporal-sys')) ids.push(workflowId);
  }
  return ids;
}

async function processesOf(directory: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)) {
    const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
    const [environment, command] = [await read('environ'), await read('cmdline')];
    if (`${environment}\0${command}`.includes(directory)) found.push(`${pid} ${command.split('\0').join(' ').trim()}`);
  }
  return found;
}
