import { checkConditions } from '../http/conditions';
import type { RequestContext } from '../http/context';
import type { BatchResponse } from '../http/response';
import type { Route } from '../http/route';
import { parseBody, type Notice } from '../schema/validate';
import type { JsonObject } from '../util/json';

/** The operations of the Batch service, for management: one door, one set of rules. */
export class DataPlane {
  private readonly routes: ReadonlyMap<string, Route>;

  constructor(
    routes: readonly Route[],
    private readonly notice: Notice,
  ) {
    this.routes = new Map(routes.map((route) => [route.operation, route]));
  }

  /** Runs an operation by its name, with a body in the form of the Batch service. */
  async call(
    operation: string,
    request: RequestContext,
    params: Readonly<Record<string, string>>,
    body?: JsonObject,
  ): Promise<BatchResponse> {
    const route = this.route(operation);
    const parsed = route.body === undefined ? undefined : parseBody(route.body, body ?? {}, this.notice);
    return route.handler({ request, params, body: parsed });
  }

  /** If-Match and its kin, against what the operation would change. */
  checkConditions(operation: string, request: RequestContext, params: Readonly<Record<string, string>>): void {
    const modified = this.route(operation).modified?.({ request, params, body: undefined });
    if (modified !== undefined) checkConditions(request, modified);
  }

  private route(operation: string): Route {
    const route = this.routes.get(operation);
    if (!route) throw new Error(`There is no operation ${operation}.`);
    return route;
  }
}
