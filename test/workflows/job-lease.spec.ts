import { FailureType } from '@windrow/contract';
import { waitFor } from '../support';
import { LabJob } from './lab-job';
import {
  decision,
  failing,
  granted,
  outcome,
  plan,
  queued,
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

const watching = (more: Steps = {}): Steps => ({ ...wellBehaved(), watchWave: untilCancelled, ...more });

describe('a grant', () => {
  it('that comes late is waited for, with the reason shown, and sets the parallelism', async () => {
    const job = await LabJob.start(lab, { ...wellBehaved(), acquireLease: () => queued(3) });
    await job.shows('why it waits', ({ waiting }) => waiting?.code === 'ClusterFull');
    expect(job.row.waiting!.message).toContain('number 3 in its queue');
    expect(job.callsOf('submitTasks')).toEqual([]);
    await job.grant(granted(2, 5));
    expect(await job.end()).toBe('succeeded');
    expect(job.callsOf('submitTasks')[0]!.input).toMatchObject({ poolId: 'pool', limits: { maxParallelTasks: 2 } });
    expect(job.row.waiting).toBeUndefined();
  });

  it('that overtakes the answer to its claim is the one that counts', async () => {
    const steps: Steps = watching();
    let answer: (value: object) => void = () => undefined;
    steps.acquireLease = () => new Promise((resolve) => (answer = resolve));
    const job = await LabJob.start(lab, steps);
    await job.reached('acquireLease');
    await job.grant(granted(1, 9));
    answer(granted(TASKS, 3));
    expect((await job.reached('submitTasks')).input.limits.maxParallelTasks).toBe(1);
    await job.handle.cancel();
    await job.end();
  });

  it('that is lowered in the middle of a wave lowers the Batch job, and slots are given back under its number', async () => {
    const job = await LabJob.start(lab, watching());
    await job.reached('watchWave');
    await job.grant(granted(2, 7));
    expect((await job.reached('steerBatchJob')).input.limits.maxParallelTasks).toBe(2);
    expect((await job.reached('giveBackSlots')).input).toMatchObject({ slots: 2, grant: 7 });
    await job.handle.cancel();
    expect(await job.end()).toBe('cancelled');
  });

  it('that is older than the one in force changes nothing', async () => {
    const job = await LabJob.start(lab, watching());
    await job.reached('watchWave');
    await job.grant(granted(3, 7));
    await job.reached('giveBackSlots');
    await job.grant(granted(1, 6));
    await job.grant(granted(2, 8));
    await waitFor('the newest grant', () => job.callsOf('giveBackSlots').at(-1)!.input.grant === 8);
    expect(job.callsOf('steerBatchJob').map(({ input }) => input.limits.maxParallelTasks)).toEqual([3, 2]);
    await job.handle.cancel();
    await job.end();
  });

  it('that is raised again is passed on, and nothing is owed any more', async () => {
    const gave: number[] = [];
    const job = await LabJob.start(lab, watching({ giveBackSlots: ({ grant }) => gave.push(grant) }));
    await job.reached('watchWave');
    await job.grant(granted(2, 7));
    await waitFor('slots to be given back', () => gave.includes(7));
    await job.grant(granted(4, 8));
    await waitFor('the raise', () => job.callsOf('steerBatchJob').at(-1)!.input.limits.maxParallelTasks === 4);
    expect(gave).toEqual([7]);
    await job.handle.cancel();
    await job.end();
  });

  it('that is lost because the cluster refuses to renew it fails the job', async () => {
    let lose: () => void = () => undefined;
    const lost = new Promise<void>((resolve) => (lose = resolve));
    const renewLease = async () => {
      await Promise.race([lost, untilCancelled()]);
      failing(FailureType.clusterRefused, 'the cluster is gone')();
    };
    const job = await LabJob.start(lab, watching({ renewLease }));
    await job.reached('watchWave');
    await job.reached('renewLease');
    lose();
    expect(await job.end()).toBe(FailureType.clusterRefused);
    expect(job.row.error!.message).toBe('the cluster is gone');
    expect(job.steps).toEqual(expect.arrayContaining(['stopBatchJobs', 'recordRemaining', 'releaseLease']));
  });

  it('that crossed the release is given back before the job goes on with an automatic redrive', async () => {
    const redriven = plan({ execution: { autoRedrive: { max: 1, delay: 'PT1S' } } });
    const choice = { wave: 2, tasks: 1, blob: 'list', succeeded: 3, failed: 0, skipped: 0 };
    let renews: () => void = () => undefined;
    const renewing = new Promise<void>((resolve) => (renews = resolve));
    const job = await LabJob.start(lab, {
      ...wellBehaved(redriven),
      planRedrive: () => ({ plan: redriven, choice }),
      countRedrivable: () => 1,
      renewLease: () => {
        renews();
        return untilCancelled().catch(() => ({ claimed: true }));
      },
      // Not before the renewal has begun.
      watchWave: async ({ attempt }) => {
        await renewing;
        return attempt === 1 ? outcome(3, 1) : outcome(1);
      },
    });
    await job.reached('planRedrive');
    const released = job.steps.filter((step) => step === 'releaseLease' || step === 'planRedrive');
    expect(released).toEqual(['releaseLease', 'releaseLease', 'planRedrive']);
    expect(await job.end()).toBe('succeeded');
  });

  it('too small for the tasks of a retry is given back and queued for anew', async () => {
    let claims = 0;
    const job = await LabJob.start(lab, {
      ...wellBehaved(plan({ execution: { retryRules: [RETRY_RULE] } })),
      acquireLease: () => (++claims === 2 ? granted(1, 2) : granted(TASKS, claims)),
      watchWave: ({ attempt }) => (attempt === 1 ? outcome(3, 1) : outcome(1)),
      decideRetries: ({ attempt }) => decision(attempt === 1 ? 1 : 0, { slots: 3 }),
    });
    expect(await job.end()).toBe('succeeded');
    expect(job.callsOf('acquireLease').map(({ input }) => input.request.minSlots)).toEqual([1, 3, 3]);
    expect(job.callsOf('releaseLease')).toHaveLength(2);
  });
});

describe('a cluster that breaks', () => {
  const broken = { code: 'NodesUnusable', message: 'the start task failed: no such file' };

  it('ends a job that waits in its queue, in the words of the node', async () => {
    const job = await LabJob.start(lab, { ...wellBehaved(), acquireLease: () => queued() });
    await job.reached('renewLease');
    await job.clusterSays({ broken });
    expect(await job.end()).toBe(FailureType.poolBroken);
    expect(job.row).toMatchObject({ state: 'failed', error: { code: 'PoolBroken', message: broken.message } });
    expect(job.callsOf('submitTasks')).toEqual([]);
    expect(job.steps).toContain('releaseLease');
  });

  it('ends a job whose tasks wait for nodes, which are then stopped', async () => {
    const job = await LabJob.start(lab, watching());
    await job.reached('watchWave');
    await job.clusterSays({ broken });
    expect(await job.end()).toBe(FailureType.poolBroken);
    expect(job.steps).toContain('stopBatchJobs');
  });

  it('says why it waits, until a step of the job has a nearer reason', async () => {
    const job = await LabJob.start(lab, watching());
    await job.reached('watchWave');
    const since = new Date().toISOString();
    await job.clusterSays({ waiting: { code: 'AllocationFailed', message: 'no nodes', since } });
    await job.shows('the reason of the cluster', ({ waiting }) => waiting?.code === 'AllocationFailed');
    await job.handle.signal('waiting', { code: 'ActiveJobAndScheduleQuotaReached', message: 'quota', since });
    await job.shows('the nearer reason', ({ waiting }) => waiting?.code === 'ActiveJobAndScheduleQuotaReached');
    await job.handle.signal('waiting');
    await job.shows('the reason of the cluster again', ({ waiting }) => waiting?.code === 'AllocationFailed');
    await job.handle.cancel();
    await job.end();
  });
});
