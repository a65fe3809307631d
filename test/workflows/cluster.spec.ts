import { ClusterSignal, FailureType, LEASE_TTL_MS } from '@windrow/contract';
import { waitFor } from '../support';
import { LabCluster, LabPool, NO_NODES, nodes } from './lab-cluster';
import type { Asked } from './lab-cluster';
import { failing } from './steps';
import { TemporalLab } from './temporal-lab';

let lab: TemporalLab;
beforeAll(async () => {
  lab = await TemporalLab.start();
});
afterAll(() => lab.stop());

const refusal = { cause: { type: FailureType.clusterRefused } };

/** A node on which a task may take all slots. */
const ROOMY = { template: { nodes: { max: 1 }, slotsPerNode: 4 } };

describe('leases', () => {
  it('are granted while there are slots, then queued for, and granted when one is given back', async () => {
    const cluster = await LabCluster.start(lab, ROOMY);
    expect(await cluster.acquire('a', { minSlots: 4 })).toMatchObject({ state: 'granted', slots: 4 });
    expect(await cluster.acquire('b', { minSlots: 4 })).toMatchObject({ state: 'queued', position: 1 });
    expect(await cluster.acquire('c', { minSlots: 4, priority: 2 })).toMatchObject({ state: 'queued', position: 1 });
    await cluster.shows('its node', (row) => row.nodes.usable === 1);
    await cluster.release('a');
    const { queued } = await cluster.shows('the higher priority first', (row) => row.leases[0]?.job === 'c');
    expect(queued.map(({ job }) => job)).toEqual(['b']);
    await cluster.end();
  });

  it('asked for twice are one lease', async () => {
    const cluster = await LabCluster.start(lab);
    await cluster.acquire('a', { slots: 2 });
    expect(await cluster.acquire('a', { slots: 2 })).toMatchObject({ state: 'granted', slots: 2 });
    expect((await cluster.shows('the lease', (row) => row.leases.length > 0)).leases).toHaveLength(1);
    await cluster.end();
  });

  it('that nobody renewed in an outage get a grace before they are dropped', async () => {
    const now = Date.now();
    const lease = (job: string, more: object) => ({
      ...{ leaseId: job, holder: `job:${job}`, job, slots: 2, limit: 2, wanted: 2, minSlots: 1, priority: 1 },
      ...{ since: now, grant: 1, told: 0, usage: { dedicatedSeconds: 0, spotSeconds: 0, cost: 0 }, ...more },
    });
    const leases = [
      lease('dead', { expiresAt: now + 1500, suspect: true }),
      lease('late', { expiresAt: now - LEASE_TTL_MS }),
    ];
    const cluster = await LabCluster.start(lab, { ...ROOMY, carried: { leases, claimed: true } });
    expect(await cluster.acquire('next', { slots: 2, minSlots: 2 })).toMatchObject({ state: 'queued' });
    const row = await cluster.shows('the dead lease dropped', (shown) =>
      shown.leases.every(({ job }) => job !== 'dead'),
    );
    await cluster.shows('its slots granted', ({ leases: held }) => held.some(({ job }) => job === 'next'));
    const late = row.leases.find(({ job }) => job === 'late')!;
    expect(Date.parse(late.expires)).toBeGreaterThan(now);
    await cluster.end();
  });

  it('for tasks that fit no node, or want more nodes than there may be, are refused', async () => {
    const cluster = await LabCluster.start(lab, ROOMY);
    await expect(cluster.acquire('a', { minSlots: 5 })).rejects.toMatchObject(refusal);
    await expect(cluster.acquire('b', { minSlots: 2, nodesPerTask: 2 })).rejects.toMatchObject(refusal);
    await expect(cluster.acquire('c', { minSlots: 4 })).resolves.toMatchObject({ state: 'granted' });
    await cluster.end();
  });
});

