/**
 * What a cluster does when nodes are missing: the next VM size, dedicated nodes in the place of spot ones, another
 * push, or patience. A lack of nodes is never a failure. Pure.
 */
import type { Reason, Stuck } from '../activities/pool-types';
import type { ClusterData } from './cluster-data';
import { isAutoscaled, splitNodes } from './cluster-size';

const BACKOFF_MS = 5000;
const MAX_BACKOFF_MS = 5 * 60_000;

/** What a pool that stands still is said to do. */
export const STILL: Record<Stuck, string> = {
  resizing: 'has been resizing for longer than its time-out allows',
  short: 'is steady below its size, and no error says why',
  formula: 'no longer evaluates its autoscale formula',
};

/** Turns what the pool shows into a time to ask again, with the reason; clears both once nothing is missing. */
export function judgeCapacity(data: ClusterData, now: number): void {
  if (data.target === undefined) return;
  const { errors, stuck, formulaError, usable } = data.status;
  const [error] = errors;
  returnStandIns(data);
  if (isWhole(data)) {
    // All that the quota gave is there; what it did not give is still waited for.
    if (data.waiting?.code === 'WorkspaceQuota' && data.retryAt !== undefined) return;
    delete data.waiting;
    delete data.retryAt;
    data.retries = 0;
  } else if (data.retryAt !== undefined) {
    return;
  } else if (error && (usable < data.target || missingSpot(data) > 0)) {
    refusedNodes(data, error, now);
  } else if (stuck) {
    data.kick = stuck;
    const code = missingSpot(data) > 0 ? 'SpotNodesMissing' : 'PoolStuck';
    const stoodIn = addStandIns(data);
    waitForNodes(data, { code, message: `the pool ${STILL[stuck]}` }, now);
    data.retryAt = now + (stoodIn || data.retries === 0 ? firstTry(data) : backoff(data));
  } else if (formulaError) {
    say(data, formulaError.code, `Azure Batch cannot evaluate the autoscale formula: ${formulaError.message}`, now);
  }
}

/** The account takes no further pool: no other VM size can help. */
export function waitForPool(data: ClusterData, refusal: Reason, now: number): void {
  const { code, message } = refusal;
  say(data, code, `Azure Batch takes no further pool at the moment (${code}: ${message}). Windrow keeps asking.`, now);
  data.retryAt = now + backoff(data);
}

function refusedNodes(data: ClusterData, error: Reason, now: number): void {
  const atOnce = takeNextSize(data) || addStandIns(data);
  waitForNodes(data, error, now);
  data.retryAt = now + (atOnce ? 0 : backoff(data));
}

/** The workspace may have no further nodes: it says when there are some, and is asked again besides. */
export function waitForQuota(data: ClusterData, { code, message }: Reason, now: number): void {
  say(data, code, message, now);
  data.retryAt = now + MAX_BACKOFF_MS;
}

/** All nodes that were asked for are there, and nothing is said against it. */
function isWhole({ status, target = 0, standIns }: ClusterData): boolean {
  const { allocationState, errors, formulaError, stuck, current } = status;
  if (allocationState !== 'steady' || errors.length > 0 || formulaError || stuck) return false;
  return current >= target + standIns;
}

/** Spot nodes asked for and not there; evicted ones that were not replaced are not there. */
export function missingSpot(data: ClusterData): number {
  if (isAutoscaled(data)) return Math.max(0, data.status.spot.target - data.status.spot.current);
  const { spot } = splitNodes(data.target ?? 0, data.template.nodes);
  return Math.max(0, spot - data.status.spot.current);
}

/** A pool can change its size of VM only while it has no nodes. False when a full round was made, which is one try. */
function takeNextSize(data: ClusterData): boolean {
  const sizes = data.template.vmSizes.length;
  if (sizes === 1 || data.status.current + data.status.evicted > 0) return false;
  data.vmSize = (data.vmSize + 1) % sizes;
  return data.vmSize !== 0;
}

/** Dedicated nodes for the spot nodes that cannot be had. True when more of them are wanted than before. */
function addStandIns(data: ClusterData): boolean {
  if (data.template.nodes.spotFallback !== 'dedicated' || isAutoscaled(data)) return false;
  const missing = missingSpot(data);
  if (missing <= data.standIns) return false;
  data.standIns = missing;
  return true;
}

/** Spot nodes are back, or are no longer wanted: so many stand-ins can go, when their tasks have ended. */
function returnStandIns(data: ClusterData): void {
  if (data.status.allocationState === 'steady') data.standIns = Math.min(data.standIns, missingSpot(data));
}

function firstTry(data: ClusterData): number {
  data.retries = Math.max(1, data.retries);
  return 0;
}

function backoff(data: ClusterData): number {
  const wait = Math.min(BACKOFF_MS * 2 ** data.retries, MAX_BACKOFF_MS);
  data.retries += 1;
  return wait;
}

function waitForNodes(data: ClusterData, { code, message }: Reason, now: number): void {
  const sizes = data.template.vmSizes.join(' or ');
  const { dedicated, spot } = lacking(data);
  const kinds = [...(dedicated > 0 ? [`${dedicated} dedicated`] : []), ...(spot > 0 ? [`${spot} spot`] : [])];
  const missing = kinds.length > 0 ? ` Missing: ${kinds.join(' and ')} nodes.` : '';
  const instead = data.standIns > 0 ? ` ${data.standIns} dedicated nodes stand in for spot nodes.` : '';
  const text = `Azure Batch gives no nodes of size ${sizes} at the moment (${code}: ${message}).`;
  say(data, code, `${text}${missing}${instead} Windrow keeps asking.`, now);
}

function lacking(data: ClusterData): { dedicated: number; spot: number } {
  const spot = missingSpot(data);
  const missing = Math.max(0, (data.target ?? 0) - data.status.current);
  return { dedicated: Math.max(0, missing - spot), spot };
}

/** The time since when it waits stays while the reason does, however often it is asked again meanwhile. */
function say(data: ClusterData, code: string, message: string, now: number): void {
  const since = data.waiting?.code === code ? data.waiting.since : new Date(now).toISOString();
  data.waiting = { code, message, since };
}
