import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { BatchError } from '../errors';
import { CATALOGUE, type BatchErrorCode } from '../errors/catalogue';
import { isObject } from '../util/json';
import type { FaultRules } from './fault-rules';
import type { FaultTarget } from './kinds';

const DEFAULT_CODES: Record<number, string> = { 429: 'TooManyRequests', 500: 'InternalError', 503: 'ServerBusy' };
const DEFAULT_STATUS = 503;
const DEFAULT_DELAY_MS = 1000;

/** Operations that name what they are about in the body. */
const NAMED_BY_BODY: Readonly<Record<string, 'poolId' | 'jobId' | 'taskId'>> = {
  PoolAdd: 'poolId',
  JobAdd: 'jobId',
  TaskAdd: 'taskId',
};

/** The connection is cut without an answer. */
export class ConnectionCut extends Error {}

/** What a request is about, as far as it says so itself. */
export function targetOf(operation: string, params: Readonly<Record<string, string>>, body: unknown): FaultTarget {
  const { poolId, nodeId, jobId, taskId } = params;
  const target: FaultTarget = { operation, poolId, nodeId, jobId, taskId };
  const named = NAMED_BY_BODY[operation];
  if (named && isObject(body) && typeof body['id'] === 'string') target[named] = body['id'];
  return target;
}

/** Lost requests, throttling and server errors strike before anything is done. */
export function strikeRequest(faults: FaultRules, target: FaultTarget): void {
  if (faults.take('loseRequest', target)) throw new ConnectionCut();
  const rule = faults.take('reject', target);
  if (!rule) return;
  const status = rule.status ?? catalogued(rule.code)?.[0] ?? DEFAULT_STATUS;
  const code = rule.code ?? DEFAULT_CODES[status] ?? 'InternalError';
  const headers: Record<string, string> = {};
  if (rule.retryAfter !== undefined) headers['Retry-After'] = String(rule.retryAfter);
  throw new BatchError(code, status, catalogued(code)?.[1] ?? 'The request was rejected on order.', [], headers);
}

function catalogued(code = ''): readonly [number, string] | undefined {
  return Object.hasOwn(CATALOGUE, code) ? CATALOGUE[code as BatchErrorCode] : undefined;
}

/** Lost and late answers: all is done by then. The delay is real time, as the client's patience is. */
export async function strikeAnswer(faults: FaultRules, target: FaultTarget): Promise<void> {
  const slow = faults.take('slowResponse', target);
  if (slow) await delay(slow.ms ?? DEFAULT_DELAY_MS, undefined, { ref: false });
  if (faults.take('loseResponse', target)) throw new ConnectionCut();
}

/** Whether the error was an order to cut the connection, which is then done. */
export function cutIfOrdered(error: unknown, response: ServerResponse): boolean {
  if (!(error instanceof ConnectionCut)) return false;
  response.destroy();
  return true;
}
