import { MAX_RESULTS } from '../constants';
import { invalidQuery, type BatchError } from '../errors';
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
  const encoded = /^WATV2:([A-Za-z0-9/=^+_-]+):1\$1$/.exec(token)?.[1]?.replaceAll('^', '+');
  const text = encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8');
  // Decoding forgives anything: what does not encode to the same again has not been given by us.
  if (text === undefined || Buffer.from(text, 'utf8').toString('base64') !== encoded) throw invalidSkipToken(token);
  return text;
}

export function invalidSkipToken(token: string): BatchError {
  return invalidQuery('$skiptoken', token, 'The skip token is invalid.');
}

/** A token that is a number: a position, a time, an index. */
export function numberOfToken(token: string): number {
  const value = /^\d+$/.test(token) ? Number(token) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw invalidSkipToken(token);
  return value;
}

/** The URL of this request with the token of the next page, in the form the service gives it. */
export function nextLinkOf(request: RequestContext, token: string): string {
  const mark = request.url.indexOf('?');
  const base = mark < 0 ? request.url : request.url.slice(0, mark);
  const search = mark < 0 ? '' : request.url.slice(mark + 1);
  const kept = search.split('&').filter((part) => part !== '' && !/^(?:\$|%24)skiptoken(?:=|$)/i.test(part));
  const encoded = Buffer.from(token, 'utf8').toString('base64').replaceAll('+', '^');
  return `${base}?${[...kept, `$skiptoken=WATV2:${encoded}:1$1`].join('&')}`;
}

/** A page of a collection that never shrinks, in its own order; the token is the number of items before it. */
export function pageOf<T>(request: RequestContext, items: Iterable<T>, limit = MAX_RESULTS): Page<T> {
  const size = maxResultsOf(request, limit);
  const start = numberOfToken(skipTokenOf(request) ?? '0');
  const page: T[] = [];
  let position = 0;
  for (const item of items) {
    if (position++ < start) continue;
    if (page.length === size) return { items: page, next: String(start + size) };
    page.push(item);
  }
  return { items: page };
}

/** What a list is sorted by: no two items share a key, and no key changes. */
export interface Order<T> {
  readonly key: (item: T) => number | string;
  readonly parse: (token: string) => number | string;
}

export const byNumber = <T>(key: (item: T) => number): Order<T> => ({ key, parse: numberOfToken });

export const byName = <T>(key: (item: T) => string): Order<T> => ({ key, parse: (token) => token });

/**
 * A page of a collection that may shrink while it is read: the token is the key of the last item of the page before, so
 * that a client that deletes as it pages is shown the rest all the same.
 */
export function pageAfter<T>(
  request: RequestContext,
  items: Iterable<T>,
  { key, parse }: Order<T>,
  limit = MAX_RESULTS,
): Page<T> {
  const size = maxResultsOf(request, limit);
  const token = skipTokenOf(request);
  const after = token === undefined ? undefined : parse(token);
  const left: T[] = [];
  for (const item of items) if (after === undefined || key(item) > after) left.push(item);
  left.sort((a, b) => (key(a) < key(b) ? -1 : 1));
  const page = left.slice(0, size);
  const last = page.at(-1);
  return last === undefined || left.length <= size ? { items: page } : { items: page, next: String(key(last)) };
}

/** The body of a list. */
export function listBody<T>(request: RequestContext, page: Page<T>, render: (item: T) => JsonObject): object {
  const select = selectOf(request);
  const value = page.items.map((item) => select(render(item)));
  return page.next === undefined ? { value } : { value, 'odata.nextLink': nextLinkOf(request, page.next) };
}
