/** How many nodes a cluster is to have, of which kind, and when it is to be given up. Pure. */
import { DEFAULT_IDLE_TIMEOUT, durationMs, slotsPerNode } from '@windrow/contract';
import type { NodesSpec } from '@windrow/contract';
import type { NodeTargets } from '../activities/pool-types';
import type { ClusterData } from './cluster-data';

/** A size is kept this long before it shrinks under a job: a resize for the last seconds of a job saves nothing. */
export const SHRINK_MS = 60_000;

/** A formula sizes the pool, and Windrow only leases its slots and watches it. */
export function isAutoscaled(data: ClusterData): boolean {
  return data.template.autoscaleFormula !== undefined;
}

export function idleTimeoutMs(data: ClusterData): number {
  return durationMs(data.template.idleTimeout ?? DEFAULT_IDLE_TIMEOUT);
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
export function desiredNodes(data: ClusterData, now: number): number {
  const demand = demandedNodes(data);
  const target = data.target ?? 0;
  if (data.broken) return 0;
  if (demand >= target) return demand;
  if (data.leases.length > 0) return demand <= target / 2 && now - data.sizedAt >= SHRINK_MS ? demand : target;
  return isIdle(data, now) ? demand : target;
}

/** Nobody has leased anything for the whole of the idle time-out. */
export function isIdle(data: ClusterData, now: number): boolean {
  return data.idleSince !== undefined && now - data.idleSince >= idleTimeoutMs(data);
}

/** Spot nodes first: their share of the target is rounded up. Stand-ins are dedicated nodes beside the spot nodes. */
export function splitNodes(
  target: number,
  { spotPercent = 0 }: Pick<NodesSpec, 'spotPercent'>,
  standIns = 0,
): NodeTargets {
  const spot = Math.ceil((target * spotPercent) / 100);
  return { dedicated: target - spot + Math.min(spot, standIns), spot };
}

/** Consecutive node failures with no usable node after which scaling stops. */
export function breakerThreshold(target: number): number {
  return Math.max(1, Math.min(3, target));
}

export function tripsBreaker(data: ClusterData): boolean {
  const { status, target = 0 } = data;
  return target > 0 && status.usable === 0 && status.failed >= breakerThreshold(target);
}
