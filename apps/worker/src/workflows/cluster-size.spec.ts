import type { PoolTemplate } from '@windrow/contract';
import type { ClusterData } from './cluster-data';
import { newCluster, NO_STATUS } from './cluster-data';
import * as leases from './cluster-leases';
import * as size from './cluster-size';

const TEMPLATE: PoolTemplate = { vmSizes: ['a', 'b'], nodes: { min: 0, max: 10 }, slotsPerNode: 4 };

function cluster(slots = 0): ClusterData {
  const data = newCluster(TEMPLATE);
  if (slots === 0) return data;
  leases.enqueue(data, { leaseId: 'a', holder: 'job:a', job: 'a', slots, minSlots: 1, priority: 1 }, 0);
  leases.balance(data, 0);
  return data;
}

describe('size of a cluster', () => {
  const IDLE = 300_000;

  it.each([
    [0, 0],
    [1, 1],
    [4, 1],
    [5, 2],
    [400, 10],
  ])('%i slots make %i nodes of 4 slots, at most 10', (slots, nodes) => {
    const data = cluster(slots);
    expect(size.demandedNodes(data)).toBe(nodes);
  });

  it('grows at once', () => {
    const data = cluster(40);
    data.target = 2;
    expect(size.desiredNodes(data, 0)).toBe(10);
  });

  it('shrinks under a job only when half is no longer needed, and not soon after a resize', () => {
    const data = cluster(40);
    data.target = 10;
    data.sizedAt = 0;
    leases.renew(data, 'a', 0, { needed: 24 });
    expect(size.desiredNodes(data, size.SHRINK_MS)).toBe(10);
    leases.renew(data, 'a', 0, { needed: 20 });
    expect(size.desiredNodes(data, size.SHRINK_MS - 1)).toBe(10);
    expect(size.desiredNodes(data, size.SHRINK_MS)).toBe(5);
  });

  it('keeps an idle cluster for a while, then shrinks it to its minimum', () => {
    const data = cluster();
    data.target = 5;
    data.idleSince = 100;
    expect(size.desiredNodes(data, 100 + IDLE - 1)).toBe(5);
    expect(size.desiredNodes(data, 100 + IDLE)).toBe(0);
  });

  it('asks for nothing once the breaker has tripped', () => {
    const data = cluster(40);
    data.target = 10;
    data.broken = { code: 'x', message: 'y' };
    expect(size.desiredNodes(data, 0)).toBe(0);
  });
});

describe('the breaker', () => {
  const status = (usable: number, failed: number) => ({ ...NO_STATUS, current: 9, usable, failed });

  it.each([
    [10, 0, 3, true],
    [10, 0, 2, false],
    [10, 1, 9, false],
    [1, 0, 1, true],
    [0, 0, 3, false],
  ])('target %i, %i usable, %i failed: trips %s', (target, usable, failed, trips) => {
    const data = { ...cluster(), target, status: status(usable, failed) };
    expect(size.tripsBreaker(data)).toBe(trips);
  });
});

describe('spot share', () => {
  it.each([
    [10, 0, 0, 10, 0],
    [10, 100, 0, 0, 10],
    [3, 50, 0, 1, 2],
    [1, 10, 0, 0, 1],
    [10, 80, 3, 5, 8],
    [2, 100, 5, 2, 2],
  ])(
    '%i nodes with %i %% spot and %i stand-ins: %i dedicated, %i spot',
    (target, spotPercent, standIns, dedicated, spot) => {
      expect(size.splitNodes(target, { spotPercent }, standIns)).toEqual({ dedicated, spot });
    },
  );
});
