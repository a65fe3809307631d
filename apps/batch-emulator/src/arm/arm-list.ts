import type { RequestContext } from '../http/context';
import { nextLinkOf, pageAfter, pageOf, type Order } from '../http/paging';
import type { JsonObject } from '../util/json';
import { ok, type ArmResponse } from './arm-route';

/** A list of management: `value`, and `nextLink` when there is more; what may shrink meanwhile needs an order. */
export function armList<T>(
  request: RequestContext,
  items: readonly T[],
  render: (item: T) => JsonObject,
  order?: Order<T>,
): ArmResponse {
  const page = order ? pageAfter(request, items, order) : pageOf(request, items);
  const value = page.items.map(render);
  return ok(page.next === undefined ? { value } : { value, nextLink: nextLinkOf(request, page.next) });
}
