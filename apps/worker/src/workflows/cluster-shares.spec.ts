import fc from 'fast-check';
import type { Contender } from './cluster-shares';
import { fairShares } from './cluster-shares';

const contenders = fc
  .array(
    fc.record({
      wanted: fc.integer({ min: 1, max: 100 }),
      minSlots: fc.integer({ min: 1, max: 8 }),
      priority: fc.integer({ min: 0, max: 2 }),
      holds: fc.boolean(),
    }),
    { maxLength: 12 },
  )
  .map((all) =>
    all.map((one, since) => ({ ...one, wanted: Math.max(one.wanted, one.minSlots), since, leaseId: `${since}` })),
  );

const total = (shares: Map<string, number>) => [...shares.values()].reduce((sum, slots) => sum + slots, 0);
const equal = (count: number, minSlots: number): Contender[] =>
  Array.from({ length: count }, (_, since) => ({
    leaseId: `${since}`,
    wanted: 1000,
    minSlots,
    priority: 1,
    since,
    holds: false,
  }));

describe('fair shares', () => {
  it('differ by at most one task when all want more than there is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 200 }),
        (count, minSlots, capacity) => {
          const given = [...fairShares(equal(count, minSlots), capacity).values()];
          const seated = given.filter((slots) => slots > 0);
          expect(seated).toHaveLength(Math.min(count, Math.floor(capacity / minSlots)));
          if (seated.length > 0) expect(Math.max(...seated) - Math.min(...seated)).toBeLessThanOrEqual(minSlots);
        },
      ),
    );
  });

  it('never exceed the capacity, nor what is wanted', () => {
    fc.assert(
      fc.property(contenders, fc.integer({ min: 1, max: 200 }), (all, capacity) => {
        const kept = all.filter(({ holds }) => holds).reduce((sum, { minSlots }) => sum + minSlots, 0);
        const shares = fairShares(all, capacity);
        expect(total(shares)).toBeLessThanOrEqual(Math.max(capacity, kept));
        for (const { leaseId, wanted } of all) expect(shares.get(leaseId)).toBeLessThanOrEqual(wanted);
      }),
    );
  });

  it('leave nothing over that somebody could use', () => {
    fc.assert(
      fc.property(contenders, fc.integer({ min: 1, max: 200 }), (all, capacity) => {
        // Of one size and priority, so that nothing is held back for a task that does not fit.
        const alike = all.map((one) => ({ ...one, minSlots: 1, priority: 1 }));
        const wanted = alike.reduce((sum, one) => sum + one.wanted, 0);
        const kept = alike.filter(({ holds }) => holds).length;
        expect(total(fairShares(alike, capacity))).toBe(Math.max(kept, Math.min(wanted, capacity)));
      }),
    );
  });

  it('leave a lower priority that runs the slots of one task, and one that does not run none', () => {
    const [low, idle, high] = equal(3, 2);
    const shares = fairShares(
      [
        { ...low!, priority: 0, holds: true },
        { ...idle!, priority: 0 },
        { ...high!, priority: 2 },
      ],
      10,
    );
    expect([...shares.entries()].sort()).toEqual([
      ['0', 2],
      ['1', 0],
      ['2', 8],
    ]);
  });
});
