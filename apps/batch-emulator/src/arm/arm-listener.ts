import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ActivityLog } from '../analytics/activity-log';
import type { FaultRules } from '../faults/fault-rules';
import type { FaultTarget } from '../faults/kinds';
import { cutIfOrdered, strikeAnswer, strikeRequest } from '../faults/request-faults';
import { refuseBearer } from '../http/authentication';
import { parseJson, readBody } from '../http/body';
import { createContext, schemeOf, type RequestContext } from '../http/context';
import type { RequestListener } from '../http/pipeline';
import type { Router } from '../http/router';
import type { Journal } from '../store/journal';
import { isObject, type JsonObject } from '../util/json';
import type { Log } from '../util/log';
import { ArmError, armErrorBody, asArmError, badRequest } from './arm-error';
import type { ArmResponse, ArmRoute } from './arm-route';
import { checkArmVersion } from './arm-version';

export interface ArmOptions {
  router: Router<ArmRoute>;
  faults: FaultRules;
  subscription: string;
  acceptBearer: boolean;
  journal: Journal;
  activity: ActivityLog;
  log: Log;
  host: () => string;
}

/** Whether a request is for management rather than for the Batch service itself. */
export const isManagement = (url: string): boolean => /^\/(subscriptions|providers)(\/|\?|$)/i.test(url);

/** The way of every management request: token, version, subscription, route, ordered faults, handler, journal, activity log, response. */
export function createArm(options: ArmOptions): RequestListener {
  const { router, faults, journal, activity, log } = options;

  async function answer(
    request: RequestContext,
    message: IncomingMessage,
    matched: (target: FaultTarget) => void,
  ): Promise<ArmResponse> {
    const raw = await readBody(message);
    checkToken(request, options.acceptBearer);
    checkArmVersion(request);
    const { route, params } = router.match(request.method, request.rawPath);
    const { subscriptionId } = params;
    if (subscriptionId !== undefined && subscriptionId.toLowerCase() !== options.subscription.toLowerCase()) {
      throw new ArmError(404, 'SubscriptionNotFound', `The subscription '${subscriptionId}' could not be found.`);
    }
    const body = bodyOf(raw);
    const target = { operation: route.operation, poolId: params['poolName'] };
    matched(target);
    strikeRequest(faults, target);
    return route.handler({ request, params, body });
  }

  return async (message, response) => {
    const method = message.method ?? 'GET';
    const host = options.host();
    const request = createContext(randomUUID(), method, message.url ?? '/', message.headers, host, schemeOf(message));
    let target: FaultTarget | undefined;
    let result: ArmResponse;
    try {
      result = await answer(request, message, (found) => (target = found));
    } catch (error) {
      if (cutIfOrdered(error, response)) return;
      const known = asArmError(error) ?? new ArmError(500, 'InternalServerError', 'The emulator failed.');
      if (known.status === 500) log(`${method} ${request.rawPath}: ${String(error)}`);
      result = { status: known.status, body: armErrorBody(known), headers: known.headers };
    }
    journal.flush();
    if (target) {
      activity.note(request, target.operation ?? '', result.status);
      try {
        await strikeAnswer(faults, target);
      } catch (error) {
        if (cutIfOrdered(error, response)) return;
      }
    }
    send(request, response, result);
  };
}

function checkToken(request: RequestContext, acceptBearer: boolean): void {
  const header = request.headers.authorization;
  const refusal =
    header === undefined || !/^bearer(\s|$)/i.test(header)
      ? 'Management takes a bearer token; the Authorization header holds none.'
      : refuseBearer(header, acceptBearer);
  if (refusal === undefined) return;
  const challenge =
    'Bearer authorization_uri="https://login.microsoftonline.com/common", resource_id="https://management.azure.com/"';
  throw new ArmError(401, 'AuthenticationFailed', `Authentication failed. ${refusal}`, {
    'WWW-Authenticate': challenge,
  });
}

function bodyOf(raw: Buffer): JsonObject {
  if (raw.length === 0) return {};
  const body = parseJson(raw);
  if (!isObject(body)) throw badRequest('The request body is not a JSON object.');
  return body;
}

function send(request: RequestContext, response: ServerResponse, result: ArmResponse): void {
  const headers: Record<string, string> = { 'x-ms-request-id': request.requestId, ...result.headers };
  const text = result.body === undefined ? '' : JSON.stringify(result.body);
  if (text !== '') headers['Content-Type'] = 'application/json; charset=utf-8';
  if (result.status !== 204) headers['Content-Length'] = String(Buffer.byteLength(text));
  response.writeHead(result.status, headers);
  response.end(request.method === 'HEAD' ? undefined : text);
}
