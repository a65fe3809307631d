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
 * At most `limit` entries (`Infinity`: all), as one document. `nextLink` is there when there may be more, so that one
 * page comes out as the API gave it.
 */
export async function collect<T>(
  api: ApiClient,
  path: string,
  limit: number,
  query: RequestOptions['query'] = {},
): Promise<Page<T>> {
  const pageSize = Math.min(LARGEST_PAGE, limit);
  const value: T[] = [];
  for await (const page of pages<T>(api, path, { ...query, pageSize })) {
    if (value.length === 0 && page.value.length <= limit && (page.value.length === limit || !page.nextLink))
      return page;
    value.push(...page.value);
    if (value.length < limit) continue;
    const more = page.nextLink !== undefined && value.length === limit;
    return { value: value.slice(0, limit), ...(more ? { nextLink: page.nextLink! } : {}) };
  }
  return { value };
}
