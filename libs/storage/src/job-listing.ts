/**
 * Jobs by state and labels: the index rows of each are in the order of the jobs, so that what all of them name is found
 * by one pass over them side by side, which skips whatever one of them does not have.
 */
import { odata } from '@azure/data-tables';
import type { TableClient } from '@azure/data-tables';
import { translatedEach } from './translate';

/** Row keys in their order. */
export interface KeyCursor {
  /** The first key that is not before `from`. Each call must ask for the same place as the one before, or a later one. */
  seek(from: string): Promise<string | undefined>;
}

export interface KeyRange {
  partitionKey: string;
  /** What the index rows begin with. */
  prefix: string;
  /** Keys before this one only. */
  until: string;
  /** Keys to fetch at a time. */
  batch: number;
}

/** The keys that one index names. */
export function indexCursor(table: TableClient, { partitionKey, prefix, until, batch }: KeyRange): KeyCursor {
  let keys: string[] = [];
  let ended = false;

  async function fetchFrom(from: string): Promise<void> {
    const filter = odata`PartitionKey eq ${partitionKey} and RowKey ge ${prefix + from} and RowKey lt ${prefix + until}`;
    const pages = table
      .listEntities<{ rowKey: string }>({ queryOptions: { filter, select: ['RowKey'] } })
      .byPage({ maxPageSize: Math.min(batch, 1000) });
    for await (const page of translatedEach({ table: table.tableName }, pages)) {
      keys = page.map(({ rowKey }) => rowKey.slice(prefix.length));
      ended = page.continuationToken === undefined;
      // The service may answer with an empty page and go on.
      if (keys.length > 0) return;
    }
    ended = true;
  }

  return {
    async seek(from) {
      keys = keys.slice(firstFrom(keys, from));
      if (keys.length === 0 && !ended) await fetchFrom(from);
      return keys[0];
    },
  };
}

/** What one of them names at the least. */
export function anyOf(cursors: KeyCursor[]): KeyCursor {
  return {
    async seek(from) {
      const found = await Promise.all(cursors.map((cursor) => cursor.seek(from)));
      return found.filter((key) => key !== undefined).sort()[0];
    },
  };
}

/** What all of them name. */
export function allOf(cursors: KeyCursor[]): KeyCursor {
  return {
    async seek(from) {
      for (let candidate = from; ;) {
        let agreed = true;
        for (const cursor of cursors) {
          const key = await cursor.seek(candidate);
          if (key === undefined) return undefined;
          if (key !== candidate) agreed = false;
          candidate = key;
        }
        if (agreed) return candidate;
      }
    },
  };
}

/** Behind a key: before whatever follows it, as no row key holds anything below a hyphen. */
export function after(key: string): string {
  return `${key}!`;
}

function firstFrom(keys: string[], from: string): number {
  const at = keys.findIndex((key) => key >= from);
  return at === -1 ? keys.length : at;
}
