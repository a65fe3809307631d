import type { Principal } from '../access/principal';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** The part of Express that this service uses; Express's own types are not needed for it. */
export interface HttpRequest extends IncomingMessage {
  originalUrl: string;
  params: Record<string, string | string[]>;
  body?: unknown;
  /** Set by {@link requestContext}. */
  context?: RequestContext;
}

export interface HttpResponse extends ServerResponse {
  status(code: number): this;
  json(body: unknown): this;
}

export type Next = (error?: unknown) => void;

export interface RequestContext {
  requestId: string;
  /** `http://host:port`, as the client called it. */
  origin: string;
  /** Of the trace that the request belongs to, where there is one. */
  traceId?: string;
  principal: Principal;
  /** Workspace that the request is about, once that is known. */
  workspace?: string;
  experiment?: string;
  job?: string;
  /** Pattern of the route, once it is known. */
  route?: string;
  /** Code of the problem that is answered. */
  problem?: string;
}
