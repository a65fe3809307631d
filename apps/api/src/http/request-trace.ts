import { parseTraceparent } from '@windrow/contract';
import { begin } from '@windrow/tracing';
import { isOpenPath } from '../access/open-paths';
import type { HttpRequest, RequestContext } from './exchange';

const METRICS = '/metrics';

export interface RequestTrace {
  /** For the caller (W3C Trace Context Level 2, `traceresponse`); absent where traces are off. */
  traceparent?: string;
  within(work: () => void): void;
  end(status: number): void;
}

/**
 * The span of a request, in the trace that its caller began or one of its own. Probes and scrapes have none: there
 * would be more of them than of all others. A caller's `traceparent` decides, by its flag, whether the trace is
 * recorded, unless the sampler is one that asks no parent.
 */
export function traceOf(request: HttpRequest, context: RequestContext): RequestTrace | undefined {
  const path = request.originalUrl.split('?')[0] ?? '';
  if (isOpenPath(path) || path === METRICS) return undefined;
  const { method = '' } = request;
  const header = request.headers['traceparent'];
  const span = begin(method, {
    kind: 'server',
    parent: parseTraceparent(typeof header === 'string' ? header : undefined),
    facts: { 'http.request.method': method, 'windrow.request_id': context.requestId },
  });
  if (span.traceId !== undefined) context.traceId = span.traceId;
  return {
    ...(span.traceparent !== undefined && { traceparent: span.traceparent }),
    within: (work) => span.within(work),
    end: (status) => {
      const { route, principal, workspace, experiment, job, problem } = context;
      if (route !== undefined) span.rename(`${method} ${route}`);
      span.set({
        'http.route': route,
        'http.response.status_code': status,
        'enduser.id': principal.id,
        'windrow.workspace': workspace,
        'windrow.experiment': experiment,
        'windrow.job': job,
        'windrow.problem': problem,
      });
      span.end(status >= 500 ? (problem ?? String(status)) : undefined);
    },
  };
}
