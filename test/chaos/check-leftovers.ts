/** Nothing is left of a run: in Batch, in Temporal, in the staging area, among the processes of this machine. */
import { readdir, readFile } from 'node:fs/promises';
import type { JobRow } from '@windrow/contract';
import { jobPaths, leftoverMarker, parseLeftover, workspaceContainer } from '@windrow/contract';
import { WORKSPACE } from '../support/test-stack';
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
    ['staged blobs', async () => (await Promise.all(jobs.map((job) => stagedForNothing(stack, job)))).flat()],
    ['processes of tasks', () => stack.taskProcesses()],
  ];
  for (const [kind, list] of kinds) {
    let left: (string | number)[] = [];
    const isEmpty = async () => (left = await list()).length === 0;
    await waitFor(kind, isEmpty, GONE_WITHIN_MS).catch(() => {
      throw new Difference(`A run left ${left.length} ${kind} behind.`, { expected: 'none', found: left.slice(0, 20) });
    });
  }
}

/** What a redrive may still need stays, under a marker that says until when; of a job that succeeded whole nothing does. */
async function stagedForNothing(stack: TestStack, { uid, counts }: JobRow): Promise<string[]> {
  const staged = await stack.listBlobs(jobPaths(uid).staged);
  const marker = leftoverMarker(uid);
  if (counts.succeeded === counts.total) return [...staged, ...(await stack.listBlobs(marker))];
  const blob = stack.blobs.getContainerClient(workspaceContainer(WORKSPACE)).getBlobClient(marker);
  const { metadata } = await blob.getProperties();
  const expires = parseLeftover(marker, metadata)?.expires;
  return expires !== undefined && Date.parse(expires) > Date.now() ? [] : staged;
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
