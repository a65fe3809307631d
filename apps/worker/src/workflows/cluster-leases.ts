/**
 * Leases and queue of a cluster. Pure: no Temporal, no clock of its own.
 *
 * A lease has two numbers. `slots` is what its tasks may take up and what counts against the capacity; `limit` is what
 * the holder was told to keep to. To take slots away the cluster lowers the limit, and the slots follow only when the
 * holder reports that its tasks hold fewer, so that the sum of `slots` never exceeds the capacity.
 */
import type { LeaseAnswer, LeaseRequest } from '@windrow/contract';
import { LEASE_TTL_MS, slotsPerNode } from '@windrow/contract';
import type { ClusterData, Lease, QueuedRequest } from './cluster-data';
import { fairShares } from './cluster-shares';
import { usageFrom } from './cluster-usage';

export const GRACE_MS = 120_000;
/** Changes of a grant that a holder is told of exactly; each costs it some events of its history. */
const EXACT_GRANTS = 6;
/** Changes in all, but for those that somebody could not begin without. */
const MAX_GRANTS = 15;

/** Slots of the pool at its largest. */
export function capacity(data: ClusterData): number {
  return data.template.nodes.max * slotsPerNode(data.template);
}

export function freeSlots(data: ClusterData): number {
  return capacity(data) - data.leases.reduce((sum, lease) => sum + lease.slots, 0);
}

/** Takes a request into the queue, unless its lease id is there already: asking again is one claim, renewed and adjusted. */
export function enqueue(data: ClusterData, asked: LeaseRequest, now: number): void {
  data.claimed = true;
  const held = data.leases.find((lease) => lease.leaseId === asked.leaseId);
  if (held) {
    if (asked.idle) held.slots = held.limit;
    adjust(data, held, asked.slots, now);
    held.priority = asked.priority;
    // A lease that is too small for what it now has to hold is given back by its holder, who queues for enough.
    held.minSlots = Math.min(asked.minSlots, held.limit);
    prolong(held, now);
    return;
  }
  const known = data.queue.find((entry) => entry.leaseId === asked.leaseId);
  if (known) {
    Object.assign(known, asked);
    prolong(known, now);
  } else data.queue.push({ ...asked, since: now, expiresAt: now + LEASE_TTL_MS });
}

/** What the holder of a lease id is to be told at this moment. */
export function answerFor(data: ClusterData, leaseId: string, poolId: string): LeaseAnswer {
  const held = data.leases.find((lease) => lease.leaseId === leaseId);
  if (held) return { state: 'granted', slots: held.limit, poolId, grant: held.grant };
  return { state: 'queued', slots: 0, poolId, position: queuePosition(data, leaseId) };
}

/** From 1, by priority and then in order of arrival. */
export function queuePosition(data: ClusterData, leaseId: string): number {
  return inOrder(data.queue).findIndex((entry) => entry.leaseId === leaseId) + 1;
}

/**
 * Lowers leases above their fair share, moves requests from the queue to leases, by priority and then in order of
 * arrival, as far as slots are free, and gives what nobody waits for to those that could use more.
 * Returns the leases whose holders have to hear of it.
 */
export function balance(data: ClusterData, now: number): Lease[] {
  const shares = sharesOf(data);
  return [
    ...new Set([
      ...lowerLeases(data, shares, now),
      ...grantQueued(data, shares, now),
      ...raiseLeases(data, shares, now),
    ]),
  ];
}

type Shares = Map<string, number>;

/** Who is above the share that is fair now is told to start no more tasks than that. */
function lowerLeases(data: ClusterData, shares: Shares, now: number): Lease[] {
  const lowered: Lease[] = [];
  const floor = (lease: Lease) => Math.max(shares.get(lease.leaseId) ?? 0, lease.minSlots);
  const lower = (lease: Lease) => {
    setLimit(lease, floor(lease), now);
    lowered.push(lease);
  };
  for (const lease of data.leases) if (isWorthTelling(lease, lease.limit - floor(lease))) lower(lease);
  // Whoever cannot even begin is not kept waiting by what was not worth telling.
  while (shortage(data, shares) > 0) {
    const above = (lease: Lease) => lease.limit - floor(lease);
    const [largest] = [...data.leases].sort((a, b) => above(b) - above(a));
    if (!largest || above(largest) <= 0) break;
    lower(largest);
  }
  return lowered;
}

/** Slots that those in the queue who have a share need to begin, beyond those free or being given back. */
function shortage(data: ClusterData, shares: Shares): number {
  const due = data.queue.filter(({ leaseId }) => shares.get(leaseId));
  const coming = capacity(data) - data.leases.reduce((sum, lease) => sum + lease.limit, 0);
  return due.reduce((sum, entry) => sum + entry.minSlots, 0) - coming;
}

function grantQueued(data: ClusterData, shares: Shares, now: number): Lease[] {
  const granted: Lease[] = [];
  for (const entry of inOrder(data.queue)) {
    const share = shares.get(entry.leaseId) ?? 0;
    const slots = Math.min(share, freeSlots(data));
    // The head waits for enough slots; letting smaller ones pass would starve it.
    if (share === 0 || slots < entry.minSlots) break;
    const { slots: wanted, expiresAt: _until, suspect: _suspect, idle: _idle, used, ...request } = entry;
    const usage = usageFrom(used);
    const lease = {
      ...request,
      wanted,
      slots,
      limit: slots,
      expiresAt: now + LEASE_TTL_MS,
      grant: now,
      told: 0,
      usage,
    };
    data.leases.push(lease);
    granted.push(lease);
    data.queue = data.queue.filter((other) => other.leaseId !== entry.leaseId);
  }
  return granted;
}

