import { ApplicationFailure } from '@temporalio/common';
import { FailureType, TERMINAL_FAILURES } from '@windrow/contract';
import { LabJob } from './lab-job';
import {
  decision,
  failing,
  firstFailing,
  outcome,
  plan,
  REDUCE,
  RETRY_RULE,
  TASKS,
  untilCancelled,
  wellBehaved,
} from './steps';
import { TemporalLab } from './temporal-lab';
import type { Steps } from './temporal-lab';

let lab: TemporalLab;
beforeAll(async () => {
  lab = await TemporalLab.start();
});
afterAll(() => lab.stop());

const retrying: Steps = {
  ...wellBehaved(plan({ execution: { retryRules: [RETRY_RULE] } })),
  watchWave: ({ tasks, attempt }) => (attempt === 1 ? outcome(TASKS - 1, 1) : outcome(tasks)),
  decideRetries: ({ attempt }) => decision(attempt === 1 ? 1 : 0),
};
const nothing = () => undefined;
const reducing = wellBehaved(plan({ gather: REDUCE }));

/** What is given back after a wave had begun. */
const AFTER_WAVE = ['stopBatchJobs', 'recordRemaining', 'deleteBatchJobs', 'releaseLease', 'settleStaged'];

const PHASES: [keyof Steps, Steps, string[]][] = [
  ['planJob', wellBehaved(), ['settleStaged']],
  ['acquireLease', wellBehaved(), ['releaseLease', 'settleStaged', 'gatherResults']],
  ['submitTasks', wellBehaved(), [...AFTER_WAVE, 'gatherResults']],
  ['watchWave', wellBehaved(), [...AFTER_WAVE, 'gatherResults']],
  ['decideRetries', retrying, [...AFTER_WAVE, 'gatherResults']],
  ['planReduce', reducing, [...AFTER_WAVE, 'gatherResults']],
  ['gatherResults', wellBehaved(), AFTER_WAVE],
];

describe.each(PHASES)('a job whose %s fails', (phase, steps, released) => {
  // A watch of tasks that were never added would go on for ever.
  const endless = phase === 'submitTasks' ? { watchWave: untilCancelled } : {};

  it('for good ends as failed with that type, gives back what it held and writes its row', async () => {
    const jobs = await Promise.all(
      TERMINAL_FAILURES.map(async (type) => ({
        type,
        job: await LabJob.start(lab, { ...steps, ...endless, [phase]: failing(type) }),
      })),
    );
    for (const { type, job } of jobs) {
      expect(await job.end()).toBe(type);
      expect(job.row).toMatchObject({ state: 'failed', error: { code: type, message: `it is ${type}` } });
      expect(job.row.endTime).toBeDefined();
      expect(job.callsOf(phase)[0]!.attempt).toBe(1);
      expect(job.steps).toEqual(expect.arrayContaining(released));
      expect(job.calls.at(-1)!.name).toBe('putJobRow');
    }
  });

  it.each([FailureType.unavailable, FailureType.capacity])('with %s is tried again, and succeeds', async (type) => {
    const job = await LabJob.start(lab, { ...steps, [phase]: firstFailing(1, type, steps[phase] ?? nothing) });
    expect(await job.end()).toBe('succeeded');
    expect(job.row).toMatchObject({ state: 'succeeded' });
    expect(job.row.error).toBeUndefined();
    expect(Math.max(...job.callsOf(phase).map(({ attempt }) => attempt))).toBe(2);
  });
});

it('shows the code and place of what is wrong in the specification, not the type of the failure', async () => {
  const detail = { code: 'TaskRefused', path: '$.task', batch: { code: 'InvalidPropertyValue', message: 'no' } };
  const job = await LabJob.start(lab, {
    ...wellBehaved(),
    planJob: () => {
      throw ApplicationFailure.nonRetryable('a task is refused', FailureType.invalidJob, detail);
    },
  });
  expect(await job.end()).toBe('TaskRefused');
  expect(job.row.error).toEqual({ message: 'a task is refused', ...detail });
});

