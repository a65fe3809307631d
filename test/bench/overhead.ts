/** What Windrow adds to one task, on a cluster that is warm. */
import { performance } from 'node:perf_hooks';
import type { ClusterRow, JobRow, JobSpec } from '@windrow/contract';
import type { TestStack } from '../support/test-stack';
import type { Bench, Figure } from './bench';
import { activityNote } from './activity-note';
import { activityTimes, historyLength } from './history';
import type { ActivityTime } from './history';
import { phaseTimes, succeeded } from './job-runs';
import { median, quantile } from './statistics';
import { poll, since } from './timing';

const CLUSTER = 'warm';
const RUNS = 20;
/** The first jobs also pay for connections and compilation in every process. */
const WARM_UP_RUNS = 2;
const POLL_MS = 20;

const SPEC: JobSpec = {
  input: { kind: 'repeat', count: 1 },
  task: { commandLine: `/bin/sh -c 'mkdir out; cp items.jsonl out/'`, timeout: 'PT5M' },
  pool: { cluster: CLUSTER },
};

interface Run {
  job: JobRow;
  totalMs: number;
  taskMs: number;
  activities: ActivityTime[];
}

export const overhead: Bench = {
  name: 'overhead',
  run: ({ withStack, say }) =>
    withStack(async (stack) => {
      await makeCluster(stack);
      const runs: Run[] = [];
      for (let count = 0; count < WARM_UP_RUNS + RUNS; count++) {
        const run = await oneJob(stack, `one-${count}`);
        if (count >= WARM_UP_RUNS) runs.push(run);
        say(`job ${count + 1}: ${run.totalMs.toFixed(0)} ms, of which its task ${run.taskMs.toFixed(0)} ms`);
      }
      return {
        figures: [...figures(runs), await history(stack, runs)],
        notes: [
          `\`overhead\`: ${RUNS} jobs of one task, one after the other, after ${WARM_UP_RUNS} unmeasured; PUT sent to \`succeeded\` seen by GET every ${POLL_MS} ms, less the task's \`endTime - startTime\`. The phases are medians of the job's own timings and contain the task; releasing is the return of what the job held.`,
          activityNote(
            '`overhead`',
            runs.map(({ activities }) => activities),
          ),
        ],
      };
    }),
};

async function makeCluster(stack: TestStack): Promise<void> {
  const template = { vmSizes: ['standard_d2s_v3'], nodes: { min: 1, max: 1 }, slotsPerNode: 1 };
  const answer = await stack.call('PUT', `/v1/clusters/${CLUSTER}`, template);
  if (answer.status >= 300) throw new Error(`PUT cluster: ${answer.status} ${JSON.stringify(answer.body)}`);
  await poll('a usable node', 200, 120_000, async () => {
    const { body } = await stack.call<ClusterRow>('GET', `/v1/clusters/${CLUSTER}`);
    return body.nodes?.usable >= 1 ? true : undefined;
  });
}

async function oneJob(stack: TestStack, name: string): Promise<Run> {
  const began = performance.now();
  await stack.submit(name, SPEC);
  const job = await succeeded(stack, name, POLL_MS);
  const totalMs = since(began);
  const [entry] = await stack.ledger(job);
  if (!entry?.startTime || !entry.endTime) throw new Error(`The ledger of ${name} does not time its task.`);
  const taskMs = Date.parse(entry.endTime) - Date.parse(entry.startTime);
  return { job, totalMs, taskMs, activities: await activityTimes(stack, job) };
}

function figures(runs: Run[]): Figure[] {
  const overheads = runs.map(({ totalMs, taskMs }) => totalMs - taskMs);
  const phases = runs.map(({ job }) => phaseTimes(job));
  const ms = (name: string, value: number): Figure => ({ name: `overhead: ${name}`, value, unit: 'ms' });
  const names = [...new Set(phases.flatMap((times) => [...times.keys()]))];
  return [
    { ...ms('median', median(overheads)), aim: { of: 'figure', below: 1500 } },
    ms('90th percentile', quantile(overheads, 0.9)),
    ms('the task itself, median', median(runs.map(({ taskMs }) => taskMs))),
    ...names.map((name) => ms(name, median(phases.map((times) => times.get(name) ?? 0)))),
  ];
}

async function history(stack: TestStack, runs: Run[]): Promise<Figure> {
  const lengths = await Promise.all(runs.map(({ job }) => historyLength(stack, job)));
  return {
    name: 'overhead: history of the job workflow, longest',
    value: Math.max(...lengths),
    unit: 'events',
    aim: { of: 'figure', below: 200 },
  };
}
