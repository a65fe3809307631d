import { parquetMetadataAsync, parquetScan, parquetSchema } from 'hyparquet';
import type { AsyncBuffer, ParquetScan } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { RowsInput, SourceSnapshot } from '@windrow/contract';
import { StorageError } from '@windrow/storage';
import type { BlobStore } from '@windrow/storage';
import { InvalidInputError } from '../errors';
import type { BlobPlace } from '../errors';
import { CHUNK, JsonItem } from '../item';
import type { Item } from '../item';
import { unknownColumn } from './columns';
import { jsonOfCell } from './parquet-values';

type Source = SourceSnapshot & BlobPlace;

/**
 * Reads parquet rows; each is an item of values by column name. Only the footer and the column chunks that are wanted
 * are fetched, one row group at a time, so memory is bounded by the largest row group.
 * @throws InvalidInputError `UnknownColumn`, `MalformedBlob`
 */
export async function* readParquet(blobs: BlobStore, source: Source, input: RowsInput): AsyncGenerator<Item[]> {
  const scan = await reading(source, () => openScan(blobs, source, input.columns));
  const columns = input.columns ?? columnNames(scan);
  const keys = columns.map((name) => `${JSON.stringify(name)}:`);
  for (const range of scan.ranges) {
    const cells = await reading(source, () =>
      Promise.all(columns.map((column) => scan.readColumn({ column, ...range }))),
    );
    const rows = range.rowEnd - range.rowStart;
    for (let from = 0; from < rows; from += CHUNK) {
      const items: Item[] = [];
      const to = Math.min(from + CHUNK, rows);
      for (let row = from; row < to; row += 1) {
        let text = '{';
        for (let n = 0; n < keys.length; n += 1) {
          text += (n === 0 ? '' : ',') + keys[n]! + jsonOfCell(cells[n]![row]);
        }
        items.push(new JsonItem(`${text}}`));
      }
      yield items;
    }
  }
}

async function openScan(blobs: BlobStore, source: Source, wanted: string[] | undefined): Promise<ParquetScan> {
  const file = blobBuffer(blobs, source);
  const metadata = await parquetMetadataAsync(file);
  const known = parquetSchema(metadata).children.map((child) => child.element.name);
  for (const [n, name] of (wanted ?? []).entries()) {
    if (!known.includes(name)) throw unknownColumn(source.blob, name, n, known);
  }
  // Whole column chunks are read, so the index of their pages would only cost a request each.
  return parquetScan({ file, metadata, compressors, useOffsetIndex: false, ...(wanted && { columns: wanted }) });
}

function columnNames({ metadata }: ParquetScan): string[] {
  return parquetSchema(metadata).children.map((child) => child.element.name);
}

function blobBuffer(blobs: BlobStore, { container, blob, bytes, etag }: Source): AsyncBuffer {
  return {
    byteLength: bytes,
    slice: async (start, end = bytes) => {
      const read = await blobs.readRange(container, blob, start, end - start, { ifMatch: etag });
      const { buffer, byteOffset, byteLength } = read;
      return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
    },
  };
}

/** What the reader itself throws means that the file is not what it should be. */
async function reading<T>(source: Source, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof InvalidInputError || error instanceof StorageError) throw error;
    throw new InvalidInputError(
      'MalformedBlob',
      `Blob '${source.blob}' cannot be read as parquet: ${error instanceof Error ? error.message : 'unknown reason'}. Check that it is complete and give its true format.`,
      { path: source.path, cause: error },
    );
  }
}
