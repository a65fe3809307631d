import type { LeaseRequest } from '@windrow/contract';
import type { ClusterData } from './cluster-data';
import { newCluster, NO_STATUS } from './cluster-data';
import { HolderNews } from './cluster-holders';
import * as leases from './cluster-leases';
import { charge } from './cluster-usage';

function cluster(...claims: Partial<LeaseRequest>[]): ClusterData {
  const data = newCluster({ vmSizes: ['a'], nodes: { max: 1 } });
  claims.forEach((claim, i) => {
    const leaseId = `j${i}`;
    leases.enqueue(data, { leaseId, holder: leaseId, job: leaseId, slots: 1, minSlots: 1, priority: 1, ...claim }, i);
    leases.balance(data, i);
  });
  return { ...data, target: 1, asked: { dedicated: 1, spot: 0 } };
}

const dedicated = { target: 1, current: 1 };

describe('what holders hear of their cluster', () => {
  it('is told once, and again at a turn', () => {
    const data = cluster({});
    const news = new HolderNews('shared');
    expect(news.take(data)).toMatchObject([{ holder: 'j0', message: { nodes: { target: 1, usable: 0 } } }]);
    expect(news.take(data)).toEqual([]);
    data.status = { ...NO_STATUS, current: 1, usable: 1, dedicated };
    expect(news.take(data)).toMatchObject([{ message: { nodes: { usable: 1 } } }]);
  });

  it('is that the budget is used up, together with the usage, even if much was told before', () => {
    const data = cluster({ budget: { nodeHours: 1 } });
    const news = new HolderNews('shared');
    for (let turn = 0; turn < 100; turn++) {
      data.status = { ...NO_STATUS, usable: turn % 2 };
      news.take(data);
    }
    charge(data, 0, true);
    data.status = { ...NO_STATUS, current: 1, usable: 1, dedicated };
    charge(data, 3_600_000, true);
    expect(news.take(data)).toMatchObject([
      { holder: 'j0', message: { spent: 'The job used 1 of 1 node-hours.', usage: { dedicatedNodeSeconds: 3600 } } },
    ]);
    expect(news.take(data)).toEqual([]);
  });

  it('is the place in the queue, as it moves, and since when', () => {
    const data = cluster({}, {}, {});
    const news = new HolderNews('shared');
    const toLast = () => news.take(data).filter(({ holder }) => holder === 'j2');
    const waiting = (position: number) => ({
      code: 'ClusterFull',
      message: expect.stringContaining(`cluster shared are leased; this job is number ${position} in its queue`),
      since: new Date(2).toISOString(),
    });
    expect(toLast()).toMatchObject([{ message: { waiting: waiting(2) } }]);
    leases.release(data, 'j1');
    expect(toLast()).toMatchObject([{ message: { waiting: waiting(1) } }]);
    expect(toLast()).toEqual([]);
  });
});
