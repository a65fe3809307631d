/** The pure part of the cluster entity: leases, queue and demand. No Temporal, no clock of its own. */
import type { LeaseAnswer, LeaseRequest, PoolTemplate, Waiting } from '@windrow/contract';
import { LEASE_TTL_MS, slotsPerNode } from '@windrow/contract';
import type { PoolStatus } from '../activities/pool-types';

export type { PoolStatus };

export interface Lease {
  leaseId: string;
  holder: string;
  job: string;
  /** Slots granted; the ceiling. */
  slots: number;
  /** Slots the job could use if it had them. */
  wanted: number;
  minSlots: number;
  priority: number;
  since: number;
  expiresAt: number;
  /** Its time was up once; the next time it is dropped. */
  suspect?: boolean;
}

export interface QueuedRequest extends LeaseRequest {
  since: number;
  expiresAt: number;
  suspect?: boolean;
}

export interface ClusterData {
  template: PoolTemplate;
  leases: Lease[];
  queue: QueuedRequest[];
  /** Nodes last asked of Batch; undefined before the pool exists. */
  target?: number;
  /** Index into `template.vmSizes`. */
  vmSize: number;
  /** Service time of our last resize (ISO); resize errors of an older date are stale. */
  resizedAt?: string;
  status: PoolStatus;
  waiting?: Waiting;
  broken?: { code: string; message: string };
  /** When the cluster last had demand for its present size. */
  idleSince?: number;
  /** Earliest time of the next attempt after a quota or capacity error. */
  retryAt?: number;
  retries: number;
  /** Earliest time of the next watch after one that failed. */
  watchAgainAt?: number;
  /** When we last asked Batch for a size, by our own clock. */
  sizedAt: number;
  deleting: boolean;
  /** Somebody has asked for slots; before that an ephemeral cluster is not over but has not begun. */
  claimed: boolean;
}

export const NO_STATUS: PoolStatus = { allocationState: 'steady', current: 0, usable: 0, failed: 0, errors: [] };

export function newCluster(template: PoolTemplate): ClusterData {
  return {
    template,
    leases: [],
    queue: [],
    vmSize: 0,
    status: NO_STATUS,
    retries: 0,
    sizedAt: 0,
    deleting: false,
    claimed: false,
  };
}

/** A size is kept this long before it shrinks under a job: a resize for the last seconds of a job saves nothing. */
export const SHRINK_MS = 60_000;

export const GRACE_MS = 120_000;

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
    adjust(data, held, asked.slots);
    held.priority = asked.priority;
    // A lease that is too small for what it now has to hold is given back by its holder, who queues for enough.
    held.minSlots = Math.min(asked.minSlots, held.slots);
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
  if (held) return { state: 'granted', slots: held.slots, poolId };
  const position = inOrder(data.queue).findIndex((entry) => entry.leaseId === leaseId) + 1;
  return { state: 'queued', slots: 0, poolId, position };
}

/** Moves requests from the queue to leases, by priority and then in order of arrival, as far as slots allow. */
export function grantQueued(data: ClusterData, now: number): Lease[] {
  const granted: Lease[] = [];
  for (const entry of inOrder(data.queue)) {
    const slots = Math.min(entry.slots, freeSlots(data));
    // The head waits for enough slots; letting smaller ones pass would starve it.
    if (slots < entry.minSlots) break;
    const { leaseId, holder, job, minSlots, priority, since } = entry;
    const lease = {
      leaseId,
      holder,
      job,
      slots,
      wanted: entry.slots,
      minSlots,
      priority,
      since,
      expiresAt: now + LEASE_TTL_MS,
    };
    data.leases.push(lease);
    granted.push(lease);
    data.queue = data.queue.filter((other) => other.leaseId !== leaseId);
  }
  return data.queue.length > 0 ? granted : [...granted, ...growLeases(data)];
}

/** What nobody waits for goes to the jobs that could use more, in steps that are worth telling them of. */
function growLeases(data: ClusterData): Lease[] {
  const grown: Lease[] = [];
  for (const lease of inOrder(data.leases)) {
    const gain = Math.min(lease.wanted - lease.slots, freeSlots(data));
    if (gain <= 0 || (gain < lease.slots / 4 && lease.slots + gain < lease.wanted)) continue;
    lease.slots += gain;
    grown.push(lease);
  }
  return grown;
}

export function renew(data: ClusterData, leaseId: string, now: number, needed?: number): void {
  const entry = data.leases.find((lease) => lease.leaseId === leaseId);
  if (entry) {
    prolong(entry, now);
    if (needed !== undefined) adjust(data, entry, needed);
    return;
  }
  const queued = data.queue.find((request) => request.leaseId === leaseId);
  if (queued) prolong(queued, now);
}

/** Slots a draining job no longer needs go to the next in the queue; a later wave may get free ones back. */
function adjust(data: ClusterData, lease: Lease, wanted: number): void {
  lease.wanted = wanted;
  const kept = Math.max(Math.min(lease.slots, wanted), lease.minSlots);
  lease.slots = kept;
  lease.slots += Math.max(0, Math.min(wanted - kept, freeSlots(data)));
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

/** Nodes that the leases can use at this moment: `ceil(slots / slots per node)` within [min, max]. */
export function demandedNodes(data: ClusterData): number {
  const { min = 0, max } = data.template.nodes;
  const slots = data.leases.reduce((sum, lease) => sum + Math.min(lease.slots, lease.wanted), 0);
  return Math.min(max, Math.max(min, Math.ceil(slots / slotsPerNode(data.template))));
}

/**
 * Size to ask of Batch now. Growth is immediate. Shrinking waits until demand is half of what stands, or until the
 * cluster was idle for a while: each resize blocks the next one until the pool is steady again.
 */
export function desiredNodes(data: ClusterData, now: number, idleMs: number): number {
  const demand = demandedNodes(data);
  const target = data.target ?? 0;
  if (data.broken) return 0;
  if (demand >= target) return demand;
  if (data.leases.length > 0) return demand <= target / 2 && now - data.sizedAt >= SHRINK_MS ? demand : target;
  return data.idleSince !== undefined && now - data.idleSince >= idleMs ? demand : target;
}

/** Consecutive node failures with no usable node after which scaling stops. */
export function breakerThreshold(target: number): number {
  return Math.max(1, Math.min(3, target));
}

export function tripsBreaker(data: ClusterData): boolean {
  const { status, target = 0 } = data;
  return target > 0 && status.usable === 0 && status.failed >= breakerThreshold(target);
}

/** By priority, then in order of arrival. */
function inOrder<T extends { priority: number; since: number }>(entries: T[]): T[] {
  return [...entries].sort((a, b) => b.priority - a.priority || a.since - b.since);
}
