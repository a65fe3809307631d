/** Jobs and their cluster together, as they talk to each other; Azure alone is made up. */
import { ClusterSignal, FailureType } from '@windrow/contract';
import type { LeaseRequest } from '@windrow/contract';
import { waitFor } from '../support';
import { LabCluster, LabPool, nodes } from './lab-cluster';
import { LabJob } from './lab-job';
import { outcome, plan, untilCancelled, wellBehaved } from './steps';
import { TemporalLab } from './temporal-lab';
import type { Steps } from './temporal-lab';

let lab: TemporalLab;
beforeAll(async () => {
  lab = await TemporalLab.start();
});
afterAll(() => lab.stop());

/** Steps that claim, renew and give back at a real cluster, and report what their tasks hold as soon as it is asked. */
function jobOn(cluster: LabCluster, ended: Promise<void>, execution: object = {}): Steps {
  return {
    ...wellBehaved(plan({ execution })),
    acquireLease: ({ request }: { request: LeaseRequest }) => cluster.acquire(request.leaseId, request),
    releaseLease: async ({ leaseId }: { leaseId: string }) => (await cluster.release(leaseId), {}),
    giveBackSlots: ({ slots, grant, lease }) =>
      cluster.handle.signal(ClusterSignal.renew, { leaseId: lease.leaseId, held: { grant, slots } }),
    watchWave: async ({ tasks, stop }) => {
      if (stop) return outcome(0, 0, 'idle');
      await Promise.race([ended, untilCancelled()]);
      return outcome(tasks);
    },
  };
}

function later(): { come: () => void; that: Promise<void> } {
  let come: () => void = () => undefined;
  const that = new Promise<void>((resolve) => (come = resolve));
  return { come, that };
}

it('two jobs share a cluster fairly, and the rest goes to the one that is left', async () => {
  const cluster = await LabCluster.start(lab);
  const [first, second] = [later(), later()];
  const a = await LabJob.start(lab, jobOn(cluster, first.that));
  await cluster.shows('the first job on all slots', (row) => row.leases[0]?.slots === 4);
  await a.reached('watchWave');
  const b = await LabJob.start(lab, jobOn(cluster, second.that));
  expect((await b.reached('submitTasks')).input.limits.maxParallelTasks).toBe(2);
  expect((await a.reached('steerBatchJob')).input.limits.maxParallelTasks).toBe(2);
  // Never more than there are, not even while they change hands.
  for (const { input } of cluster.callsOf('putClusterRow')) {
    const slots = input.leases.reduce((sum: number, lease: { slots: number }) => sum + lease.slots, 0);
    expect(slots).toBeLessThanOrEqual(4);
  }
  first.come();
  expect(await a.end()).toBe('succeeded');
  await waitFor('the rest', () => b.callsOf('steerBatchJob').at(-1)?.input.limits.maxParallelTasks === 4);
  second.come();
  expect(await b.end()).toBe('succeeded');
  await cluster.shows('no lease', (row) => row.leases.length === 0);
  await cluster.end();
});

it('a job that is paused gives its slots to the next, and queues for them at the resume', async () => {
  const cluster = await LabCluster.start(lab, { template: { nodes: { max: 1 } } });
  const [first, second] = [later(), later()];
  const a = await LabJob.start(lab, jobOn(cluster, first.that));
  await a.reached('watchWave');
  const b = await LabJob.start(lab, jobOn(cluster, second.that));
  await b.shows('its place in the queue', ({ waiting }) => waiting?.code === 'ClusterFull');
  await a.pause();
  await b.reached('submitTasks');
  await a.resume();
  await waitFor('the place of the first', () => a.callsOf('acquireLease').length === 2);
  second.come();
  expect(await b.end()).toBe('succeeded');
  first.come();
  expect(await a.end()).toBe('succeeded');
  await cluster.end();
});

it('a breaker ends the job that holds a lease and the one in the queue', async () => {
  const pool = new LabPool();
  pool.gives = (count) => ({ ...nodes(count), usable: 0, failed: 0 });
  const cause = { code: 'StartTaskFailed', message: 'setup.sh: not found' };
  const cluster = await LabCluster.start(lab, {
    pool,
    template: { nodes: { max: 1 } },
    steps: { diagnosePool: () => cause },
  });
  const holder = await LabJob.start(lab, jobOn(cluster, later().that));
  await holder.reached('watchWave');
  const waiting = await LabJob.start(lab, jobOn(cluster, later().that));
  await waiting.shows('its place in the queue', (row) => row.waiting?.code === 'ClusterFull');
  pool.status = { ...nodes(1), usable: 0, failed: 1 };
  expect(await holder.end()).toBe(FailureType.poolBroken);
  expect(holder.row.error!.message).toContain(cause.message);
  expect(await waiting.end()).not.toBe('succeeded');
  expect(waiting.row.error!.message).toContain(cause.message);
  await cluster.end();
});

it('a budget that is used up ends the job that has it, and no other', async () => {
  const cluster = await LabCluster.start(lab);
  const end = later();
  const poor = await LabJob.start(lab, jobOn(cluster, end.that, { budget: { nodeHours: 0.0005 } }));
  const rich = await LabJob.start(lab, jobOn(cluster, end.that));
  await rich.reached('watchWave');
  expect(await poor.end()).toBe(FailureType.budgetExceeded);
  expect(poor.row.error!.message).toMatch(/used [\d.]+ of 0.0005 node-hours/);
  expect(poor.row.usage!.dedicatedNodeSeconds).toBeGreaterThan(0);
  end.come();
  expect(await rich.end()).toBe('succeeded');
  await cluster.end();
});
