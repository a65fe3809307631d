import type { ModelName } from '../schema/descriptor';
import type { Micros } from '../util/time';
import type { RequestContext } from './context';
import type { BatchResponse } from './response';

/** What a handler gets: the request, the ids from its path, and the body, parsed and checked. */
export interface Call {
  readonly request: RequestContext;
  readonly params: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** The body as it was sent. */
  readonly raw?: Buffer;
}

export type Handler = (call: Call) => BatchResponse | Promise<BatchResponse>;

/** One operation of the Batch REST API. */
export interface Route {
  /** As in the reference, for example "Task - Add Collection". */
  operation: string;
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  handler: Handler;
  /** Type of the request body; without one the body is ignored. */
  body?: ModelName;
  optionalBody?: boolean;
  /** Time of the last change of what the conditional headers speak of. */
  modified?: (call: Call) => Micros | undefined;
}
