import type { Handler, Route } from '../http/route';

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

export const POOL = '/pools/{poolId}';
export const NODE = '/pools/{poolId}/nodes/{nodeId}';
export const JOB = '/jobs/{jobId}';
export const TASK = '/jobs/{jobId}/tasks/{taskId}';
export const SCHEDULE = '/jobschedules/{jobScheduleId}';
