import fc from 'fast-check';
import type { LeaseRequest, PoolTemplate } from '@windrow/contract';
import { LEASE_TTL_MS } from '@windrow/contract';
import type { ClusterData } from './cluster-data';
import { newCluster } from './cluster-data';
import * as leases from './cluster-leases';

const TEMPLATE: PoolTemplate = { vmSizes: ['a', 'b'], nodes: { min: 0, max: 10 }, slotsPerNode: 4 };
const CAPACITY = 40;

function claim(leaseId: string, slots: number, more: Partial<LeaseRequest> = {}): LeaseRequest {
  return { leaseId, holder: `job:${leaseId}`, job: leaseId, slots, minSlots: 1, priority: 1, ...more };
}

function cluster(...claims: LeaseRequest[]): ClusterData {
  const data = newCluster(TEMPLATE);
  claims.forEach((asked, i) => {
    leases.enqueue(data, asked, i);
    leases.balance(data, i);
  });
  return data;
}

const lease = (data: ClusterData, id: string) => data.leases.find(({ leaseId }) => leaseId === id)!;

/** The holder did as it was told: none of its tasks above the limit runs any more. */
function giveBack(data: ClusterData, id: string): void {
  const { grant, limit } = lease(data, id);
  leases.renew(data, id, 0, { held: { grant, slots: limit } });
}

describe('leases of a cluster', () => {
  it('grants as many slots as are free, and the rest waits', () => {
    const data = cluster(claim('a', 30), claim('b', 30), claim('c', 5));
    expect(data.leases.map(({ leaseId, slots }) => [leaseId, slots])).toEqual([
      ['a', 30],
      ['b', 10],
    ]);
    expect(leases.answerFor(data, 'c', 'p')).toEqual({ state: 'queued', slots: 0, poolId: 'p', position: 1 });
  });

  it('follows a holder that asks again with another priority and larger tasks, within what is free', () => {
    const data = cluster(claim('a', 30), claim('b', 10), claim('c', 10));
    leases.enqueue(data, claim('a', 30, { priority: 2, minSlots: 4 }), 5);
    expect(lease(data, 'a')).toMatchObject({ slots: 30, priority: 2, minSlots: 4 });
    leases.enqueue(data, claim('c', 8, { priority: 0, minSlots: 2 }), 5);
    expect(data.queue).toMatchObject([{ leaseId: 'c', slots: 8, priority: 0, minSlots: 2 }]);
    // Never more than there are: a lease of one slot does not become one of four for the asking.
    leases.renew(data, 'b', 6, { needed: 1 });
    leases.enqueue(data, claim('d', 9), 6);
    leases.balance(data, 6);
    leases.enqueue(data, claim('b', 4, { minSlots: 4 }), 7);
    expect(leases.freeSlots(data)).toBeGreaterThanOrEqual(0);
  });

  it('takes a repeated claim for the same one', () => {
    const data = cluster(claim('a', 30), claim('a', 30));
    expect(data.leases).toHaveLength(1);
    expect(leases.freeSlots(data)).toBe(10);
  });

  it('grants by priority, then in order of arrival', () => {
    const data = cluster(claim('all', 40), claim('low', 40, { priority: 0 }), claim('high', 40, { priority: 2 }));
    expect(leases.answerFor(data, 'high', 'p').position).toBe(1);
    leases.release(data, 'all');
    expect(leases.balance(data, 9).map(({ leaseId }) => leaseId)).toEqual(['high']);
  });

  it('does not let a small claim pass the head of the queue, which would starve', () => {
    const data = cluster(claim('a', 39), claim('wide', 8, { minSlots: 4 }), claim('small', 1));
    expect(data.leases.map(({ leaseId }) => leaseId)).toEqual(['a']);
  });

  it('hands the slots that a draining job no longer needs to the next', () => {
    const data = cluster(claim('a', 40), claim('b', 40));
    leases.renew(data, 'a', 5, { needed: 10 });
    expect(leases.balance(data, 6)).toMatchObject([{ leaseId: 'b', slots: 30 }]);
  });

  it('gives a later wave of a job free slots back, and none that others hold', () => {
    const data = cluster(claim('a', 40));
    leases.renew(data, 'a', 5, { needed: 4 });
    leases.enqueue(data, claim('b', 6), 6);
    leases.balance(data, 6);
    leases.enqueue(data, claim('a', 20), 7);
    expect(data.leases).toMatchObject([{ slots: 20, wanted: 20 }, { slots: 6 }]);
    leases.enqueue(data, claim('a', 40), 8);
    expect(data.leases).toMatchObject([{ slots: 34, wanted: 40 }, { slots: 6 }]);
  });

  it('gives what is freed to a job that could use more, when nobody waits for it', () => {
    const data = cluster(claim('first', 38), claim('late', 40));
    expect(lease(data, 'late')).toMatchObject({ slots: 2, wanted: 40 });
    leases.release(data, 'first');
    expect(leases.balance(data, 9)).toMatchObject([{ leaseId: 'late', slots: 40, limit: 40 }]);
    expect(leases.balance(data, 9)).toEqual([]);
  });

  it('does not tell a job of every slot it gains', () => {
    const data = cluster(claim('a', 100), claim('b', 2));
    giveBack(data, 'a');
    leases.balance(data, 1);
    leases.release(data, 'b');
    expect(lease(data, 'a')).toMatchObject({ limit: 38 });
    expect(leases.balance(data, 9)).toEqual([]);
  });

  it('drops a lease that nobody renewed, and a claim whose owner is dead', () => {
    const data = cluster(claim('a', 40), claim('b', 1));
    leases.renew(data, 'a', LEASE_TTL_MS - 1);
    const due = LEASE_TTL_MS + 5;
    expect(leases.expire(data, due)).toEqual([]);
    expect(leases.expire(data, due + leases.GRACE_MS)).toEqual(['b']);
    expect(data.leases.map(({ leaseId }) => leaseId)).toEqual(['a']);
  });

  it('gives an owner that was down together with the cluster the chance to renew', () => {
    const data = cluster(claim('a', 40));
    const back = 10 * LEASE_TTL_MS;
    expect(leases.expire(data, back)).toEqual([]);
    leases.renew(data, 'a', back + 1);
    expect(leases.expire(data, back + leases.GRACE_MS)).toEqual([]);
  });

  it('releases twice without harm', () => {
    const data = cluster(claim('a', 40));
    expect(leases.release(data, 'a')).toBe(true);
    expect(leases.release(data, 'a')).toBe(false);
  });
});

