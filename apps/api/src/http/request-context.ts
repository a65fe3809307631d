import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { ANONYMOUS } from '../access/principal';
import type { ApiMetrics } from '../monitoring/api-metrics';
import { requestFacts, serving } from './current-request';
import type { HttpRequest, HttpResponse, Next, RequestContext } from './exchange';
import { traceOf } from './request-trace';

const REQUEST_ID = /^[\w.:-]{1,128}$/;
/** Names, addresses and a port: whatever else a Host header holds does not get into links. */
const HOST = /^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?$/;

/** Gives each request an id and a span, echoes them, and logs the request when it is answered. */
export function requestContext(logger: Logger, metrics: ApiMetrics) {
  return (request: HttpRequest, response: HttpResponse, next: Next): void => {
    const started = performance.now();
    const requestId = wanted(request.headers['x-request-id']) ?? randomUUID();
    const context: RequestContext = { requestId, origin: originOf(request), principal: ANONYMOUS };
    const trace = traceOf(request, context);
    request.context = context;
    response.setHeader('X-Request-Id', requestId);
    if (trace?.traceparent !== undefined) response.setHeader('traceresponse', trace.traceparent);
    response.on('close', () => {
      const path = request.originalUrl.split('?')[0];
      const ms = Math.round(performance.now() - started);
      metrics.answered(request.method ?? '', context.route, response.statusCode, ms);
      trace?.end(response.statusCode);
      logger.info(
        { ...requestFacts(context), method: request.method, path, status: response.statusCode, ms },
        'request',
      );
    });
    serving(context, () => (trace ? trace.within(next) : next()));
  };
}

function wanted(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && REQUEST_ID.test(header) ? header : undefined;
}

function originOf({ headers, socket }: HttpRequest): string {
  const { host } = headers;
  return `http://${host && HOST.test(host) ? host : `127.0.0.1:${socket.localPort ?? 80}`}`;
}
