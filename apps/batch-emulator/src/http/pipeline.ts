import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { BatchError, batchError } from '../errors';
import type { FaultRules } from '../faults/fault-rules';
import type { FaultTarget } from '../faults/kinds';
import { cutIfOrdered, strikeAnswer, strikeRequest, targetOf } from '../faults/request-faults';
import type { Journal } from '../store/journal';
import { StoreFailure } from '../store/store';
import { parseBody, type Notice } from '../schema/validate';
import type { Clock } from '../util/clock';
import type { Log } from '../util/log';
import { authenticate, type Access } from './authentication';
import { apiVersionOf, checkApiVersion } from './api-version';
import { parseJson, readBody } from './body';
import { checkConditions } from './conditions';
import { createContext, schemeOf, type RequestContext } from './context';
import type { RequestCounter } from './request-counter';
import type { BatchResponse } from './response';
import type { Call, Route } from './route';
import type { Router } from './router';
import { sendError, sendResponse } from './send';
import { checkOperation } from './versions';

export interface PipelineOptions {
  router: Router<Route>;
  /** Asked for every request: keys and modes may change at any time. */
  access: () => Access;
  clock: Clock;
  journal: Journal;
  faults: FaultRules;
  counter: RequestCounter;
  /** Is told of properties without effect. */
  notice: Notice;
  log: Log;
  /** Where the server listens, for the rare client that sends no Host. */
  host: () => string;
}

export type RequestListener = (message: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * The way of every request, in this order: context, version, authentication, route, body, ordered faults, conditional
 * headers, handler, journal, response. Whatever fails on the way becomes an error body at the end.
 */
export function createPipeline(options: PipelineOptions): RequestListener {
  const { router, access, clock, journal, faults, counter, notice, log } = options;

  async function answer(request: RequestContext, message: IncomingMessage): Promise<[BatchResponse, FaultTarget]> {
    const raw = await readBody(message);
    checkApiVersion(request);
    authenticate(request, access(), Date.now());
    const { route, params } = router.match(request.method, request.rawPath);
    checkOperation(route.operation, apiVersionOf(request), request.rawPath);
    counter.count(route.operation);
    const call: Call = { request, params, body: bodyOf(route, raw, notice), raw };
    const target = targetOf(route.operation, params, call.body);
    strikeRequest(faults, target);
    const modified = route.modified?.(call);
    if (modified !== undefined) checkConditions(request, modified);
    return [await route.handler(call), target];
  }

  return async (message, response) => {
    const request = createContext(
      randomUUID(),
      message.method ?? 'GET',
      message.url ?? '/',
      message.headers,
      options.host(),
      schemeOf(message),
    );
    try {
      const [result, target] = await answer(request, message);
      // Nothing is acknowledged, or shown, that a crash could still take back.
      journal.flush();
      await strikeAnswer(faults, target);
      sendResponse(request, response, result);
    } catch (error) {
      // The connection breaks, because nothing that is true could be said.
      if (error instanceof StoreFailure) throw error;
      journal.flush();
      if (cutIfOrdered(error, response)) return;
      const known = error instanceof BatchError ? error : batchError('InternalError');
      if (known !== error)
        log(`${request.method} ${request.rawPath}: ${error instanceof Error ? error.stack : String(error)}`);
      sendError(request, response, known, clock.now());
    }
  };
}

function bodyOf(route: Route, raw: Buffer, notice: Notice): unknown {
  if (raw.length === 0) {
    if (route.body === undefined || route.optionalBody) return undefined;
    return parseBody(route.body, {});
  }
  if (route.method === 'GET' || route.method === 'HEAD' || route.method === 'DELETE') return undefined;
  const json = parseJson(raw);
  return route.body === undefined ? json : parseBody(route.body, json, notice);
}