describe('fairness between the jobs of a cluster', () => {
  it('tells the first job to keep to its share, and counts its slots as taken until they are given back', () => {
    const data = cluster(claim('first', 100), claim('second', 100));
    expect(lease(data, 'first')).toMatchObject({ limit: 20, slots: 40 });
    expect(data.queue).toHaveLength(1);
    leases.renew(data, 'first', 1, { held: { grant: lease(data, 'first').grant, slots: 25 } });
    expect(leases.balance(data, 2)).toMatchObject([{ leaseId: 'second', slots: 15 }]);
    giveBack(data, 'first');
    leases.balance(data, 3);
    expect(data.leases).toMatchObject([{ slots: 20 }, { slots: 20 }]);
  });

  it('frees all that a job held between two of its waves', () => {
    const data = cluster(claim('first', 100), claim('second', 100));
    leases.enqueue(data, claim('first', 30, { idle: true }), 5);
    expect(lease(data, 'first')).toMatchObject({ limit: 20, slots: 20 });
    expect(leases.balance(data, 6)).toMatchObject([{ leaseId: 'second', slots: 20 }]);
  });

  it('does not believe a report on an older grant', () => {
    const data = cluster(claim('first', 100), claim('second', 100));
    leases.renew(data, 'first', 1, { held: { grant: lease(data, 'first').grant - 1, slots: 0 } });
    expect(lease(data, 'first').slots).toBe(40);
  });

  it('serves a higher priority first, and leaves a lower one the slots of one task', () => {
    const data = cluster(claim('low', 100, { priority: 0, minSlots: 2 }), claim('high', 100, { priority: 2 }));
    giveBack(data, 'low');
    leases.balance(data, 2);
    expect(data.leases).toMatchObject([{ limit: 2 }, { leaseId: 'high', limit: 38 }]);
  });

  it('shares what one does not want among those who do', () => {
    const data = cluster(claim('a', 4), claim('b', 100), claim('c', 100));
    giveBack(data, 'b');
    leases.balance(data, 5);
    expect(data.leases.map(({ limit }) => limit)).toEqual([4, 18, 18]);
  });

  it('gives a job its share back when the others have gone', () => {
    const data = cluster(claim('first', 100), claim('second', 100));
    leases.release(data, 'second');
    leases.balance(data, 1);
    expect(lease(data, 'first')).toMatchObject({ limit: 40, slots: 40 });
  });

  it('tells a job of a bounded number of changes, however many others come and go', () => {
    const data = cluster(claim('long', 1000));
    for (let i = 0; i < 200; i++) {
      leases.enqueue(data, claim(`short-${i}`, 40), i);
      leases.balance(data, i);
      giveBack(data, 'long');
      leases.balance(data, i);
      leases.release(data, `short-${i}`);
      leases.balance(data, i);
    }
    expect(lease(data, 'long').told).toBeLessThanOrEqual(16);
  });
});