describe('capacity', () => {
  it('that the account refuses is waited for with its reason, and asked for again', async () => {
    let refused = true;
    const pool = new LabPool();
    const steps = {
      sizePool: (input: Asked) =>
        refused ? { refused: { code: 'PoolQuotaReached', message: 'full' } } : pool.size(input),
    };
    const cluster = await LabCluster.start(lab, { pool, steps });
    expect(await cluster.acquire('a')).toMatchObject({ state: 'granted' });
    const row = await cluster.shows('why it waits', ({ waiting }) => waiting?.code === 'PoolQuotaReached');
    expect(row).toMatchObject({ state: 'waiting', leases: [{ job: 'a' }] });
    refused = false;
    const whole = await cluster.shows('all nodes', (shown) => shown.nodes.usable === 4);
    expect(whole.waiting).toBeUndefined();
    await cluster.end();
  });

  it('that is missing takes the next VM size at once', async () => {
    const pool = new LabPool();
    const error = { code: 'AllocationFailed', message: 'no such machines here' };
    let size = 0;
    pool.gives = (count) => (size === 0 ? { ...NO_NODES, errors: [error] } : nodes(count));
    const steps = {
      sizePool: (input: Asked) => ((size = input.vmSize), pool.size(input)),
    };
    const template = { vmSizes: ['standard_d2s_v3', 'standard_d4s_v3'] };
    const cluster = await LabCluster.start(lab, { pool, steps, template });
    await cluster.acquire('a');
    await cluster.shows('nodes of the other size', (row) => row.vmSize === 'standard_d4s_v3' && row.nodes.usable === 4);
    const asked = cluster.callsOf('sizePool').filter(({ input }) => input.targets.dedicated > 0);
    expect(asked.map(({ input }) => input.vmSize)).toEqual([0, 1]);
    await cluster.end();
  });

  it('of a pool that stands still is pushed on, and the row says how often', async () => {
    const pool = new LabPool();
    pool.gives = () => ({ ...nodes(2), stuck: 'short' });
    const cluster = await LabCluster.start(lab, { pool });
    await cluster.acquire('a');
    await waitFor('the push', () => cluster.callsOf('sizePool').some(({ input }) => input.kick));
    pool.gives = nodes;
    const row = await cluster.shows('the push', ({ kicked }) => (kicked?.times ?? 0) > 0);
    expect(row.kicked!.reason).toContain('steady below its size');
    await cluster.shows('all nodes', (shown) => shown.nodes.usable === 4 && !shown.waiting);
    await cluster.end();
  });

  it('is had anew when somebody deletes the pool', async () => {
    const pool = new LabPool();
    let gone = false;
    const steps = {
      watchPool: (input: { known: object }) => {
        if (gone) failing(FailureType.notFound)();
        return pool.watch(input);
      },
      sizePool: (input: Asked) => ((gone = false), pool.size(input)),
    };
    const cluster = await LabCluster.start(lab, { pool, steps });
    await cluster.acquire('a');
    await cluster.shows('all nodes', (row) => row.nodes.usable === 4);
    const sized = cluster.callsOf('sizePool').length;
    gone = true;
    pool.status = nodes(3);
    await cluster.reached('sizePool', sized + 1);
    await cluster.shows('all nodes again', (row) => row.nodes.usable === 4);
    await cluster.end();
  });
});

describe('the breaker', () => {
  it('trips on nodes that fail to start, refuses jobs with the cause, and is mended by a resize', async () => {
    const pool = new LabPool();
    pool.gives = (count) => ({ ...nodes(count), usable: 0, failed: count });
    const cause = { code: 'StartTaskFailed', message: 'setup.sh: not found' };
    const cluster = await LabCluster.start(lab, { pool, steps: { diagnosePool: () => cause } });
    await cluster.acquire('a');
    const row = await cluster.shows('the breaker', ({ state }) => state === 'broken');
    expect(row.waiting!.message).toBe(`${cause.message} Mend the cause, then resize the cluster to try again.`);
    await expect(cluster.acquire('b')).rejects.toMatchObject(refusal);
    await waitFor('no nodes to be paid for', () => cluster.callsOf('sizePool').at(-1)!.input.targets.dedicated === 0);
    pool.gives = nodes;
    await cluster.resize(0, 4);
    await cluster.shows('a healthy cluster', (shown) => shown.state === 'steady' && shown.nodes.usable === 4);
    await expect(cluster.acquire('b')).resolves.toBeDefined();
    await cluster.end();
  });

  it('trips all the same when the cause cannot be read', async () => {
    const pool = new LabPool();
    pool.gives = (count) => ({ ...nodes(count), usable: 0, failed: count });
    const cluster = await LabCluster.start(lab, { pool, steps: { diagnosePool: failing(FailureType.refused) } });
    await cluster.acquire('a');
    const row = await cluster.shows('the breaker', ({ state }) => state === 'broken');
    expect(row.waiting!.code).toBe('NodesUnusable');
    await cluster.end();
  });

  it.each([FailureType.invalidJob, FailureType.refused])('trips on a pool refused with %s', async (type) => {
    const cluster = await LabCluster.start(lab, { steps: { sizePool: failing(type, 'no such VM size') } });
    await cluster.acquire('a');
    const row = await cluster.shows('the breaker', ({ state }) => state === 'broken');
    expect(row.waiting!.message).toContain('The pool cannot be had: no such VM size');
    await cluster.end();
  });
});

