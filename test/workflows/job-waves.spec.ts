import { FailureType } from '@windrow/contract';
import { LabJob } from './lab-job';
import { decision, granted, outcome, plan, REDUCE, RETRY_RULE, untilCancelled, wellBehaved } from './steps';
import { TemporalLab } from './temporal-lab';
import type { Steps } from './temporal-lab';

let lab: TemporalLab;
beforeAll(async () => {
  lab = await TemporalLab.start();
});
afterAll(() => lab.stop());

const rules = (toleratedFailures: object = {}) => plan({ execution: { retryRules: [RETRY_RULE], toleratedFailures } });

describe('retry waves', () => {
  it('run what a rule wants tried again, each with fewer tasks, until nothing is left', async () => {
    const job = await LabJob.start(lab, {
      ...wellBehaved(rules()),
      watchWave: ({ attempt }) => [outcome(1, 3), outcome(2, 1), outcome(1)][attempt - 1],
      decideRetries: ({ attempt }) => decision([3, 1][attempt - 1] ?? 0, { blob: `list-${attempt + 1}` }),
    });
    expect(await job.end()).toBe('succeeded');
    expect(job.callsOf('submitTasks').map(({ input }) => [input.wave, input.attempt, input.source])).toEqual([
      ['1', 1, { kind: 'plan', stage: 'tasks', from: 0, to: 4 }],
      ['2', 2, { kind: 'list', stage: 'tasks', blob: 'list-2', from: 0, to: 3 }],
      ['3', 3, { kind: 'list', stage: 'tasks', blob: 'list-3', from: 0, to: 1 }],
    ]);
    // With the last task done there is nothing to decide.
    expect(job.callsOf('decideRetries')).toHaveLength(2);
    expect(job.callsOf('acquireLease').map(({ input }) => input.request.slots)).toEqual([4, 3, 1]);
    expect(job.row).toMatchObject({ state: 'succeeded', counts: { succeeded: 4, failed: 0 }, nodeSeconds: 3 });
    expect(job.callsOf('deleteBatchJobs')[0]!.input.waves).toEqual(['1', '2', '3']);
  });

  it('are not begun when too many have failed for good already', async () => {
    const job = await LabJob.start(lab, {
      ...wellBehaved(rules({ count: 1 })),
      watchWave: () => outcome(1, 3, 'complete', 2),
      decideRetries: () => decision(1, { failed: 2 }),
    });
    expect(await job.end()).toBe(FailureType.toleranceExceeded);
    expect(job.row.error!.message).toContain('2 of 4 tasks failed; the job tolerates 1.');
    expect(job.callsOf('submitTasks')).toHaveLength(1);
  });

  it('are told what is still tolerated after the waves before', async () => {
    const job = await LabJob.start(lab, {
      ...wellBehaved(rules({ count: 2 })),
      watchWave: ({ attempt }) => (attempt === 1 ? outcome(2, 2, 'complete', 1) : outcome(1)),
      decideRetries: ({ attempt }) => decision(attempt === 1 ? 1 : 0, { failed: 1 }),
    });
    expect(await job.end()).toBe('succeeded');
    expect(job.callsOf('watchWave').map(({ input }) => input.tolerated)).toEqual([2, 1]);
    expect(job.row.counts).toMatchObject({ succeeded: 3, failed: 1 });
  });
});

describe('the tolerance', () => {
  it('passed in the middle of a wave ends the job, which stops what runs', async () => {
    const job = await LabJob.start(lab, { ...wellBehaved(), watchWave: () => outcome(1, 1, 'exceeded') });
    expect(await job.end()).toBe(FailureType.toleranceExceeded);
    expect(job.row.error!.message).toContain('The job was stopped there');
    expect(job.steps).toContain('stopBatchJobs');
  });

  it('that holds the failures lets the job succeed with them', async () => {
    const tolerant = plan({ execution: { toleratedFailures: { percent: 25 } } });
    const job = await LabJob.start(lab, { ...wellBehaved(tolerant), watchWave: () => outcome(3, 1) });
    expect(await job.end()).toBe('succeeded');
    expect(job.row.counts).toMatchObject({ succeeded: 3, failed: 1 });
  });

  it('raised in the middle of a wave holds at once: the watch begins anew with it', async () => {
    const steps: Steps = {
      ...wellBehaved(),
      watchWave: ({ tolerated }) => (tolerated === 0 ? untilCancelled() : outcome(3, 1)),
    };
    const job = await LabJob.start(lab, steps);
    await job.reached('watchWave');
    await job.change({ toleratedFailures: { count: 1 } });
    expect(await job.end()).toBe('succeeded');
    expect(job.callsOf('watchWave').map(({ input }) => input.tolerated)).toEqual([0, 1]);
  });
});

