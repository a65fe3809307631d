import { createHash } from 'node:crypto';
import { odata } from '@azure/data-tables';
import type { TableClient } from '@azure/data-tables';
import { StorageRefusedError } from './errors';
import { translatedEach } from './translate';

export interface Page<T> {
  rows: T[];
  /** Opaque; absent on the last page. */
  nextPageToken?: string;
}

export interface PageRequest {
  partitionKey: string;
  pageSize: number;
  pageToken?: string;
  /** Further OData, beginning with ` and `. */
  condition?: string;
}

type Properties = Record<string, unknown>;

/** Hexadecimal digits. */
const DIGEST = 16;

/** One page of a partition, by row key. @throws StorageRefusedError code `InvalidPageToken` */
export async function readPage<T>(
  table: TableClient,
  { partitionKey, pageSize, pageToken, condition = '' }: PageRequest,
  rowOf: (entity: Properties) => T,
): Promise<Page<T>> {
  const listing = odata`PartitionKey eq ${partitionKey}` + condition;
  const after = pageToken === undefined ? '' : odata` and RowKey gt ${decodeToken(pageToken, listing)}`;
  const filter = listing + after;
  const rows: T[] = [];
  let last = '';
  // One row more than asked for tells whether another page follows. The service may answer with short or empty
  // pages where it filters; the iterator goes on until it says that there is no more.
  const pages = table
    .listEntities<Properties>({ queryOptions: { filter } })
    .byPage({ maxPageSize: Math.min(pageSize + 1, 1000) });
  for await (const page of translatedEach({ table: table.tableName }, pages)) {
    for (const entity of page) {
      if (rows.length === pageSize) return { rows, nextPageToken: encodeToken(last, listing) };
      rows.push(rowOf(entity));
      last = entity.rowKey ?? '';
    }
  }
  return { rows };
}

/** A token is the row key of the last row seen, and a digest that ties it to its listing: it is of no use in another. */
export function encodeToken(rowKey: string, listing: string): string {
  return Buffer.from(`${digest(rowKey, listing)}${rowKey}`, 'utf8').toString('base64url');
}

/** @throws StorageRefusedError code `InvalidPageToken` */
export function decodeToken(token: string, listing: string): string {
  const rowKey = Buffer.from(token, 'base64url').toString('utf8').slice(DIGEST);
  if (/^[A-Za-z0-9_|-]+$/.test(rowKey) && encodeToken(rowKey, listing) === token) return rowKey;
  throw new StorageRefusedError('The page token is not one that this listing returned.', { code: 'InvalidPageToken' });
}

function digest(rowKey: string, listing: string): string {
  return createHash('sha256').update(`${listing}\n${rowKey}`).digest('hex').slice(0, DIGEST);
}

export function isAbsent(error: unknown): boolean {
  return error instanceof StorageRefusedError && error.code === 'ResourceNotFound';
}
