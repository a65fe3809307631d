import { StorageRefusedError } from '@windrow/storage';
import type { BlobStore } from '@windrow/storage';
import { invalidPageToken } from '../common/page-token';

/** Place of a line: the file and the byte it begins at. */
export interface LinePlace {
  file: string;
  offset: number;
}

export interface LinePage<T> {
  entries: T[];
  /** Where the next entry begins; absent when there is none. */
  next?: LinePlace;
}

/**
 * Reads up to `size` entries from JSON-lines files, in the order of the files, beginning anywhere. `accept` turns a
 * line into an entry or passes over it. Memory holds one page, however long the files are. After `maxBytes` the page
 * ends where it is, however few entries it has.
 */
export async function readLinePage<T>(
  blobs: BlobStore,
  container: string,
  files: string[],
  start: LinePlace | undefined,
  size: number,
  accept: (line: string, file: string) => T | undefined,
  maxBytes = Infinity,
): Promise<LinePage<T>> {
  const entries: T[] = [];
  const from = start ? files.indexOf(start.file) : 0;
  if (from < 0) throw invalidPageToken();
  let looked = 0;
  try {
    return await readFrom();
  } catch (error) {
    // A token that was made up points into the middle of a line, or behind the end.
    const misplaced =
      error instanceof SyntaxError || (error instanceof StorageRefusedError && error.statusCode === 416);
    throw start && misplaced ? invalidPageToken() : error;
  }

  async function readFrom(): Promise<LinePage<T>> {
    for (const file of files.slice(from)) {
      let offset = file === start?.file ? start.offset : 0;
      for await (const line of blobs.readLines(container, file, offset > 0 ? { offset } : {})) {
        const entry = line === '' ? undefined : accept(line, file);
        const full = entry !== undefined && entries.length === size;
        if (full || looked >= maxBytes) return { entries, next: { file, offset } };
        if (entry !== undefined) entries.push(entry);
        const bytes = Buffer.byteLength(line) + 1;
        offset += bytes;
        looked += bytes;
      }
    }
    return { entries };
  }
}
