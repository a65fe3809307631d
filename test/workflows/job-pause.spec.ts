import { FailureType } from '@windrow/contract';
import { waitFor } from '../support';
import { LabJob } from './lab-job';
import {
  decision,
  dyingWhenCancelled,
  failing,
  granted,
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
import type { Steps } from './temporal-lab';

let lab: TemporalLab;
beforeAll(async () => {
  lab = await TemporalLab.start();
});
afterAll(() => lab.stop());

/** A step that ends when the test says so. */
function gate<T>(answer: T): { step: () => Promise<T>; open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { step: async () => (await Promise.race([opened, untilCancelled()]), answer), open };
}

/** The Batch job runs nothing any more as soon as the watch is told that it is to stop; else until `end` opens. */
const stoppable = (end: ReturnType<typeof gate> = gate(undefined)): Steps => ({
  ...wellBehaved(),
  watchWave: async ({ stop, tasks }) => (stop ? outcome(1, 0, 'idle') : (await end.step(), outcome(tasks))),
});

describe('a pause', () => {
  it('while the plan is made lets it be made, and claims nothing until the job is resumed', async () => {
    const planning = gate(plan());
    const job = await LabJob.start(lab, { ...wellBehaved(), planJob: planning.step });
    await job.reached('planJob');
    await job.pause();
    planning.open();
    await job.shows('the plan, and that it is paused', ({ state, counts }) => state === 'paused' && counts.total === 0);
    expect(job.steps).toEqual(['planJob']);
    await job.resume();
    expect(await job.end()).toBe('succeeded');
    expect(job.row.timings.map(({ phase }) => phase)).toEqual(
      expect.arrayContaining(['planning', 'paused', 'running']),
    );
  });

  it('in the queue gives a grant that comes meanwhile back, and claims again at the resume', async () => {
    let claims = 0;
    const job = await LabJob.start(lab, {
      ...wellBehaved(),
      acquireLease: () => (++claims === 1 ? queued() : granted(TASKS, 20)),
    });
    await job.reached('renewLease');
    await job.pause();
    await job.grant(granted(2, 10));
    await job.reached('releaseLease');
    expect(job.callsOf('submitTasks')).toEqual([]);
    await job.resume();
    expect(await job.end()).toBe('succeeded');
    expect(job.callsOf('acquireLease')).toHaveLength(2);
    expect(job.callsOf('submitTasks')[0]!.input.limits.maxParallelTasks).toBe(TASKS);
  });

  it.each(['wait', 'requeue'] as const)(
    'in a wave (%s) stops the Batch job, gives the slots back, goes on',
    async (how) => {
      const end = gate(undefined);
      const job = await LabJob.start(lab, stoppable(end));
      await job.reached('submitTasks');
      await job.reached('watchWave');
      await job.pause(how);
      expect((await job.reached('steerBatchJob')).input.stop).toBe(how);
      await job.reached('releaseLease');
      expect(job.row.state).toBe('paused');
      await job.resume();
      expect((await job.reached('steerBatchJob', 2)).input.stop).toBeUndefined();
      end.open();
      expect(await job.end()).toBe('succeeded');
      expect(job.callsOf('acquireLease')).toHaveLength(2);
      expect(job.callsOf('submitTasks')).toHaveLength(1);
    },
  );

  it('keeps a pool of the job’s own, which ends with its only lease', async () => {
    const own = { vmSizes: ['standard_d2s_v3'], nodes: { max: 2 }, slotsPerNode: 2 };
    const end = gate(undefined);
    const job = await LabJob.start(lab, { ...stoppable(end), planJob: () => plan({ pool: own }) });
    await job.reached('watchWave');
    await job.pause();
    await job.reached('renewLease', 2);
    expect(job.callsOf('renewLease').at(-1)!.input.request.slots).toBe(0);
    expect(job.callsOf('releaseLease')).toEqual([]);
    end.open();
    await job.resume();
    expect(await job.end()).toBe('succeeded');
  });

  it('loses no lease by the death of the worker that was to stop renewing it', async () => {
    const end = gate(undefined);
    const job = await LabJob.start(lab, { ...stoppable(end), renewLease: dyingWhenCancelled });
    await job.reached('watchWave');
    await job.reached('renewLease');
    await job.pause();
    await job.reached('releaseLease');
    end.open();
    await job.resume();
    expect(await job.end()).toBe('succeeded');
    expect(job.callsOf('acquireLease')).toHaveLength(2);
  });

  it('in a back-off does not stop its clock, and no wave begins before the resume', async () => {
    const job = await LabJob.start(lab, {
      ...wellBehaved(plan({ execution: { retryRules: [RETRY_RULE] } })),
      watchWave: ({ attempt }) => (attempt === 1 ? outcome(3, 1) : outcome(1)),
      decideRetries: ({ attempt }) => decision(attempt === 1 ? 1 : 0, { backoffMs: attempt === 1 ? 1000 : 0 }),
    });
    await job.reached('acquireLease', 2);
    await job.pause();
    await job.reached('releaseLease');
    expect(job.callsOf('submitTasks')).toHaveLength(1);
    await job.resume();
    expect(await job.end()).toBe('succeeded');
    expect(job.callsOf('submitTasks')).toHaveLength(2);
    expect(job.callsOf('acquireLease')).toHaveLength(3);
  });

  it('in a reduction begins no level of it before the resume', async () => {
    const planning = gate({ tasks: 1 });
    const job = await LabJob.start(lab, { ...wellBehaved(plan({ gather: REDUCE })), planReduce: planning.step });
    await job.reached('planReduce');
    await job.pause();
    planning.open();
    await job.reached('releaseLease');
    expect(job.callsOf('submitTasks')).toHaveLength(1);
    await job.resume();
    expect(await job.end()).toBe('succeeded');
    expect(job.callsOf('submitTasks').map(({ input }) => input.wave)).toEqual(['1', 'r1']);
  });

  it('asked for twice, the second time to put back what runs, goes further and not back', async () => {
    const job = await LabJob.start(lab, { ...wellBehaved(), watchWave: untilCancelled });
    await job.reached('watchWave');
    await job.pause('wait');
    await job.reached('steerBatchJob');
    await job.pause('requeue');
    await job.pause('wait');
    await job.reached('steerBatchJob', 2);
    expect(job.callsOf('steerBatchJob').map(({ input }) => input.stop)).toEqual(['wait', 'requeue']);
    await job.handle.cancel();
    await job.end();
  });

  it('that comes while the first wave is about to begin stops it', async () => {
    const catalogue = gate(undefined);
    let isFirst = true;
    const job = await LabJob.start(lab, {
      ...stoppable(),
      // Until the workflow has heard of the pause: it does so between two beats of the local activity.
      putJobRow: async ({ state }) => {
        if (state === 'running' && isFirst) await catalogue.step().finally(() => (isFirst = false));
      },
    });
    await job.shows('the phase', ({ state }) => state === 'running');
    const paused = job.pause();
    await waitFor('the workflow to take the pause', async () => {
      const { events } = await job.handle.fetchHistory();
      return events!.some(({ workflowExecutionUpdateAcceptedEventAttributes: taken }) => taken);
    });
    catalogue.open();
    expect((await job.reached('steerBatchJob')).input.stop).toBe('wait');
    await paused;
    await job.reached('releaseLease');
    await job.handle.cancel();
    expect(await job.end()).toBe('cancelled');
  });

  it('after which the cluster refuses the job fails it, for its wave could never go on', async () => {
    let claims = 0;
    const job = await LabJob.start(lab, {
      ...stoppable(),
      acquireLease: () => (++claims === 1 ? granted(TASKS) : failing(FailureType.clusterRefused)()),
    });
    await job.reached('watchWave');
    await job.pause();
    await job.reached('releaseLease');
    await job.resume();
    expect(await job.end()).toBe(FailureType.clusterRefused);
    expect(job.row.error!.message).toContain('it is ClusterRefused');
  });

  it('still stops the wave after a change that was taken back and made again', async () => {
    const claim = gate(undefined);
    let claims = 0;
    const job = await LabJob.start(lab, {
      ...stoppable(),
      planJob: () => plan({ execution: { maxParallelTasks: 1 } }),
      acquireLease: async () => {
        if (++claims === 2) await claim.step().finally(untilCancelled);
        return granted(claims, claims);
      },
    });
    await job.reached('watchWave');
    await job.change({ maxParallelTasks: 3 });
    await job.reached('acquireLease', 2);
    await job.change({ maxParallelTasks: 1 });
    await job.change({ maxParallelTasks: 3 });
    claim.open();
    await job.reached('acquireLease', 3);
    await job.pause();
    const steered = job.callsOf('steerBatchJob').length;
    await job.reached('steerBatchJob', Math.max(1, steered));
    await job.reached('releaseLease');
    expect(job.callsOf('steerBatchJob').at(-1)!.input.stop).toBe('wait');
    await job.handle.cancel();
    expect(await job.end()).toBe('cancelled');
  });

  it('does not stop the time limit', async () => {
    const limited = plan({ execution: { timeout: 'PT2S' } });
    const job = await LabJob.start(lab, { ...stoppable(), planJob: () => limited });
    await job.reached('watchWave');
    await job.pause();
    expect(await job.end()).toBe(FailureType.jobTimeout);
    expect(job.row.state).toBe('failed');
  });
});

describe('a used-up budget', () => {
  const spent = 'The job used 1 of 1 node-hours.';

  it('in a wave lets end what runs, starts nothing more, and fails the job in its words', async () => {
    const job = await LabJob.start(lab, stoppable());
    await job.reached('watchWave');
    await job.clusterSays({ spent });
    expect(await job.end()).toBe(FailureType.budgetExceeded);
    expect(job.callsOf('steerBatchJob')[0]!.input.stop).toBe('wait');
    expect(job.callsOf('watchWave').at(-1)!.input.stop).toBe(true);
    expect(job.row.error!.message).toContain(spent);
    expect(job.callsOf('acquireLease')).toHaveLength(1);
  });

  it('in a paused wave ends the job although nobody resumes it', async () => {
    const job = await LabJob.start(lab, stoppable());
    await job.reached('watchWave');
    await job.pause();
    await job.reached('releaseLease');
    await job.clusterSays({ spent });
    expect(await job.end()).toBe(FailureType.budgetExceeded);
  });

  it('in a back-off fails the job at once', async () => {
    const job = await LabJob.start(lab, {
      ...wellBehaved(plan({ execution: { retryRules: [RETRY_RULE] } })),
      watchWave: () => outcome(3, 1),
      decideRetries: () => decision(1, { backoffMs: 600_000 }),
    });
    await job.reached('acquireLease', 2);
    await job.clusterSays({ spent });
    expect(await job.end()).toBe(FailureType.budgetExceeded);
    expect(job.callsOf('submitTasks')).toHaveLength(1);
  });

  it('after the last task has ended costs the job nothing', async () => {
    const gathering = gate({ counts: {}, failures: [] });
    const job = await LabJob.start(lab, { ...wellBehaved(), gatherResults: gathering.step });
    await job.reached('gatherResults');
    await job.clusterSays({ spent });
    gathering.open();
    expect(await job.end()).toBe('succeeded');
  });
});