describe('a redrive that left tasks out', () => {
  it('counts them where more failures than are tolerated end it early', async () => {
    const before = plan({ execution: { autoRedrive: { max: 1, delay: 'PT1S' } } });
    const now = plan({ execution: { toleratedFailures: { count: 2 } } });
    const choice = { wave: 2, tasks: 1, blob: 'list', succeeded: 1, failed: 0, skipped: 2 };
    const job = await LabJob.start(lab, {
      ...wellBehaved(before),
      countRedrivable: () => 1,
      planRedrive: () => ({ plan: now, choice }),
      watchWave: ({ attempt }) => (attempt === 1 ? outcome(1, 1) : outcome(0, 1, 'exceeded')),
    });
    expect(await job.end()).toBe(FailureType.toleranceExceeded);
    expect(job.row.error!.message).toContain(
      '1 of 4 tasks failed, and 2 never ran and were not redriven; the job tolerates 2.',
    );
  });
});

describe('a redrive that cannot begin', () => {
  it.each([FailureType.nothingToRedrive, FailureType.invalidJob])('for %s leaves the job as it was', async (type) => {
    const counts = { total: 4, pending: 0, active: 0, running: 0, succeeded: 3, failed: 1 };
    const redrive = { number: 1, automatic: 0, before: { counts }, ended: { state: 'succeeded' as const } };
    const job = await LabJob.start(lab, { ...wellBehaved(), planRedrive: failing(type) }, redrive);
    expect(await job.end()).toBe(type);
    expect(job.row).toMatchObject({ state: 'succeeded', redrives: 1, redriveRefused: { code: type } });
    expect(job.row.error).toBeUndefined();
    expect(job.callsOf('gatherResults').map(({ input }) => input as object)).toMatchObject([{ outcome: 'succeeded' }]);
  });
});

describe('release', () => {
  const STEPS = ['stopBatchJobs', 'recordRemaining', 'releaseLease', 'deleteBatchJobs', 'settleStaged'] as const;

  it.each(STEPS)('goes on when %s fails for good, and writes the last row', async (step) => {
    const broken = { ...wellBehaved(), watchWave: failing(FailureType.notFound), [step]: failing(FailureType.refused) };
    const job = await LabJob.start(lab, broken);
    expect(await job.end()).toBe(FailureType.notFound);
    expect(job.steps).toEqual(expect.arrayContaining([...STEPS, 'gatherResults']));
    expect(job.row).toMatchObject({ state: 'failed', phase: 'failed', error: { code: FailureType.notFound } });
  });

  it('of a job that succeeded leaves it so, whatever fails', async () => {
    const all = Object.fromEntries(STEPS.map((step) => [step, failing(FailureType.refused)]));
    const job = await LabJob.start(lab, { ...wellBehaved(), ...all });
    expect(await job.end()).toBe('succeeded');
    expect(job.steps).toEqual(expect.arrayContaining(['releaseLease', 'deleteBatchJobs', 'settleStaged']));
    expect(job.row).toMatchObject({ state: 'succeeded', counts: { succeeded: TASKS } });
  });

  it('tries the last row again until it lands', async () => {
    let left = 1;
    const steps: Steps = {
      ...wellBehaved(),
      putJobRow: ({ state }) => (state === 'succeeded' && left-- > 0 ? failing(FailureType.unavailable)() : undefined),
    };
    const job = await LabJob.start(lab, steps);
    expect(await job.end()).toBe('succeeded');
    expect(job.calls.at(-1)).toMatchObject({ name: 'putJobRow', attempt: 2, input: { state: 'succeeded' } });
  });

  it('deletes no Batch jobs that are to be kept', async () => {
    const kept = plan({ cleanup: { batchJob: 'keep', pool: 'delete', staged: 'delete', retention: 'P30D' } });
    const job = await LabJob.start(lab, wellBehaved(kept));
    expect(await job.end()).toBe('succeeded');
    expect(job.steps).toContain('releaseLease');
    expect(job.steps).not.toContain('deleteBatchJobs');
    expect(job.callsOf('settleStaged')).toHaveLength(1);
  });

  it('ends without the row of a phase that could not be written', async () => {
    const steps: Steps = {
      ...wellBehaved(),
      putJobRow: ({ state }) => (state === 'succeeded' ? undefined : failing(FailureType.refused)()),
    };
    const job = await LabJob.start(lab, steps);
    expect(await job.end()).toBe('succeeded');
    expect(job.row.state).toBe('succeeded');
  });
});
