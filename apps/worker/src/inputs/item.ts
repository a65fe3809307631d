import type { BlobRange, Download, Json } from '@windrow/contract';

/** Largest single item. Bounds the memory that a malformed input (a quote never closed, no line end) can take. */
export const MAX_ITEM_BYTES = 16 * 1024 * 1024;

/** Items handed from stage to stage at once: an await for each item would cost more than reading it. */
export const CHUNK = 4096;

/** One unit of input. */
export interface Item {
  /** Made from `json` when it is asked for; most items of a large batch never are. */
  readonly value: Json;
  /** The item as JSON on one line, as `items.jsonl` will hold it. */
  readonly json: string;
  /** What `maxBytesPerTask` counts: the blob for blobs, the JSON text otherwise. */
  readonly bytes: number;
  /** The blob that the item stands for. */
  readonly download?: Download;
  /** The part of a blob that the item stands for. */
  readonly range?: BlobRange;
}

/** An item known by its JSON text. */
export class JsonItem implements Item {
  readonly bytes: number;

  constructor(readonly json: string) {
    this.bytes = Buffer.byteLength(json);
  }

  get value(): Json {
    return JSON.parse(this.json) as Json;
  }
}

export function itemOf(value: Json): Item {
  return new JsonItem(JSON.stringify(value));
}

/** Gathers the items of a synchronous source into chunks. */
export function* chunked<T>(source: Iterable<T>, size: number = CHUNK): Generator<T[]> {
  let chunk: T[] = [];
  for (const item of source) {
    chunk.push(item);
    if (chunk.length === size) {
      yield chunk;
      chunk = [];
    }
  }
  if (chunk.length > 0) yield chunk;
}
