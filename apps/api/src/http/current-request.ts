import { AsyncLocalStorage } from 'node:async_hooks';
import type { RequestContext } from './exchange';

const requests = new AsyncLocalStorage<RequestContext>();

/** The request that is being served; undefined outside of one. */
export function currentRequest(): RequestContext | undefined {
  return requests.getStore();
}

export function serving<T>(request: RequestContext, work: () => T): T {
  return requests.run(request, work);
}

/** What log lines say of a request. */
export function requestFacts(request: RequestContext | undefined): Record<string, string> {
  if (!request) return {};
  const { requestId, traceId, principal, workspace, experiment, job } = request;
  const known = { requestId, traceId, principal: principal.id, workspace, experiment, job };
  return Object.fromEntries(Object.entries(known).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
