import { MAX_RESULTS } from '../constants';
import { invalidQuery } from '../errors';
import { compileFilter, FilterSyntaxError, parseFilter, type Filter, type Properties } from '../filter';
import type { JsonObject } from '../util/json';
import type { RequestContext } from './context';

export interface Page<T> {
  items: T[];
  /** Where the next page starts; absent on the last one. */
  next?: string;
}

/** `maxresults`, 1 to 1000. */
export function maxResultsOf(request: RequestContext, limit = MAX_RESULTS): number {
  const text = request.query.get('maxresults');
  if (text === undefined) return limit;
  const value = Number(text);
  if (!Number.isInteger(value)) throw invalidQuery('maxresults', text, 'MaxResults must be an integer');
  if (value < 1) throw invalidQuery('maxresults', text, 'MaxResults cannot be less than 1');
  if (value > limit) throw invalidQuery('maxresults', text, `MaxResults cannot be greater than ${limit}`);
  return value;
}

export function filterOf(request: RequestContext): Filter | undefined {
  const text = request.query.get('$filter');
  if (text === undefined || text.trim() === '') return undefined;
  return refusing(text, () => parseFilter(text));
}

/** The filter of the request as a test over a kind of resource; passes everything when there is none. */
export function predicateOf<T>(
  request: RequestContext,
  filter: Filter | undefined,
  properties: Properties<T>,
): (item: T) => boolean {
  if (!filter) return () => true;
  return refusing(request.query.get('$filter') ?? '', () => compileFilter(filter, properties));
}

function refusing<T>(text: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof FilterSyntaxError) throw invalidQuery('$filter', text, error.message);
    throw error;
  }
}

/** `$select`: the named top-level members; `odata.metadata` stays. */
export function selectOf(request: RequestContext): (item: JsonObject) => JsonObject {
  const text = request.query.get('$select');
  if (text === undefined || text.trim() === '') return (item) => item;
  const names = new Set(text.split(',').map((name) => name.trim()));
  return (item) => {
    const result: JsonObject = {};
    for (const name in item) if (names.has(name)) result[name] = item[name] as JsonObject[string];
    return result;
  };
}

/** The opaque token of the link a client follows. */
export function skipTokenOf(request: RequestContext): string | undefined {
  const token = request.query.get('$skiptoken');
  if (token === undefined) return undefined;
  const match = /^WATV2:([A-Za-z0-9/=^+_-]*):1\$1$/.exec(token);
  if (!match) throw invalidQuery('$skiptoken', token, 'The skip token is invalid.');
  return Buffer.from((match[1] ?? '').replaceAll('^', '+'), 'base64').toString('utf8');
}

/** The URL of this request with the token of the next page, in the form the service gives it. */
export function nextLinkOf(request: RequestContext, token: string): string {
  const base = request.url
    .replace(/([?&])(?:\$|%24)skiptoken=[^&]*/i, '$1')
    .replace(/&&/, '&')
    .replace(/[?&]$/, '');
  const encoded = Buffer.from(token, 'utf8').toString('base64').replaceAll('+', '^');
  return `${base}${base.includes('?') ? '&' : '?'}$skiptoken=WATV2:${encoded}:1$1`;
}

/** A page of a small collection, in its own order; the token is the number of items before it. */
export function pageOf<T>(request: RequestContext, items: Iterable<T>, limit = MAX_RESULTS): Page<T> {
  const size = maxResultsOf(request, limit);
  const start = Number(skipTokenOf(request) ?? '0');
  const page: T[] = [];
  let position = 0;
  for (const item of items) {
    if (position++ < start) continue;
    if (page.length === size) return { items: page, next: String(start + size) };
    page.push(item);
  }
  return { items: page };
}

/** The body of a list. */
export function listBody<T>(request: RequestContext, page: Page<T>, render: (item: T) => JsonObject): object {
  const select = selectOf(request);
  const value = page.items.map((item) => select(render(item)));
  return page.next === undefined ? { value } : { value, 'odata.nextLink': nextLinkOf(request, page.next) };
}
