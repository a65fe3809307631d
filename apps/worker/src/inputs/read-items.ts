import { setImmediate } from 'node:timers/promises';
import { MAX_ITEMS } from '@windrow/contract';
import type { InputSpec, SampleSpec, SourceSnapshot } from '@windrow/contract';
import type { BlobStore } from '@windrow/storage';
import { InvalidInputError, asInputError } from './errors';
import type { BlobPlace } from './errors';
import { chunked, itemOf } from './item';
import type { Item } from './item';
import { readBlobs } from './readers/blobs';
import { readByteRanges } from './readers/byte-ranges';
import { readCsv } from './readers/csv';
import { readJsonArray } from './readers/json-array';
import { readJsonLines, readLines } from './readers/lines';
import { readParquet } from './readers/parquet';
import { sweepPoints } from './readers/sweep';
import { sampler } from './sample';
import { sourcePlaces } from './sources';

export interface ReadProgress {
  items: number;
  /** As {@link Item.bytes}. */
  bytes: number;
}

export interface ReadContext {
  blobs: BlobStore;
  /** What `freezeSources` returned for this input. */
  sources: SourceSnapshot[];
  /** Take a random part of the input. Goes before `maxItems`. */
  sample?: SampleSpec;
  /** Stop after so many items. */
  maxItems?: number;
  /** Its reason is thrown between two chunks. */
  signal?: AbortSignal;
  /** Called after each chunk with what was read in all. */
  progress?: (done: ReadProgress) => void;
}

/**
 * Reads the items of an input in their order, in chunks of a few thousand, in bounded memory: one chunk, plus what
 * the format needs (a row group of parquet, a line or element of text).
 * @throws InvalidInputError when the input is at fault; StorageError when storage is
 */
export async function* readItems(input: InputSpec, context: ReadContext): AsyncGenerator<Item[]> {
  const done: ReadProgress = { items: 0, bytes: 0 };
  const limit = context.maxItems ?? Number.POSITIVE_INFINITY;
  const isTaken = context.sample && sampler(context.sample);
  for await (const all of readAll(input, context)) {
    // Readers that wait for nothing (sweeps, lists, counts) would else keep the whole process from its other work.
    await setImmediate();
    context.signal?.throwIfAborted();
    const read = isTaken ? all.filter(isTaken) : all;
    const chunk = done.items + read.length > limit ? read.slice(0, limit - done.items) : read;
    done.items += chunk.length;
    for (const { bytes } of chunk) done.bytes += bytes;
    if (done.items > MAX_ITEMS) throw tooMany();
    if (chunk.length > 0) yield chunk;
    context.progress?.({ ...done });
    // Ends the readers beneath, and with them the downloads.
    if (done.items >= limit) return;
  }
}

async function* readAll(input: InputSpec, context: ReadContext): AsyncGenerator<Item[]> {
  switch (input.kind) {
    case 'blobs':
      yield* readBlobs(input, context.blobs);
      break;
    case 'rows':
    case 'manifest':
      yield* readSources(input, context);
      break;
    case 'sweep':
      yield* chunked(map(sweepPoints(input, context.sample ? undefined : context.maxItems), itemOf));
      break;
    case 'items':
      yield* chunked(map(input.items, itemOf));
      break;
    case 'repeat':
      yield* chunked(map(indexes(input.count), itemOf));
      break;
  }
}

type SourcedInput = Extract<InputSpec, { kind: 'rows' | 'manifest' }>;

async function* readSources(input: SourcedInput, { blobs, sources }: ReadContext): AsyncGenerator<Item[]> {
  for (const [n, place] of sourcePlaces(input).entries()) {
    const source = sources[n];
    if (source?.blob !== place.blob) throw new Error(`The sources given are not those of the input: ${place.path}.`);
    try {
      yield* readSource(input, { ...place, ...source }, blobs);
    } catch (error) {
      throw asInputError(error, place);
    }
  }
}

function readSource(input: SourcedInput, source: SourceSnapshot & BlobPlace, blobs: BlobStore): AsyncGenerator<Item[]> {
  if (input.kind === 'manifest') return readJsonLines(blobs, source);
  if (input.split === 'byteRanges') return readByteRanges(blobs, source, input);
  switch (input.format) {
    case 'csv':
      return readCsv(blobs, source, input);
    case 'jsonl':
      return readJsonLines(blobs, source);
    case 'json':
      return readJsonArray(blobs, source);
    case 'lines':
      return readLines(blobs, source);
    case 'parquet':
      return readParquet(blobs, source, input);
  }
}

function* map<A, B>(source: Iterable<A>, change: (value: A) => B): Generator<B> {
  for (const value of source) yield change(value);
}

function* indexes(count: number): Generator<{ index: number }> {
  for (let index = 0; index < count; index += 1) yield { index };
}

function tooMany(): InvalidInputError {
  const text = `The input has more than ${MAX_ITEMS} items. Divide it into several jobs, or take a part of it with $.maxItems.`;
  return new InvalidInputError('TooManyItems', text, { path: '$.input' });
}
