/** What a cluster does when Azure has no nodes, or no pools, to give: the next VM size, or patience. Pure. */
import type { ClusterData } from './cluster-state';

const BACKOFF_MS = 5000;
const MAX_BACKOFF_MS = 5 * 60_000;

export interface Refusal {
  code: string;
  message: string;
}

/** Turns a fresh resize error into a time to ask again, with the reason; clears both once nodes are there. */
export function judgeCapacity(data: ClusterData, now: number): void {
  const [error] = data.status.errors;
  if (error && data.retryAt === undefined && data.status.usable < (data.target ?? 0)) {
    const moved = takeNextSize(data);
    askAgain(data, error, now, moved ? 0 : backoff(data));
  } else if (!error && data.status.usable > 0) {
    delete data.waiting;
    delete data.retryAt;
    data.retries = 0;
  }
}

/** The account takes no further pool: no other VM size can help. */
export function waitForPool(data: ClusterData, refusal: Refusal, now: number): void {
  askAgain(data, refusal, now, backoff(data));
}

/** A pool can change its size of VM only while it has no nodes. False when a full round was made, which is one try. */
function takeNextSize(data: ClusterData): boolean {
  const sizes = data.template.vmSizes.length;
  if (sizes === 1 || data.status.current > 0) return false;
  data.vmSize = (data.vmSize + 1) % sizes;
  return data.vmSize !== 0;
}

function backoff(data: ClusterData): number {
  const wait = Math.min(BACKOFF_MS * 2 ** data.retries, MAX_BACKOFF_MS);
  data.retries += 1;
  return wait;
}

function askAgain(data: ClusterData, { code, message }: Refusal, now: number, wait: number): void {
  data.retryAt = now + wait;
  if (data.waiting?.code === code) return;
  const sizes = data.template.vmSizes.join(' or ');
  const text = `Azure Batch gives no nodes of size ${sizes} at the moment (${code}: ${message}). Windrow keeps asking.`;
  data.waiting = { code, message: text, since: new Date(now).toISOString() };
}
