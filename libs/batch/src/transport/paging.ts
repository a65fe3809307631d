import type { ListOptions, WireList } from '../types/common';
import type { Call, Query, Transport } from './transport';

export function listQuery({ filter, select, maxResults }: ListOptions): Query {
  return { $filter: filter, $select: select, maxresults: maxResults };
}

/** One page and the link to the next. */
export async function fetchPage<T>(
  transport: Transport,
  call: Pick<Call, 'operation' | 'path' | 'query'>,
  nextLink?: string,
): Promise<{ value: T[]; nextLink?: string }> {
  const target = nextLink === undefined ? call : { operation: call.operation, path: transport.followable(nextLink) };
  const response = await transport.send({ ...target, method: 'GET', expect: [200] });
  const page = JSON.parse(response.bodyAsText ?? '') as WireList<T>;
  return {
    value: page.value ?? [],
    ...(page['odata.nextLink'] !== undefined && { nextLink: page['odata.nextLink'] }),
  };
}

/** All resources of a listing, page after page. */
export async function* listAll<T>(
  transport: Transport,
  call: Pick<Call, 'operation' | 'path' | 'query'>,
): AsyncGenerator<T> {
  let nextLink: string | undefined;
  do {
    const page = await fetchPage<T>(transport, call, nextLink);
    yield* page.value;
    nextLink = page.nextLink;
  } while (nextLink !== undefined);
}
