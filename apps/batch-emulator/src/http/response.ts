import type { Readable } from 'node:stream';
import { etagOf, formatHttpDate, type Micros } from '../util/time';
import type { RequestContext } from './context';

/** What a handler answers; the pipeline adds what every response has. */
export interface BatchResponse {
  status: number;
  headers: Record<string, string>;
  /** `metadata` becomes the first member, `odata.metadata`. */
  json?: { metadata: string; body: object };
  stream?: Readable;
}

const validators = (modified: Micros): Record<string, string> => ({
  ETag: etagOf(modified),
  'Last-Modified': formatHttpDate(modified),
});

/** GET of an entity. */
export function entity(metadata: string, body: object, modified: Micros): BatchResponse {
  return { status: 200, headers: validators(modified), json: { metadata, body } };
}

/** Lists, counts and the like. */
export function document(metadata: string, body: object): BatchResponse {
  return { status: 200, headers: {}, json: { metadata, body } };
}

/** POST of a new entity; the location is the URL of the new resource. */
export function created(url: string, modified: Micros): BatchResponse {
  return { status: 201, headers: { DataServiceId: url, Location: url, ...validators(modified) } };
}

/** POST of something on a node, which has no ETag. */
export function createdOnNode(url: string): BatchResponse {
  return { status: 201, headers: { DataServiceId: url, Location: url } };
}

/** A write: DataServiceId is the URL of the request, action suffix included. */
export function written(status: 200 | 202 | 204, request: RequestContext, modified: Micros): BatchResponse {
  return { status, headers: { DataServiceId: `${request.baseUrl}${request.rawPath}`, ...validators(modified) } };
}

/** An action that has a result. */
export function acted(request: RequestContext, metadata: string, body: object): BatchResponse {
  return {
    status: 200,
    headers: { DataServiceId: `${request.baseUrl}${request.rawPath}` },
    json: { metadata, body },
  };
}

/** HEAD of an entity, and task reactivate, which names no DataServiceId. */
export function onlyValidators(status: 200 | 204, modified: Micros): BatchResponse {
  return { status, headers: validators(modified) };
}

/** An action on a node, which has no ETag. */
export function nodeAction(status: 200 | 202, request: RequestContext): BatchResponse {
  return { status, headers: { DataServiceId: `${request.baseUrl}${request.rawPath}` } };
}

export function empty(status: 200 | 202): BatchResponse {
  return { status, headers: {} };
}
