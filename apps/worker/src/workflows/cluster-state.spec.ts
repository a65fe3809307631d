import type { LeaseRequest, PoolTemplate } from '@windrow/contract';
import { LEASE_TTL_MS } from '@windrow/contract';
import * as state from './cluster-state';

const TEMPLATE: PoolTemplate = { vmSizes: ['a', 'b'], nodes: { min: 0, max: 10 }, slotsPerNode: 4 };

function claim(leaseId: string, slots: number, more: Partial<LeaseRequest> = {}): LeaseRequest {
  return { leaseId, holder: `job:${leaseId}`, job: leaseId, slots, minSlots: 1, priority: 1, ...more };
}

function cluster(...claims: LeaseRequest[]): state.ClusterData {
  const data = state.newCluster(TEMPLATE);
  claims.forEach((asked, i) => {
    state.enqueue(data, asked, i);
    state.grantQueued(data, i);
  });
  return data;
}

describe('leases of a cluster', () => {
  it('grants as many slots as are free, and the rest waits', () => {
    const data = cluster(claim('a', 30), claim('b', 30), claim('c', 5));
    expect(data.leases.map(({ leaseId, slots }) => [leaseId, slots])).toEqual([
      ['a', 30],
      ['b', 10],
    ]);
    expect(state.answerFor(data, 'c', 'p')).toEqual({ state: 'queued', slots: 0, poolId: 'p', position: 1 });
  });

  it('follows a holder that asks again with another priority and larger tasks, within what is free', () => {
    const data = cluster(claim('a', 30), claim('b', 10), claim('c', 10));
    state.enqueue(data, claim('a', 30, { priority: 2, minSlots: 4 }), 5);
    expect(data.leases[0]).toMatchObject({ slots: 30, priority: 2, minSlots: 4 });
    state.enqueue(data, claim('c', 8, { priority: 0, minSlots: 2 }), 5);
    expect(data.queue).toMatchObject([{ leaseId: 'c', slots: 8, priority: 0, minSlots: 2 }]);
    // Never more than there are: a lease of one slot does not become one of four for the asking.
    state.renew(data, 'b', 6, 1);
    state.enqueue(data, claim('d', 9), 6);
    state.grantQueued(data, 6);
    state.enqueue(data, claim('b', 4, { minSlots: 4 }), 7);
    const held = data.leases.reduce((sum, lease) => sum + lease.slots, 0);
    expect(held).toBeLessThanOrEqual(40);
  });

  it('takes a repeated claim for the same one', () => {
    const data = cluster(claim('a', 30), claim('a', 30));
    expect(data.leases).toHaveLength(1);
    expect(state.freeSlots(data)).toBe(10);
  });

  it('grants by priority, then in order of arrival', () => {
    const data = cluster(claim('all', 40), claim('low', 40, { priority: 0 }), claim('high', 40, { priority: 2 }));
    expect(state.answerFor(data, 'high', 'p').position).toBe(1);
    state.release(data, 'all');
    expect(state.grantQueued(data, 9).map((lease) => lease.leaseId)).toEqual(['high']);
  });

  it('does not let a small claim pass the head of the queue, which would starve', () => {
    const data = cluster(claim('a', 39), claim('wide', 8, { minSlots: 4 }), claim('small', 1));
    expect(data.leases.map((lease) => lease.leaseId)).toEqual(['a']);
  });

  it('hands the slots that a draining job no longer needs to the next', () => {
    const data = cluster(claim('a', 40), claim('b', 40));
    state.renew(data, 'a', 5, 10);
    expect(state.grantQueued(data, 6)).toMatchObject([{ leaseId: 'b', slots: 30 }]);
  });

  it('gives a later wave of a job free slots back, and none that others hold', () => {
    const data = cluster(claim('a', 40));
    state.renew(data, 'a', 5, 4);
    state.enqueue(data, claim('b', 6), 6);
    state.grantQueued(data, 6);
    state.enqueue(data, claim('a', 20), 7);
    expect(data.leases).toMatchObject([{ slots: 20, wanted: 20 }, { slots: 6 }]);
    state.enqueue(data, claim('a', 40), 8);
    expect(data.leases).toMatchObject([{ slots: 34, wanted: 40 }, { slots: 6 }]);
  });

  it('gives what is freed to a job that could use more, when nobody waits for it', () => {
    const data = cluster(claim('first', 38), claim('late', 40));
    expect(data.leases[1]).toMatchObject({ leaseId: 'late', slots: 2, wanted: 40 });
    state.release(data, 'first');
    expect(state.grantQueued(data, 9)).toMatchObject([{ leaseId: 'late', slots: 40 }]);
    expect(state.grantQueued(data, 9)).toEqual([]);
  });

  it('does not tell a job of every slot it gains', () => {
    const data = cluster(claim('a', 39), claim('b', 1));
    data.leases[0]!.wanted = 100;
    data.leases[0]!.slots = 38;
    expect(state.grantQueued(data, 9)).toEqual([]);
  });

  it('drops a lease that nobody renewed, and a claim whose owner is dead', () => {
    const data = cluster(claim('a', 40), claim('b', 1));
    state.renew(data, 'a', LEASE_TTL_MS - 1);
    const due = LEASE_TTL_MS + 5;
    expect(state.expire(data, due)).toEqual([]);
    expect(state.expire(data, due + state.GRACE_MS)).toEqual(['b']);
    expect(data.leases.map((lease) => lease.leaseId)).toEqual(['a']);
  });

  it('gives an owner that was down together with the cluster the chance to renew', () => {
    const data = cluster(claim('a', 40));
    const back = 10 * LEASE_TTL_MS;
    expect(state.expire(data, back)).toEqual([]);
    state.renew(data, 'a', back + 1);
    expect(state.expire(data, back + state.GRACE_MS)).toEqual([]);
  });

  it('releases twice without harm', () => {
    const data = cluster(claim('a', 40));
    expect(state.release(data, 'a')).toBe(true);
    expect(state.release(data, 'a')).toBe(false);
  });
});