/** What jobs and their tasks may do, in any order. */
type Step =
  | { do: 'claim'; id: number; slots: number; minSlots: number; priority: number }
  | { do: 'report'; id: number; ended: number; stale: boolean }
  | { do: 'need' | 'release'; id: number; slots: number };

const id = fc.integer({ min: 0, max: 6 });
const slots = fc.integer({ min: 1, max: 60 });
const steps = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant('claim' as const),
      id,
      slots,
      minSlots: fc.integer({ min: 1, max: 4 }),
      priority: fc.integer({ min: 0, max: 2 }),
    }),
    fc.record({ do: fc.constant('report' as const), id, ended: fc.integer({ min: 0, max: 40 }), stale: fc.boolean() }),
    fc.record({ do: fc.constantFrom('need' as const, 'release' as const), id, slots }),
  ),
  { maxLength: 60 },
);

/** A cluster together with what its jobs really run, which the cluster learns of only by reports. */
class World {
  readonly data = newCluster(TEMPLATE);
  readonly running = new Map<string, number>();

  apply(step: Step, now: number): void {
    const { data, running } = this;
    const leaseId = `j${step.id}`;
    const held = data.leases.find((entry) => entry.leaseId === leaseId);
    if (step.do === 'claim' && !held && step.slots >= step.minSlots)
      leases.enqueue(data, claim(leaseId, step.slots, step), now);
    if (step.do === 'report' && held) {
      const ran = running.get(leaseId) ?? 0;
      running.set(leaseId, Math.max(0, ran - step.ended));
      const report = {
        grant: step.stale ? held.grant - 1 : held.grant,
        slots: Math.max(held.limit, running.get(leaseId)!),
      };
      leases.renew(data, leaseId, now, { held: step.stale ? { ...report, slots: 0 } : report });
    }
    if (step.do === 'need' && held) {
      running.set(leaseId, Math.min(running.get(leaseId) ?? 0, step.slots));
      leases.renew(data, leaseId, now, { needed: step.slots });
    }
    if (step.do === 'release') {
      running.delete(leaseId);
      leases.release(data, leaseId);
    }
    leases.balance(data, now);
    // Every job fills what it was told it may use; what runs beyond runs on.
    for (const entry of data.leases) {
      running.set(entry.leaseId, Math.max(running.get(entry.leaseId) ?? 0, Math.min(entry.limit, entry.wanted)));
    }
  }

  /** Every holder does as it was told, until nothing moves any more. */
  settle(): void {
    for (let round = 0; round < 20; round++) {
      for (const { leaseId } of this.data.leases) giveBack(this.data, leaseId);
      leases.balance(this.data, 1000 + round);
    }
  }
}

describe('whatever jobs do', () => {
  it('never lets tasks take more slots than the cluster has', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const world = new World();
        all.forEach((step, now) => {
          world.apply(step, now);
          expect(leases.freeSlots(world.data)).toBeGreaterThanOrEqual(0);
          const running = [...world.running.values()].reduce((sum, slots) => sum + slots, 0);
          expect(running).toBeLessThanOrEqual(CAPACITY);
          for (const entry of world.data.leases) expect(entry.limit).toBeLessThanOrEqual(entry.slots);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('starves nobody: with as many slots as jobs, all get to run once the others did as told', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const world = new World();
        all.forEach((step, now) => world.apply(step, now));
        world.settle();
        // At most seven jobs of at most four slots a task fit into forty slots, unless higher ones want everything.
        const highest = Math.max(0, ...world.data.queue.map(({ priority }) => priority));
        expect(world.data.leases.some(({ priority }) => priority > highest) || world.data.queue.length === 0).toBe(
          true,
        );
      }),
      { numRuns: 300 },
    );
  });
});
