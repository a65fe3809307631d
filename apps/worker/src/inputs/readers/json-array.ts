import { StringDecoder } from 'node:string_decoder';
import type { SourceSnapshot } from '@windrow/contract';
import type { BlobStore } from '@windrow/storage';
import { InvalidInputError } from '../errors';
import type { BlobPlace } from '../errors';
import { JsonItem, MAX_ITEM_BYTES, chunked } from '../item';
import type { Item } from '../item';
import { JsonArraySplitter } from './json-array-splitter';

type Source = SourceSnapshot & BlobPlace;

/**
 * Reads the elements of a JSON array, of any length, one chunk of text at a time.
 * @throws InvalidInputError `MalformedRow` with the element's number (from 1), `MalformedBlob`
 */
export async function* readJsonArray(blobs: BlobStore, source: Source): AsyncGenerator<Item[]> {
  const decoder = new StringDecoder('utf8');
  const splitter = new JsonArraySplitter(MAX_ITEM_BYTES);
  const elements = new Elements(source);
  const bytes = await blobs.readStream(source.container, source.blob, { ifMatch: source.etag });
  try {
    for await (const chunk of bytes) yield* chunked(elements.of(splitter.push(decoder.write(chunk as Buffer))));
    splitter.end();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InvalidInputError(
      'MalformedBlob',
      `Blob '${source.blob}' is not a JSON array: ${error.message} (after element ${elements.count}). For one JSON value a line give the format 'jsonl'.`,
      { path: source.path, cause: error },
    );
  }
}

class Elements {
  count = 0;

  constructor(private readonly source: Source) {}

  *of(texts: string[]): Generator<Item> {
    for (const text of texts) {
      this.count += 1;
      try {
        JSON.parse(text);
      } catch (cause) {
        throw new InvalidInputError(
          'MalformedRow',
          `Element ${this.count} of blob '${this.source.blob}' is not JSON: ${(cause as Error).message}.`,
          { path: this.source.path, cause },
        );
      }
      // Line ends can only be between tokens, so they and the indentation around them may go; the rest of the text
      // is kept, and with it numbers beyond the precision of JavaScript.
      yield new JsonItem(text.includes('\n') || text.includes('\r') ? text.replace(/\s*[\r\n]\s*/g, '') : text);
    }
  }
}
