import { judgeCapacity, waitForPool } from './cluster-capacity';
import type { ClusterData } from './cluster-state';
import { NO_STATUS, newCluster } from './cluster-state';

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
