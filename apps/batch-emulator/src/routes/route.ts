import type { Handler, Route } from '../http/route';
import { missing } from '../handlers/missing';

type Extra = Pick<Route, 'body' | 'optionalBody' | 'modified'>;

/** One line of the table of operations. */
export function route(
  operation: string,
  method: Route['method'],
  path: string,
  handler: Handler,
  extra: Extra = {},
): Route {
  return { operation, method, path, handler, ...extra };
}

/** An operation that is known but not emulated. */
export const notYet = (operation: string, method: Route['method'], path: string): Route =>
  route(operation, method, path, missing(operation));

export const POOL = '/pools/{poolId}';
export const NODE = '/pools/{poolId}/nodes/{nodeId}';
export const JOB = '/jobs/{jobId}';
export const TASK = '/jobs/{jobId}/tasks/{taskId}';
export const SCHEDULE = '/jobschedules/{jobScheduleId}';
