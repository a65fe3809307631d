import type { RequestContext } from '../http/context';
import type { JsonObject } from '../util/json';

export interface ArmCall {
  readonly request: RequestContext;
  readonly params: Readonly<Record<string, string>>;
  /** Empty when none was sent. */
  readonly body: JsonObject;
}

export interface ArmResponse {
  status: number;
  body?: object;
  headers?: Record<string, string>;
}

export type ArmHandler = (call: ArmCall) => ArmResponse | Promise<ArmResponse>;

/** One operation of the management API. */
export interface ArmRoute {
  /** As in the list of operations, for example `Microsoft.Batch/batchAccounts/write`. */
  operation: string;
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Lower case; paths of management are matched without regard to case. */
  path: string;
  handler: ArmHandler;
}

export const SUBSCRIPTION = '/subscriptions/{subscriptionId}/providers/microsoft.batch';
export const GROUP = '/subscriptions/{subscriptionId}/resourcegroups/{resourceGroup}/providers/microsoft.batch';
export const ACCOUNT = `${GROUP}/batchaccounts/{accountName}`;

export const ok = (body: object, headers: Record<string, string> = {}): ArmResponse => ({ status: 200, body, headers });

/** Accepted, and to be asked after: Location and Retry-After of a long-running operation. */
export function accepted(call: ArmCall, path: string, body?: object): ArmResponse {
  const version = call.request.query.get('api-version') ?? '';
  const location = `${call.request.baseUrl}${path}?api-version=${version}`;
  return { status: 202, headers: { Location: location, 'Retry-After': '1' }, ...(body && { body }) };
}
