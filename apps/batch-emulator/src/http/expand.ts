import { invalidQuery } from '../errors';
import type { JsonObject } from '../util/json';
import type { RequestContext } from './context';

/** `$expand`, which knows `stats` only: adds statistics to the bodies of a request that asks for them. */
export function expandStats<T>(
  request: RequestContext,
  render: (item: T) => JsonObject,
): (item: T, body: JsonObject) => JsonObject {
  const text = request.query.get('$expand');
  if (text === undefined || text.trim() === '') return (_item, body) => body;
  if (text.trim().toLowerCase() !== 'stats') throw invalidQuery('$expand', text, 'Only stats can be expanded');
  return (item, body) => ({ ...body, stats: render(item) });
}
