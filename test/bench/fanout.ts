/** Ten thousand tasks through Windrow, against a plain script that adds them and waits. */
import { performance } from 'node:perf_hooks';
import type { JobRow, JobSpec } from '@windrow/contract';
import type { TestStack } from '../support/test-stack';
import type { Bench } from './bench';
import { historyLength } from './history';
import { phaseTimes, succeeded } from './job-runs';
import { cleanUpPlain, plainClient, runPlain } from './plain-script';
import type { PlainRun } from './plain-script';
import { median } from './statistics';
import { since } from './timing';

const RUNS = 3;
/** As often as the plain script polls: neither side sees the end sooner than the other. */
const POLL_MS = 1000;

const WORK = {
  vmSize: 'simulated_d2s_v3',
  nodes: 200,
  tasks: 10_000,
  commandLine: 'simulated',
  environment: { SIMULATED_DURATION: '0.5' },
};

const SPEC: JobSpec = {
  input: { kind: 'repeat', count: WORK.tasks },
  task: { commandLine: WORK.commandLine, environment: WORK.environment, timeout: 'PT5M' },
  pool: { vmSizes: [WORK.vmSize], nodes: { max: WORK.nodes }, slotsPerNode: 1 },
};

interface WindrowRun {
  job: JobRow;
  ms: number;
  requests: Record<string, number>;
}

export const fanout: Bench = {
  name: 'fanout',
  run: ({ withStack, say }) =>
    withStack(async (stack) => {
      const windrow: WindrowRun[] = [];
      const plain: number[] = [];
      for (let count = 1; count <= RUNS; count++) {
        const ours = async () => {
          windrow.push(await windrowRun(stack, `fanout-${count}`));
          say(`run ${count}, Windrow: ${((windrow.at(-1)?.ms ?? 0) / 1000).toFixed(1)} s`);
        };
        const theirs = async () => {
          plain.push(await plainRun(stack, `plain-${count}`));
          say(`run ${count}, plain script: ${((plain.at(-1) ?? 0) / 1000).toFixed(1)} s`);
        };
        // Whoever goes first finds the emulator colder: the order alternates.
        for (const step of count % 2 === 1 ? [ours, theirs] : [theirs, ours]) await step();
      }
      return report(stack, windrow, plain);
    }),
};

async function windrowRun(stack: TestStack, name: string): Promise<WindrowRun> {
  const counters = `${stack.stack.batch.endpoint}/emulator/requests`;
  await stack.call('DELETE', counters);
  const began = performance.now();
  await stack.submit(name, SPEC);
  const job = await succeeded(stack, name, POLL_MS);
  const ms = since(began);
  if (job.counts.succeeded !== WORK.tasks) throw new Error(`${name}: ${JSON.stringify(job.counts)}`);
  const { body } = await stack.call<Record<string, number>>('GET', counters);
  await stack.expectNothingLeft(job);
  return { job, ms, requests: body };
}

async function plainRun(stack: TestStack, id: string): Promise<number> {
  const client = plainClient(stack.stack.batch);
  const run: PlainRun = { id, ...WORK };
  const began = performance.now();
  await runPlain(client, run);
  const ms = since(began);
  await cleanUpPlain(client, run);
  return ms;
}

async function report(stack: TestStack, windrow: WindrowRun[], plain: number[]) {
  const lengths = await Promise.all(windrow.map(({ job }) => historyLength(stack, job)));
  const phases = windrow.map(({ job }) => phaseTimes(job));
  const requests = windrow.map((run) => Object.values(run.requests).reduce((sum, count) => sum + count, 0));
  const ideal = (WORK.tasks / WORK.nodes) * Number(WORK.environment.SIMULATED_DURATION);
  const seconds = (ms: number) => (ms / 1000).toFixed(1);
  return {
    figures: [
      {
        name: `fanout: ${WORK.tasks} tasks on ${WORK.nodes} nodes, median`,
        value: median(windrow.map(({ ms }) => ms)) / 1000,
        unit: 's',
        baseline: median(plain) / 1000,
        aim: { of: 'ratio', below: 1.5 },
      } as const,
      ...[...(phases[0]?.keys() ?? [])].map((phase) => ({
        name: `fanout: ${phase}`,
        value: median(phases.map((times) => times.get(phase) ?? 0)) / 1000,
        unit: 's' as const,
      })),
      { name: 'fanout: requests to Azure Batch, median', value: median(requests), unit: 'requests' as const },
      {
        name: 'fanout: history of the job workflow, longest',
        value: Math.max(...lengths),
        unit: 'events' as const,
        aim: { of: 'figure', below: 200 } as const,
      },
    ],
    notes: [
      `\`fanout\`: ${RUNS} alternating runs on one emulator; Windrow ${windrow.map(({ ms }) => seconds(ms)).join(', ')} s, plain script ${plain.map(seconds).join(', ')} s; the tasks alone take ${ideal} s. Both times include the creation of the pool and the wait for its nodes, and both sides poll once a second. Windrow's time also includes planning, the ledger, the result manifest and the deletion of pool and Batch job; the script's clean-up is not counted. The script is \`@azure/batch\` 10.2.0, unmodified.`,
      `\`fanout\`, requests of Windrow's last run: ${Object.entries(windrow.at(-1)?.requests ?? {})
        .map(([operation, count]) => `${operation} ${count}`)
        .join(', ')}.`,
    ],
  };
}
