/** A hundred thousand tasks against the plain script, and a million on two thousand nodes to the end. */
import type { TestStack } from '../support/test-stack';
import type { Bench, Figure } from './bench';
import { alternate, comparison, requestCount, requestsByOperation, spread, windrowRun, workName } from './fanout-work';
import type { WindrowRun, Work } from './fanout-work';
import { historyBytes, historyLength } from './history';
import { phasesText } from './job-runs';
import { peakBytes } from './peak-memory';

const RUNS = 3;
const NODES = 2000;
const HUNDRED_THOUSAND: Work = { name: 'scale', tasks: 100_000, nodes: NODES, taskSeconds: 1, pollMs: 1000 };
const MILLION: Work = { name: 'million', tasks: 1_000_000, nodes: NODES, taskSeconds: 1, pollMs: 2000 };
const MIB = 1024 * 1024;

export const scale: Bench = {
  name: 'scale',
  run: ({ withStack, say }) =>
    withStack(async (stack) => {
      const runs = await alternate(stack, HUNDRED_THOUSAND, RUNS, say);
      return {
        figures: [{ ...comparison(HUNDRED_THOUSAND, runs), aim: { of: 'ratio', below: 1.25 } }],
        notes: [`\`scale\`: medians of ${RUNS} alternating runs on one emulator; ${spread(runs)}.`],
      };
    }),
};

export const million: Bench = {
  name: 'million',
  run: ({ withStack, say }) =>
    withStack(async (stack) => {
      const run = await windrowRun(stack, MILLION.name, MILLION);
      say(`${(run.ms / 1000).toFixed(1)} s`);
      return {
        figures: [{ name: workName(MILLION), value: run.ms / 1000, unit: 's' }, ...(await costs(stack, run))],
        notes: [
          `\`million\`: one job of ${MILLION.tasks} simulated tasks; phases: ${phasesText(run.job)}. Requests to Azure Batch: ${requestsByOperation(run)}. The floor of the requests is 2 + N/100 additions + N/1000 listings + the counts made.`,
        ],
      };
    }),
};

async function costs(stack: TestStack, run: WindrowRun): Promise<Figure[]> {
  const { requests, job } = run;
  const counts = requests['JobGetTaskCounts'] ?? 0;
  return [
    {
      name: 'million: requests to Azure Batch, against the floor',
      value: requestCount(run),
      unit: 'requests',
      baseline: 2 + MILLION.tasks / 100 + MILLION.tasks / 1000 + counts,
      aim: { of: 'ratio', below: 1.2 },
    },
    {
      name: 'million: largest memory of the worker',
      value: peakBytes(stack.stack.processes['worker']!.pid) / MIB,
      unit: 'MiB',
      aim: { of: 'figure', below: 1024 },
    },
    {
      name: 'million: history of the job workflow',
      value: await historyLength(stack, job),
      unit: 'events',
      aim: { of: 'figure', below: 500 },
    },
    {
      name: 'million: size of that history',
      value: await historyBytes(stack, job),
      unit: 'bytes',
      aim: { of: 'figure', below: MIB },
    },
  ];
}
