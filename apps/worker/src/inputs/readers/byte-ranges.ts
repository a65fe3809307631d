import { parseSize } from '@windrow/contract';
import type { BlobRange, Json, RowsInput, SourceSnapshot } from '@windrow/contract';
import { Lanes } from '@windrow/storage';
import type { BlobStore } from '@windrow/storage';
import { InvalidInputError } from '../errors';
import type { BlobPlace } from '../errors';
import { itemOf } from '../item';
import type { Item } from '../item';
import { inputPath } from './blob-path';
import { LineEnds } from './line-ends';

type Source = SourceSnapshot & BlobPlace;

/** Cuts that are looked for before the ranges between them are handed on. */
const CUTS_AT_ONCE = 256;
const READS_IN_FLIGHT = 16;
const BYTE_ORDER_MARK = Buffer.from('\ufeff');

/**
 * Divides a blob of lines into ranges of some `bytesPerTask`, each ending with a line; every range is an item
 * `{container, blob, etag, offset, length, path}` that its task fetches to `path`. Read are the blob's beginning and
 * the surroundings of the cuts. A range is longer than asked for by what its last row is, and holds at least one row.
 * @throws InvalidInputError `MalformedRow` for a row that is longer than an item may be, `InvalidSize`
 */
export async function* readByteRanges(blobs: BlobStore, source: Source, input: RowsInput): AsyncGenerator<Item[]> {
  const size = sizeOf(input);
  const ends = new LineEnds(blobs, source, size);
  const { header, rows } = await beginning(blobs, source, input, ends);
  let start = rows;
  for (let nominal = rows; start < source.bytes;) {
    const wanted: number[] = [];
    while (wanted.length < CUTS_AT_ONCE && nominal < source.bytes) wanted.push((nominal += size));
    const items: Item[] = [];
    for (const cut of await cutsNear(wanted, source, ends)) {
      // A row longer than a range swallows the cuts within it.
      if (cut <= start) continue;
      items.push(rangeItem(source, start, cut - start, header));
      start = cut;
    }
    if (items.length > 0) yield items;
  }
}

/** The row starts at or behind the wanted places, in their order. */
async function cutsNear(wanted: number[], source: Source, ends: LineEnds): Promise<number[]> {
  const cuts: number[] = [];
  const lanes = new Lanes(READS_IN_FLIGHT);
  for (const [n, place] of wanted.entries()) {
    await lanes.run(async () => {
      // A line that ends just before the place makes it the start of a row already.
      cuts[n] = place >= source.bytes ? source.bytes : await ends.after(place - 1);
    });
  }
  await lanes.drain();
  return cuts;
}

/** Where the rows begin, and the header of a CSV blob that has one. A byte order mark belongs to neither. */
async function beginning(blobs: BlobStore, source: Source, input: RowsInput, ends: LineEnds) {
  const first = await blobs.readRange(source.container, source.blob, 0, Math.min(3, source.bytes), {
    ifMatch: source.etag,
  });
  const offset = first.equals(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  const hasHeader = input.format === 'csv' && (input.header ?? true);
  if (!hasHeader || offset === source.bytes) return { rows: offset };
  const rows = await ends.after(offset);
  return { rows, header: { offset, length: rows - offset } };
}

function rangeItem(source: Source, offset: number, length: number, header: BlobRange['header']): Item {
  const { container, blob, etag, versionId } = source;
  const path = inputPath(blob);
  const value: Json = { container, blob, etag, offset, length, path };
  const range: BlobRange = {
    ...{ container, blob, etag, path, offset, length },
    ...(versionId !== undefined && { versionId }),
    ...(header && { header }),
  };
  return { value, json: itemOf(value).json, bytes: length, range };
}

function sizeOf({ bytesPerTask = '' }: RowsInput): number {
  const bytes = parseSize(bytesPerTask);
  if (bytes !== undefined && bytes > 0) return bytes;
  const text = `'${bytesPerTask}' is not a size of byte ranges. Write it like 64MiB.`;
  throw new InvalidInputError('InvalidSize', text, { path: '$.input.bytesPerTask' });
}
