import { LabJob } from './lab-job';
import {
  decision,
  dyingWhenCancelled,
  GATHERED,
  outcome,
  plan,
  queued,
  REDUCE,
  RETRY_RULE,
  TASKS,
  untilCancelled,
  wellBehaved,
} from './steps';
import { TemporalLab } from './temporal-lab';
import type { Call, Steps } from './temporal-lab';

let lab: TemporalLab;
beforeAll(async () => {
  lab = await TemporalLab.start();
});
afterAll(() => lab.stop());

/** Of them nothing may come before what it stands behind; what stands in one list goes side by side. */
const AFTER_WAVE = [
  ['stopBatchJobs'],
  ['recordRemaining'],
  ['releaseLease', 'deleteBatchJobs', 'settleStaged', 'gatherResults'],
];
const BEFORE_WAVE = [['releaseLease', 'settleStaged', 'gatherResults']];

const retried = (more: object = {}): Steps => ({
  ...wellBehaved(plan({ execution: { retryRules: [RETRY_RULE] } })),
  watchWave: () => outcome(TASKS - 1, 1),
  decideRetries: () => decision(1, { backoffMs: 600_000, ...more }),
});

/** `beside`: begins at the same time, and may come a moment later. */
const PHASES: { phase: string; at: Call['name']; beside?: Call['name']; steps: Steps; released: string[][] }[] = [
  { phase: 'the plan', at: 'planJob', steps: blocking(wellBehaved(), 'planJob'), released: [['settleStaged']] },
  {
    phase: 'the claim',
    at: 'acquireLease',
    steps: blocking(wellBehaved(), 'acquireLease'),
    released: BEFORE_WAVE,
  },
  {
    phase: 'the wait for a grant',
    at: 'renewLease',
    steps: { ...wellBehaved(), acquireLease: () => queued() },
    released: BEFORE_WAVE,
  },
  {
    phase: 'the submission',
    at: 'submitTasks',
    beside: 'watchWave',
    steps: blocking({ ...wellBehaved(), watchWave: untilCancelled }, 'submitTasks'),
    released: AFTER_WAVE,
  },
  {
    phase: 'the watch',
    at: 'watchWave',
    beside: 'submitTasks',
    steps: blocking(wellBehaved(), 'watchWave'),
    released: AFTER_WAVE,
  },
  {
    phase: 'the choice of what to retry',
    at: 'decideRetries',
    steps: blocking(retried(), 'decideRetries'),
    released: AFTER_WAVE,
  },
  {
    phase: 'the plan of a reduction',
    at: 'planReduce',
    steps: blocking(wellBehaved(plan({ gather: REDUCE })), 'planReduce'),
    released: AFTER_WAVE,
  },
  {
    phase: 'the gather',
    at: 'gatherResults',
    steps: {
      ...wellBehaved(),
      gatherResults: ({ outcome: end }) => (end === 'succeeded' ? untilCancelled() : GATHERED),
    },
    released: AFTER_WAVE,
  },
];

function blocking(steps: Steps, name: Call['name']): Steps {
  return { ...steps, [name]: untilCancelled };
}

it.each(PHASES)(
  'a job cancelled in $phase begins nothing more and gives back in order',
  async ({ at, beside, steps, released }) => {
    const job = await LabJob.start(lab, steps);
    await job.reached(at);
    if (beside !== undefined) await job.reached(beside);
    const before = job.steps.length;
    await job.handle.cancel();
    expect(await job.end()).toBe('cancelled');
    expectOrder(job.steps.slice(before), released);
    expect(job.row).toMatchObject({ state: 'cancelled', error: { code: 'Cancelled' } });
    expect(job.calls.at(-1)!.name).toBe('putJobRow');
  },
);

it.each(['planJob', 'acquireLease', 'submitTasks', 'decideRetries', 'planReduce'] as const)(
  'a job cancelled in %s, whose worker dies before that has ended, is cancelled and not failed',
  async (name) => {
    const reducing = plan({ gather: REDUCE, execution: { retryRules: [RETRY_RULE] } });
    const steps: Steps = {
      ...wellBehaved(reducing),
      ...(name === 'submitTasks' && { watchWave: untilCancelled }),
      ...(name === 'decideRetries' && { watchWave: () => outcome(TASKS - 1, 1) }),
    };
    const job = await LabJob.start(lab, { ...steps, [name]: dyingWhenCancelled });
    await job.reached(name);
    await job.handle.cancel();
    expect(await job.end()).toBe('cancelled');
    expect(job.row).toMatchObject({ state: 'cancelled', error: { code: 'Cancelled' } });
  },
);

it('a job cancelled in its back-off does not begin the next wave', async () => {
  const job = await LabJob.start(lab, retried());
  await job.shows('the back-off', ({ state }) => state === 'retrying');
  await job.reached('acquireLease', 2);
  const before = job.steps.length;
  await job.handle.cancel();
  expect(await job.end()).toBe('cancelled');
  expectOrder(job.steps.slice(before), AFTER_WAVE);
  expect(job.callsOf('submitTasks')).toHaveLength(1);
});

it('a job cancelled while it is paused ends, and is not resumed for it', async () => {
  const steps: Steps = { ...wellBehaved(), watchWave: ({ stop }) => (stop ? outcome(1, 0, 'idle') : untilCancelled()) };
  const job = await LabJob.start(lab, steps);
  await job.reached('watchWave');
  await job.pause();
  await job.reached('releaseLease');
  const before = job.steps.length;
  await job.handle.cancel();
  expect(await job.end()).toBe('cancelled');
  expectOrder(job.steps.slice(before), AFTER_WAVE);
  expect(job.row.state).toBe('cancelled');
});

it('a job cancelled twice, the second time in its release, is released once', async () => {
  let release: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => (release = resolve));
  const steps: Steps = { ...blocking(wellBehaved(), 'watchWave'), stopBatchJobs: () => slow };
  const job = await LabJob.start(lab, steps);
  await job.reached('watchWave');
  await job.handle.cancel();
  await job.reached('stopBatchJobs');
  await job.handle.cancel();
  release();
  expect(await job.end()).toBe('cancelled');
  for (const step of AFTER_WAVE.flat()) expect(job.steps.filter((name) => name === step)).toEqual([step]);
});

it('a job refuses to be paused or changed once it is on its way out', async () => {
  let release: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => (release = resolve));
  const job = await LabJob.start(lab, { ...wellBehaved(), releaseLease: async () => (await slow, {}) });
  await job.reached('releaseLease');
  await expect(job.pause()).rejects.toMatchObject({ cause: { type: 'JobNotActive' } });
  await expect(job.change({ priority: 'high' })).rejects.toMatchObject({ cause: { type: 'JobNotActive' } });
  release();
  expect(await job.end()).toBe('succeeded');
});

/** All of `groups`, once each, and nothing else; each group after all of the one before. */
function expectOrder(steps: string[], groups: string[][]): void {
  expect([...steps].sort()).toEqual(groups.flat().sort());
  expect(groups.flatMap((group) => steps.filter((step) => group.includes(step)))).toEqual(steps);
}
