import { judgeCapacity, waitForPool } from './cluster-capacity';
import type { ClusterData } from './cluster-data';
import { newCluster, NO_STATUS } from './cluster-data';

const QUOTA = { code: 'AccountCoreQuotaReached', message: 'no cores left' };

function refused(vmSizes: string[], current = 0, vmSize = 0): ClusterData {
  const data = newCluster({ vmSizes, nodes: { max: 3 } });
  return { ...data, target: 3, vmSize, status: { ...NO_STATUS, current, usable: current, errors: [QUOTA] } };
}

const again = (data: ClusterData, now: number) => {
  delete data.retryAt;
  judgeCapacity(data, now);
  return data.retryAt! - now;
};

it('tries the sizes of the list at once, one after the other, and then waits', () => {
  const data = refused(['a', 'b', 'c']);
  expect([again(data, 0), data.vmSize]).toEqual([0, 1]);
  expect([again(data, 0), data.vmSize]).toEqual([0, 2]);
  expect([again(data, 0), data.vmSize]).toEqual([5000, 0]);
});

it('waits longer each time, up to five minutes', () => {
  const data = refused(['a']);
  expect(Array.from({ length: 8 }, () => again(data, 0))).toEqual([
    5000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000,
  ]);
});

it('keeps its size, and waits, while it has some nodes of it', () => {
  const data = refused(['a', 'b'], 1, 1);
  expect([again(data, 0), data.vmSize]).toEqual([5000, 1]);
  expect([again(data, 0), data.vmSize]).toEqual([10_000, 1]);
});

it('says what it waits for and since when; the time does not move with each try', () => {
  const data = refused(['a']);
  again(data, 1000);
  again(data, 9000);
  expect(data.waiting).toMatchObject({
    code: QUOTA.code,
    message: expect.stringMatching(/size a .*no cores left/),
    since: '1970-01-01T00:00:01.000Z',
  });
});

it('is patient with a used-up quota of pools, and leaves the size alone', () => {
  const data = { ...newCluster({ vmSizes: ['a', 'b'], nodes: { max: 1 } }) };
  waitForPool(data, { code: 'PoolQuotaReached', message: 'm' }, 0);
  expect(data).toMatchObject({ vmSize: 0, retryAt: 5000, waiting: { code: 'PoolQuotaReached' } });
});

it('forgets all of it once nodes are usable', () => {
  const data = refused(['a']);
  again(data, 0);
  data.status = { ...NO_STATUS, current: 3, usable: 3 };
  judgeCapacity(data, 1);
  expect(data).toMatchObject({ retries: 0 });
  expect([data.retryAt, data.waiting]).toEqual([undefined, undefined]);
});

describe('spot nodes that cannot be had', () => {
  const spotCluster = (spotFallback: 'wait' | 'dedicated', spot: number, change: object = {}): ClusterData => {
    const data = newCluster({ vmSizes: ['a'], nodes: { max: 4, spotPercent: 100, spotFallback } });
    const status = { ...NO_STATUS, current: spot, usable: spot, spot: { target: 4, current: spot }, ...change };
    return { ...data, target: 4, status };
  };

  it('are waited for by default, in plain words', () => {
    const data = spotCluster('wait', 1, { errors: [QUOTA] });
    judgeCapacity(data, 0);
    expect(data).toMatchObject({ standIns: 0, retryAt: 5000 });
    expect(data.waiting?.message).toMatch(/no cores left.*Missing: 3 spot nodes/);
  });

  it('are replaced by dedicated ones at once where the cluster says so, and asked for again', () => {
    const data = spotCluster('dedicated', 1, { errors: [QUOTA] });
    judgeCapacity(data, 0);
    expect(data).toMatchObject({ standIns: 3, retryAt: 0 });
    expect(again(data, 0)).toBe(5000);
    expect(data.waiting?.message).toContain('3 dedicated nodes stand in for spot nodes');
  });

  it('are replaced when evicted ones stay away without an error, and the pool is pushed on', () => {
    const data = spotCluster('dedicated', 2, { stuck: 'short' });
    judgeCapacity(data, 0);
    expect(data).toMatchObject({ standIns: 2, retryAt: 0, kick: 'short', waiting: { code: 'SpotNodesMissing' } });
  });

  it('send their stand-ins home when they are back, and only then is all well', () => {
    const data = { ...spotCluster('dedicated', 2), standIns: 2, retries: 3 };
    data.status = { ...data.status, current: 4, usable: 4, dedicated: { target: 2, current: 2 }, stuck: 'short' };
    judgeCapacity(data, 0);
    expect(data.standIns).toBe(2);
    data.status = {
      ...NO_STATUS,
      current: 6,
      usable: 6,
      dedicated: { target: 2, current: 2 },
      spot: { target: 4, current: 4 },
    };
    judgeCapacity(data, 1);
    expect(data).toMatchObject({ standIns: 0, retries: 0 });
    expect(data.waiting).toBeUndefined();
  });

  it('do not send stand-ins home because fewer are looked at during a resize', () => {
    const data = { ...spotCluster('dedicated', 4, { allocationState: 'resizing' }), standIns: 2 };
    judgeCapacity(data, 0);
    expect(data.standIns).toBe(2);
  });
});

it.each(['AccountCoreQuotaReached', 'AccountLowPriorityCoreQuotaReached', 'AllocationFailed', 'AllocationTimedOut'])(
  'waits for %s, and the time since when stays while it asks again and some nodes are there',
  (code) => {
    const data = refused(['a'], 1);
    data.status = { ...data.status, errors: [{ code, message: 'm' }] };
    judgeCapacity(data, 1000);
    expect(data.waiting).toMatchObject({ code, message: expect.stringContaining(`(${code}: m)`) });
    // The next try is under way: nothing is said against it yet, and nothing has come of it.
    delete data.retryAt;
    data.status = { ...data.status, allocationState: 'resizing', errors: [] };
    judgeCapacity(data, 2000);
    data.status = { ...data.status, allocationState: 'steady', errors: [{ code, message: 'm' }] };
    judgeCapacity(data, 9000);
    expect(data.waiting?.since).toBe('1970-01-01T00:00:01.000Z');
    expect(data.retryAt).toBe(9000 + 10_000);
    expect(data.broken).toBeUndefined();
  },
);

it('pushes on a pool that stands still, at once and then ever less often', () => {
  const data = refused(['a'], 1);
  data.status = { ...data.status, errors: [], stuck: 'resizing' };
  expect(Array.from({ length: 3 }, () => again(data, 0))).toEqual([0, 10_000, 20_000]);
  expect(data).toMatchObject({ kick: 'resizing', waiting: { code: 'PoolStuck' } });
});

it('tells of a formula that cannot be evaluated, and asks for nothing', () => {
  const data = refused(['a']);
  const formulaError = { code: 'AutoScalingFormulaEvaluationError', message: 'Line 1, Col 1: no' };
  data.status = { ...data.status, errors: [], formulaError };
  judgeCapacity(data, 0);
  expect(data.waiting?.message).toContain('Line 1, Col 1: no');
  expect([data.retryAt, data.kick]).toEqual([undefined, undefined]);
});
