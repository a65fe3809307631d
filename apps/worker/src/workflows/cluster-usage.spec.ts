import fc from 'fast-check';
import type { BudgetSpec } from '@windrow/contract';
import type { ClusterData } from './cluster-data';
import { newCluster, NO_STATUS } from './cluster-data';
import * as leases from './cluster-leases';
import { charge, nextReportAt, spentOf, usageOf, usageStep } from './cluster-usage';

const HOUR = 3_600_000;

/** A cluster of nodes with four slots each, which is charged from time 0 on. */
function cluster(
  nodes: { dedicated: number; spot: number },
  claims: [slots: number, budget?: BudgetSpec][],
): ClusterData {
  const data = newCluster({ vmSizes: ['a'], nodes: { max: 10 }, slotsPerNode: 4 });
  claims.forEach(([slots, budget], i) => {
    leases.enqueue(
      data,
      { leaseId: `${i}`, holder: `${i}`, job: `${i}`, slots, minSlots: 1, priority: 1, ...(budget && { budget }) },
      i,
    );
  });
  leases.balance(data, 0);
  charge(data, 0, false);
  const { dedicated, spot } = nodes;
  data.status = {
    ...NO_STATUS,
    dedicated: { target: dedicated, current: dedicated },
    spot: { target: spot, current: spot },
  };
  return data;
}

describe('what a lease uses', () => {
  it('is all of the pool where the pool is its own', () => {
    const data = cluster({ dedicated: 2, spot: 3 }, [[4]]);
    charge(data, 10_000, true);
    expect(usageOf(data.leases[0]!, 10_000)).toMatchObject({ dedicatedNodeSeconds: 20, spotNodeSeconds: 30 });
  });

  it('is its slots of a shared one, and what nobody leased is charged to nobody', () => {
    const data = cluster({ dedicated: 4, spot: 0 }, [[4], [8]]);
    charge(data, 10_000, false);
    expect(data.leases.map((lease) => usageOf(lease, 0)?.dedicatedNodeSeconds)).toEqual([10, 20]);
  });

  it('is its part of the nodes while there are fewer than were leased', () => {
    const data = cluster({ dedicated: 1, spot: 0 }, [[4], [12]]);
    charge(data, 40_000, false);
    expect(data.leases.map((lease) => usageOf(lease, 0)?.dedicatedNodeSeconds)).toEqual([10, 30]);
  });

  it('does not depend on how often it is counted, and never exceeds the time of the nodes', () => {
    const nodes = fc.record({ dedicated: fc.integer({ min: 0, max: 10 }), spot: fc.integer({ min: 0, max: 10 }) });
    const claims = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(
        nodes,
        claims,
        fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1 }),
        (found, wanted, pauses) => {
          const [once, often] = [0, 1].map(() =>
            cluster(
              found,
              wanted.map((slots) => [slots]),
            ),
          );
          const end = pauses.reduce((time, pause) => (charge(often!, time + pause, false), time + pause), 0);
          charge(once!, end, false);
          const total = (data: ClusterData) =>
            data.leases.reduce((sum, { usage }) => sum + usage.dedicatedSeconds + usage.spotSeconds, 0);
          expect(total(often!)).toBeCloseTo(total(once!), 5);
          expect(total(once!)).toBeLessThanOrEqual(((found.dedicated + found.spot) * end) / 1000 + 1e-6);
        },
      ),
    );
  });

  it('costs what its kind of node costs, and nothing is said of a VM size without a price', () => {
    const data = cluster({ dedicated: 1, spot: 2 }, [[4]]);
    data.price = { currency: 'EUR', dedicated: 1, spot: 0.25 };
    charge(data, HOUR, true);
    expect(usageOf(data.leases[0]!, 0)?.cost).toEqual({ amount: 1.5, currency: 'EUR' });
    delete data.price;
    charge(data, 2 * HOUR, true);
    expect(usageOf(data.leases[0]!, 0)?.cost).toBeUndefined();
  });
});

describe('a budget', () => {
  it('is used up in node-hours of both kinds, or in money', () => {
    const data = cluster({ dedicated: 1, spot: 1 }, [
      [4, { nodeHours: 4, cost: 100 }],
      [4, { cost: 1 }],
    ]);
    data.price = { currency: 'EUR', dedicated: 1, spot: 1 };
    charge(data, HOUR, false);
    expect(data.leases.map(spentOf)).toEqual([undefined, 'The job used 1 of 1 EUR.']);
    charge(data, 4 * HOUR, false);
    expect(spentOf(data.leases[0]!)).toBe('The job used 4 of 4 node-hours.');
  });

  it('is told of at each tenth, at the time when it is reached, and then no more', () => {
    const data = cluster({ dedicated: 2, spot: 0 }, [[8, { nodeHours: 2 }]]);
    const steps: number[] = [];
    for (let at = nextReportAt(data, true); at !== undefined; at = nextReportAt(data, true)) {
      charge(data, at, true);
      steps.push(usageStep(data.leases[0]!));
    }
    expect(steps).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(data.chargedAt).toBeGreaterThanOrEqual(HOUR);
    expect(data.chargedAt! - HOUR).toBeLessThan(20_000);
    expect(spentOf(data.leases[0]!)).toBe('The job used 2 of 2 node-hours.');
  });

  it('makes no timer while no node runs', () => {
    expect(nextReportAt(cluster({ dedicated: 0, spot: 0 }, [[8, { nodeHours: 2 }]]), true)).toBeUndefined();
  });

  it('is not needed for usage to be told: then at each doubling, some twenty times in a year', () => {
    const data = cluster({ dedicated: 1, spot: 0 }, [[4]]);
    let told = 0;
    for (let at = nextReportAt(data, true)!; at < 365 * 24 * HOUR; at = nextReportAt(data, true)!) {
      charge(data, at, true);
      told += 1;
    }
    expect(told).toBeLessThanOrEqual(22);
  });
});