describe('dependencies', () => {
  const dependent = (toleratedFailures: object) => plan({ dependencies: true, execution: { toleratedFailures } });
  const steps = (count: number): Steps => ({
    ...wellBehaved(dependent({ count })),
    watchWave: () => outcome(1, 1, 'blocked'),
    decideRetries: () => decision(0, { failed: 1, blocked: 2 }),
  });

  it('on failed tasks end the wave, whose Batch job must not wait for ever, and count as losses', async () => {
    const job = await LabJob.start(lab, steps(2));
    expect(await job.end()).toBe(FailureType.toleranceExceeded);
    expect(job.row.error!.message).toContain('2 could not run because they depend on failed ones');
    expect(job.callsOf('stopBatchJobs')[0]!.input.waves).toEqual(['1']);
  });

  it('that are tolerated leave their tasks pending in a job that succeeds', async () => {
    const job = await LabJob.start(lab, steps(3));
    expect(await job.end()).toBe('succeeded');
    expect(job.row.counts).toMatchObject({ succeeded: 1, failed: 1, pending: 2 });
  });

  it('run in the wave in which what they wait for is tried again', async () => {
    const job = await LabJob.start(lab, {
      ...steps(0),
      watchWave: ({ attempt }) => (attempt === 1 ? outcome(1, 1, 'blocked') : outcome(3)),
      decideRetries: () => decision(3),
    });
    expect(await job.end()).toBe('succeeded');
    expect(job.callsOf('submitTasks').map(({ input }) => input.source.to)).toEqual([4, 3]);
  });
});

describe('time limits', () => {
  const backingOff = (execution: object): Steps => ({
    ...wellBehaved(plan({ execution: { retryRules: [RETRY_RULE], ...execution } })),
    watchWave: () => outcome(3, 1),
    decideRetries: () => decision(1, { backoffMs: 600_000 }),
  });

  it('pass in a back-off', async () => {
    const job = await LabJob.start(lab, backingOff({ timeout: 'PT1S' }));
    expect(await job.end()).toBe(FailureType.jobTimeout);
    expect(job.row.error!.message).toBe('The job did not end within execution.timeout (PT1S).');
    expect(job.callsOf('submitTasks')).toHaveLength(1);
  });

  it('are the deadline’s, when that is sooner', async () => {
    const deadline = new Date(Date.now() + 2000).toISOString();
    const job = await LabJob.start(lab, backingOff({ deadline }));
    expect(await job.end()).toBe(FailureType.jobTimeout);
    expect(job.row.error!.message).toContain(`before execution.deadline (${deadline})`);
  });

  it('may be moved in a back-off', async () => {
    const job = await LabJob.start(lab, backingOff({ timeout: 'P1D' }));
    await job.reached('acquireLease', 2);
    await job.change({ timeout: 'PT1S' });
    expect(await job.end()).toBe(FailureType.jobTimeout);
  });
});

describe('a reduction', () => {
  it('goes on level by level until one task is left', async () => {
    const job = await LabJob.start(lab, {
      ...wellBehaved(plan({ gather: REDUCE })),
      planReduce: ({ level }) => ({ tasks: [3, 1][level - 1]! }),
    });
    expect(await job.end()).toBe('succeeded');
    expect(job.callsOf('submitTasks').map(({ input }) => [input.wave, input.source.to])).toEqual([
      ['1', 4],
      ['r1', 3],
      ['r2', 1],
    ]);
  });

  it('that fails fails the job, with the first cause', async () => {
    const job = await LabJob.start(lab, {
      ...wellBehaved(plan({ gather: REDUCE })),
      watchWave: ({ wave, tasks }) => (wave === 'r1' ? outcome(0, 1) : outcome(tasks)),
    });
    expect(await job.end()).toBe(FailureType.gatherFailed);
    expect(job.row.error!.message).toBe('1 of 1 reduce tasks of level 1 failed. The first: exit code 1');
  });
});

it('a job without tasks claims nothing, and writes its manifest', async () => {
  const job = await LabJob.start(lab, wellBehaved(plan({ tasks: 0, items: 0 })));
  expect(await job.end()).toBe('succeeded');
  expect(job.steps).toEqual(['planJob', 'gatherResults', 'settleStaged']);
});

it('a job of a million tasks with a retry wave has less than 500 events of history', async () => {
  const million = 1_000_000;
  const job = await LabJob.start(lab, {
    ...wellBehaved(plan({ tasks: million, items: million, execution: { retryRules: [RETRY_RULE] } })),
    acquireLease: () => granted(1000),
    watchWave: ({ attempt, tasks }) => (attempt === 1 ? outcome(900_000, 100_000) : outcome(tasks)),
    decideRetries: () => decision(100_000),
  });
  expect(await job.end()).toBe('succeeded');
  const submitted = job.callsOf('submitTasks').filter(({ input }) => input.wave === '1');
  expect(submitted).toHaveLength(20);
  expect(submitted.every(({ input }) => input.source.to - input.source.from === 50_000 && !input.seal)).toBe(true);
  expect((await job.handle.describe()).historyLength).toBeLessThan(500);
});
