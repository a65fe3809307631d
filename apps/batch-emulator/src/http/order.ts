import { BatchError } from '../errors';
import { CATALOGUE } from '../errors/catalogue';
import type { FaultRules } from '../faults/fault-rules';

const DEFAULT_CODES: Record<number, string> = { 429: 'TooManyRequests', 500: 'InternalError', 503: 'ServerBusy' };

/** Throttling and server errors that were ordered strike before anything is done. */
export function rejectIfOrdered(faults: FaultRules, operation: string, poolId: string | undefined): void {
  const rule = faults.takeRequest('reject', operation, poolId);
  if (!rule) return;
  const status = rule.status ?? 503;
  const code = rule.code ?? DEFAULT_CODES[status] ?? 'InternalError';
  const entry = Object.hasOwn(CATALOGUE, code) ? CATALOGUE[code as keyof typeof CATALOGUE] : undefined;
  const headers: Record<string, string> = {};
  if (rule.retryAfter !== undefined) headers['Retry-After'] = String(rule.retryAfter);
  throw new BatchError(code, status, entry?.[1] ?? 'The request was rejected on order.', [], headers);
}

/** How often each operation was asked for, for those who keep to a budget of requests. */
export class RequestCounter {
  private readonly counts = new Map<string, number>();

  count(operation: string): void {
    this.counts.set(operation, (this.counts.get(operation) ?? 0) + 1);
  }

  list(): Record<string, number> {
    return Object.fromEntries([...this.counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  clear(): void {
    this.counts.clear();
  }
}