describe('the end', () => {
  it('of the last lease gives the nodes up after the idle time-out, and a new claim gets them again', async () => {
    const cluster = await LabCluster.start(lab, { template: { idleTimeout: 'PT1S' } });
    await cluster.acquire('a');
    await cluster.shows('all nodes', (row) => row.nodes.usable === 4);
    await cluster.release('a');
    await cluster.shows('no nodes', (row) => row.nodes.target === 0 && row.nodes.current === 0);
    await cluster.acquire('b', { slots: 2 });
    await cluster.shows('nodes for the next', (row) => row.nodes.usable === 2);
    await cluster.end();
  });

  it('by deletion is refused while jobs use it, and takes pool and row with it afterwards', async () => {
    const cluster = await LabCluster.start(lab);
    await cluster.acquire('a', { job: 'night-run' });
    await expect(cluster.delete()).rejects.toMatchObject({
      cause: { ...refusal.cause, message: expect.stringContaining('is in use by night-run') },
    });
    await cluster.release('a');
    await cluster.delete();
    await cluster.handle.result();
    expect(cluster.callsOf('deletePool')).toHaveLength(1);
    expect(cluster.calls.at(-1)!.name).toBe('removeCluster');
  });

  it('is not missed by those who come while the pool is being deleted', async () => {
    let deleted: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => (deleted = resolve));
    const cluster = await LabCluster.start(lab, { steps: { deletePool: () => slow } });
    await cluster.acquire('a');
    await cluster.release('a');
    await cluster.delete();
    await cluster.reached('deletePool');
    await expect(cluster.acquire('b')).rejects.toMatchObject(refusal);
    await expect(cluster.resize(0, 1)).rejects.toMatchObject(refusal);
    deleted();
    await cluster.handle.result();
  });

  it('of a pool of a job’s own comes with its only lease, also one that never arrived', async () => {
    const held = await LabCluster.start(lab, { ephemeral: true });
    await held.acquire('a');
    await held.reached('sizePool');
    await held.release('a');
    await held.handle.result();
    expect(held.callsOf('deletePool')).toHaveLength(1);
    expect(held.callsOf('putClusterRow')).toEqual([]);
    const lost = await LabCluster.start(lab, { ephemeral: true });
    await lost.release('a');
    await lost.handle.result();
    expect(lost.callsOf('sizePool')).toEqual([]);
  });

  it('by cancellation deletes the pool', async () => {
    const cluster = await LabCluster.start(lab);
    await cluster.acquire('a');
    await cluster.reached('sizePool');
    await cluster.handle.cancel();
    await cluster.handle.result();
    expect(cluster.callsOf('deletePool')).toHaveLength(1);
  });
});

it('a long history is left behind, and leases, queue and size come along', async () => {
  const cluster = await LabCluster.start(lab, ROOMY);
  await cluster.acquire('a', { minSlots: 4 });
  await cluster.acquire('b', { minSlots: 4 });
  await cluster.shows('its node', (row) => row.nodes.usable === 1);
  const sized = cluster.callsOf('sizePool').length;
  const first = (await cluster.handle.describe()).runId;
  const renewed = waitFor('a new run', async () => (await cluster.handle.describe()).runId !== first, 100_000);
  for (let n = 0; n < 21; n++) {
    const renew = () => cluster.handle.signal(ClusterSignal.renew, { leaseId: 'a' });
    await Promise.all(Array.from({ length: 100 }, renew));
  }
  await renewed;
  expect(await cluster.acquire('a', { minSlots: 4 })).toMatchObject({ state: 'granted', slots: 4 });
  expect(await cluster.acquire('b', { minSlots: 4 })).toMatchObject({ state: 'queued', position: 1 });
  await expect(cluster.delete()).rejects.toMatchObject(refusal);
  // The pool was not sized anew for it.
  expect(cluster.callsOf('sizePool')).toHaveLength(sized);
  await cluster.end();
});
