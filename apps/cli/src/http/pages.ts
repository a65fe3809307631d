import type { ApiClient, RequestOptions } from './client';

export interface Page<T> {
  value: T[];
  nextLink?: string;
}

const LARGEST_PAGE = 1000;

/** One page after the other, as they are asked for. */
export async function* pages<T>(
  api: ApiClient,
  path: string,
  query: RequestOptions['query'] = {},
): AsyncGenerator<Page<T>> {
  let page = await api.json<Page<T>>(path, { query });
  yield page;
  while (page.nextLink !== undefined) {
    page = await api.json<Page<T>>(page.nextLink);
    yield page;
  }
}

/**
 * At most `limit` entries (`Infinity`: all), as one document. `nextLink` is there when there is more. What fits one page
 * comes out as the API gave it; of several, what is there beside the entries is the last one's.
 */
export async function collect<T, P extends Page<T> = Page<T>>(
  api: ApiClient,
  path: string,
  limit: number,
  query: RequestOptions['query'] = {},
): Promise<P> {
  const size = (missing: number) => ({ pageSize: Math.min(LARGEST_PAGE, missing) });
  let page = await api.json<P>(path, { query: { ...query, ...size(limit) } });
  if (page.nextLink === undefined || page.value.length >= limit) return page;
  const value = [...page.value];
  while (page.nextLink !== undefined && value.length < limit) {
    page = await api.json<P>(page.nextLink, { query: size(limit - value.length) });
    for (const entry of page.value) value.push(entry);
  }
  return { ...page, value };
}