describe('size of a cluster', () => {
  const IDLE = 1000;

  it.each([
    [0, 0],
    [1, 1],
    [4, 1],
    [5, 2],
    [400, 10],
  ])('%i slots make %i nodes of 4 slots, at most 10', (slots, nodes) => {
    const data = slots === 0 ? cluster() : cluster(claim('a', slots));
    expect(state.demandedNodes(data)).toBe(nodes);
  });

  it('grows at once', () => {
    const data = cluster(claim('a', 40));
    data.target = 2;
    expect(state.desiredNodes(data, 0, IDLE)).toBe(10);
  });

  it('shrinks under a job only when half is no longer needed, and not soon after a resize', () => {
    const data = cluster(claim('a', 40));
    data.target = 10;
    data.sizedAt = 0;
    state.renew(data, 'a', 0, 24);
    expect(state.desiredNodes(data, state.SHRINK_MS, IDLE)).toBe(10);
    state.renew(data, 'a', 0, 20);
    expect(state.desiredNodes(data, state.SHRINK_MS - 1, IDLE)).toBe(10);
    expect(state.desiredNodes(data, state.SHRINK_MS, IDLE)).toBe(5);
  });

  it('keeps an idle cluster for a while, then shrinks it to its minimum', () => {
    const data = cluster();
    data.target = 5;
    data.idleSince = 100;
    expect(state.desiredNodes(data, 100 + IDLE - 1, IDLE)).toBe(5);
    expect(state.desiredNodes(data, 100 + IDLE, IDLE)).toBe(0);
  });

  it('asks for nothing once the breaker has tripped', () => {
    const data = cluster(claim('a', 40));
    data.target = 10;
    data.broken = { code: 'x', message: 'y' };
    expect(state.desiredNodes(data, 0, IDLE)).toBe(0);
  });
});

describe('the breaker', () => {
  const status = (usable: number, failed: number) => ({
    allocationState: 'steady',
    current: 9,
    usable,
    failed,
    errors: [],
  });

  it.each([
    [10, 0, 3, true],
    [10, 0, 2, false],
    [10, 1, 9, false],
    [1, 0, 1, true],
    [0, 0, 3, false],
  ])('target %i, %i usable, %i failed: trips %s', (target, usable, failed, trips) => {
    const data = { ...cluster(), target, status: status(usable, failed) };
    expect(state.tripsBreaker(data)).toBe(trips);
  });
});
