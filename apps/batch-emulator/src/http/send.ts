import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import type { BatchError } from '../errors';
import type { JsonObject } from '../util/json';
import type { Micros } from '../util/time';
import { apiVersionOf } from './api-version';
import type { RequestContext } from './context';
import { errorBody } from './error-body';
import type { BatchResponse } from './response';
import { inVersion } from './versions';

const JSON_TYPE = 'application/json; odata=minimalmetadata';
const ERROR_METADATA = 'Microsoft.Azure.Batch.Protocol.Entities.Container.errors/@Element';

/** Headers of every response, as recorded from the service. */
function commonHeaders(request: RequestContext): Record<string, string> {
  const headers: Record<string, string> = {
    DataServiceVersion: '3.0',
    'request-id': request.requestId,
    Server: 'Microsoft-HTTPAPI/2.0',
    'X-Content-Type-Options': 'nosniff',
  };
  const clientId = request.headers['client-request-id'];
  // Echoed only when asked for, and only a GUID: some clients cannot read anything else there.
  const wanted = String(request.headers['return-client-request-id']).toLowerCase() === 'true';
  if (wanted && typeof clientId === 'string' && /^[0-9a-f-]{36}$/i.test(clientId))
    headers['client-request-id'] = clientId;
  return headers;
}

export function sendResponse(request: RequestContext, response: ServerResponse, result: BatchResponse): void {
  const headers: Record<string, string> = { ...commonHeaders(request), ...result.headers };
  const { json, stream } = result;
  if (json) {
    headers['Content-Type'] = JSON_TYPE;
    headers['Transfer-Encoding'] = 'chunked';
    response.writeHead(result.status, headers);
    const body = inVersion(apiVersionOf(request), json.metadata, json.body as JsonObject);
    response.end(JSON.stringify({ 'odata.metadata': metadata(request, json.metadata), ...body }));
    return;
  }
  // Empty answers come chunked as well, those without content with a length of 0.
  if (headers['Content-Length'] === undefined) {
    if (result.status === 204) headers['Content-Length'] = '0';
    else headers['Transfer-Encoding'] = 'chunked';
  }
  response.writeHead(result.status, headers);
  if (stream) pipeline(stream, response, () => undefined);
  else response.end();
}

export function sendError(request: RequestContext, response: ServerResponse, error: BatchError, now: Micros): void {
  const headers = { ...commonHeaders(request), ...error.headers };
  if (error.status === 304 || request.method === 'HEAD') {
    response.writeHead(error.status, headers);
    response.end();
    return;
  }
  const body = JSON.stringify({
    'odata.metadata': metadata(request, ERROR_METADATA),
    ...errorBody(error, request, now),
  });
  response.writeHead(error.status, {
    ...headers,
    'Content-Type': JSON_TYPE,
    'Content-Length': String(Buffer.byteLength(body)),
  });
  response.end(body);
}

const metadata = (request: RequestContext, name: string): string => `${request.baseUrl}/$metadata#${name}`;