/** What nobody waits for goes to the leases below their share, in steps that are worth telling them of. */
function raiseLeases(data: ClusterData, shares: Shares, now: number): Lease[] {
  if (data.queue.some(({ leaseId }) => shares.get(leaseId))) return [];
  const raised: Lease[] = [];
  for (const lease of inOrder(data.leases)) {
    // What it still holds above its limit costs nobody anything.
    const reachable = lease.slots + Math.max(0, freeSlots(data));
    const limit = Math.min(shares.get(lease.leaseId) ?? 0, lease.wanted, reachable);
    const gain = limit - lease.limit;
    if (gain <= 0 || (gain < lease.limit / 4 && limit < lease.wanted) || lease.told >= MAX_GRANTS) continue;
    setLimit(lease, limit, now);
    lease.slots = Math.max(lease.slots, limit);
    raised.push(lease);
  }
  return raised;
}

function isWorthTelling(lease: Lease, change: number): boolean {
  if (change < lease.minSlots || lease.told >= MAX_GRANTS) return false;
  return lease.told < EXACT_GRANTS || change >= lease.limit / 4;
}

/** Grants count on by the clock, so that a cluster that was made anew is not taken for an older one. */
function setLimit(lease: Lease, limit: number, now: number): void {
  lease.limit = limit;
  lease.grant = Math.max(lease.grant + 1, now);
  lease.told += 1;
}

function sharesOf(data: ClusterData): Shares {
  const leased = data.leases.map((lease) => ({ ...lease, holds: true }));
  const waiting = data.queue.map((entry) => ({ ...entry, wanted: entry.slots, holds: false }));
  return fairShares([...leased, ...waiting], capacity(data));
}

export interface Renewal {
  /** Slots the job can still use. */
  needed?: number | undefined;
  /** What its tasks hold, see `RenewMessage.held`. */
  held?: { grant: number; slots: number } | undefined;
}

/** A report on an older grant than the last one told is out of date, and counts as a sign of life only. */
export function renew(data: ClusterData, leaseId: string, now: number, { needed, held }: Renewal = {}): void {
  const entry = data.leases.find((lease) => lease.leaseId === leaseId);
  if (entry) {
    prolong(entry, now);
    if (held?.grant === entry.grant) entry.slots = Math.max(entry.limit, Math.min(entry.slots, held.slots));
    if (needed !== undefined) drain(entry, needed);
    return;
  }
  const queued = data.queue.find((request) => request.leaseId === leaseId);
  if (queued) prolong(queued, now);
}

/** Slots a draining job no longer needs go to the next in the queue. It cannot use them: nobody has to tell it. */
function drain(lease: Lease, wanted: number): void {
  lease.wanted = wanted;
  lease.slots = Math.max(Math.min(lease.slots, wanted), lease.minSlots);
  lease.limit = Math.min(lease.limit, lease.slots);
}

/** A claim that is made again, for a further wave of the job: its share, as far as that is free. */
function adjust(data: ClusterData, lease: Lease, wanted: number, now: number): void {
  drain(lease, wanted);
  const shares = sharesOf(data);
  const othersWait = data.queue.some(({ leaseId }) => shares.get(leaseId));
  const reachable = lease.slots + (othersWait ? 0 : Math.max(0, freeSlots(data)));
  const limit = Math.max(lease.limit, Math.min(wanted, reachable, shares.get(lease.leaseId) ?? 0));
  setLimit(lease, limit, now);
  lease.slots = Math.max(lease.slots, limit);
}

function prolong(entry: Lease | QueuedRequest, now: number): void {
  entry.expiresAt = now + LEASE_TTL_MS;
  delete entry.suspect;
}

/** True when there was such a lease or request. Releasing twice is harmless. */
export function release(data: ClusterData, leaseId: string): boolean {
  const before = data.leases.length + data.queue.length;
  data.leases = data.leases.filter((lease) => lease.leaseId !== leaseId);
  data.queue = data.queue.filter((entry) => entry.leaseId !== leaseId);
  return data.leases.length + data.queue.length < before;
}

/**
 * Drops what nobody renewed: its owner is dead. Everything gets a grace first: after an outage of all workers the
 * expiry is due before the owners, which were down as well, had a chance to renew.
 */
export function expire(data: ClusterData, now: number): string[] {
  const due = [...data.leases, ...data.queue].filter((entry) => entry.expiresAt <= now);
  const dead = due.filter((entry) => entry.suspect).map((entry) => entry.leaseId);
  for (const entry of due) Object.assign(entry, { suspect: true, expiresAt: now + GRACE_MS });
  for (const leaseId of dead) release(data, leaseId);
  return dead;
}

export function nextExpiry(data: ClusterData): number | undefined {
  const times = [...data.leases, ...data.queue].map((entry) => entry.expiresAt);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** By priority, then in order of arrival. */
function inOrder<T extends { priority: number; since: number }>(entries: T[]): T[] {
  return [...entries].sort((a, b) => b.priority - a.priority || a.since - b.since);
}
