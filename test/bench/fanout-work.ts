/** One fan-out, once through Windrow and once through a plain script, on the same emulator. */
import { performance } from 'node:perf_hooks';
import type { JobRow, JobSpec } from '@windrow/contract';
import type { TestStack } from '../support/test-stack';
import type { Figure } from './bench';
import { phasesText, succeeded } from './job-runs';
import { cleanUpPlain, plainClient, runPlain } from './plain-script';
import { median } from './statistics';
import { since } from './timing';

export interface Work {
  name: string;
  tasks: number;
  nodes: number;
  taskSeconds: number;
  /** The same on both sides: neither sees the end sooner than the other. */
  pollMs: number;
}

export interface WindrowRun {
  job: JobRow;
  ms: number;
  requests: Record<string, number>;
}

export interface Runs {
  windrow: WindrowRun[];
  plain: number[];
}

const VM_SIZE = 'simulated_d2s_v3';
const COMMAND_LINE = 'simulated';
const environmentOf = (work: Work) => ({ SIMULATED_DURATION: String(work.taskSeconds) });

/** Whoever goes first finds the emulator colder: the order alternates. */
export async function alternate(
  stack: TestStack,
  work: Work,
  times: number,
  say: (text: string) => void,
): Promise<Runs> {
  const runs: Runs = { windrow: [], plain: [] };
  for (let count = 1; count <= times; count++) {
    const id = `${work.name}-${count}`;
    const ours = async () => {
      const run = await windrowRun(stack, id, work);
      runs.windrow.push(run);
      say(`${id}, Windrow: ${(run.ms / 1000).toFixed(1)} s (${phasesText(run.job)})`);
    };
    const theirs = async () => {
      const ms = await plainRun(stack, id, work);
      runs.plain.push(ms);
      say(`${id}, plain script: ${(ms / 1000).toFixed(1)} s`);
    };
    for (const step of count % 2 === 1 ? [ours, theirs] : [theirs, ours]) await step();
  }
  return runs;
}

export async function windrowRun(stack: TestStack, name: string, work: Work): Promise<WindrowRun> {
  const spec: JobSpec = {
    input: { kind: 'repeat', count: work.tasks },
    task: { commandLine: COMMAND_LINE, environment: environmentOf(work), timeout: 'PT5M' },
    pool: { vmSizes: [VM_SIZE], nodes: { max: work.nodes }, slotsPerNode: 1 },
  };
  const counters = `${stack.stack.batch.endpoint}/emulator/requests`;
  await stack.call('DELETE', counters);
  const began = performance.now();
  await stack.submit(name, spec);
  const job = await succeeded(stack, name, work.pollMs);
  const ms = since(began);
  if (job.counts.succeeded !== work.tasks) throw new Error(`${name}: ${JSON.stringify(job.counts)}`);
  const { body } = await stack.call<Record<string, number>>('GET', counters);
  await stack.expectNothingLeft(job);
  return { job, ms, requests: body };
}

async function plainRun(stack: TestStack, id: string, work: Work): Promise<number> {
  const client = plainClient(stack.stack.batch);
  const { tasks, nodes, pollMs } = work;
  const run = {
    id,
    tasks,
    nodes,
    pollMs,
    vmSize: VM_SIZE,
    commandLine: COMMAND_LINE,
    environment: environmentOf(work),
  };
  const began = performance.now();
  await runPlain(client, run);
  const ms = since(began);
  await cleanUpPlain(client, run);
  return ms;
}

export function workName({ name, tasks, nodes, taskSeconds }: Work): string {
  return `${name}: ${tasks} tasks of ${taskSeconds} s on ${nodes} nodes`;
}

/** Median against median, in seconds. */
export function comparison(work: Work, { windrow, plain }: Runs): Figure {
  return {
    name: workName(work),
    value: median(windrow.map(({ ms }) => ms)) / 1000,
    unit: 's',
    baseline: median(plain) / 1000,
  };
}

/** Each run's time, in seconds, so that a reader sees how far they lie apart. */
export function spread({ windrow, plain }: Runs): string {
  const list = (times: number[]) => times.map((ms) => (ms / 1000).toFixed(1)).join(', ');
  return `Windrow ${list(windrow.map(({ ms }) => ms))} s, plain script ${list(plain)} s`;
}

export function requestCount({ requests }: WindrowRun): number {
  return Object.values(requests).reduce((sum, count) => sum + count, 0);
}

export function requestsByOperation({ requests }: WindrowRun): string {
  return Object.entries(requests)
    .map(([operation, count]) => `${operation} ${count}`)
    .join(', ');
}
