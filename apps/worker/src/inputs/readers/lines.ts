import type { SourceSnapshot } from '@windrow/contract';
import type { BlobStore } from '@windrow/storage';
import { InvalidInputError } from '../errors';
import type { BlobPlace } from '../errors';
import { JsonItem, MAX_ITEM_BYTES, itemOf } from '../item';
import type { Item } from '../item';

type Source = SourceSnapshot & BlobPlace;

/** Each line is an item, a string. Empty lines are items too: dropping them would renumber the rest. */
export async function* readLines(blobs: BlobStore, source: Source): AsyncGenerator<Item[]> {
  for await (const lines of lineBatches(blobs, source)) yield lines.map(itemOf);
}

/**
 * Each line is a JSON value; blank lines are skipped. The text is kept as it is written, so that numbers beyond the
 * precision of JavaScript survive.
 * @throws InvalidInputError `MalformedRow`, with the line's number
 */
export async function* readJsonLines(blobs: BlobStore, source: Source): AsyncGenerator<Item[]> {
  let lineNumber = 0;
  for await (const lines of lineBatches(blobs, source)) {
    const items: Item[] = [];
    for (const line of lines) {
      lineNumber += 1;
      const text = line.trim();
      if (text === '') continue;
      try {
        JSON.parse(text);
      } catch (cause) {
        throw new InvalidInputError(
          'MalformedRow',
          `Line ${lineNumber} of blob '${source.blob}' is not JSON: ${(cause as Error).message}. Each line must hold one whole JSON value.`,
          { path: source.path, cause },
        );
      }
      items.push(new JsonItem(text));
    }
    yield items;
  }
}

async function* lineBatches(blobs: BlobStore, { container, blob, etag }: Source): AsyncGenerator<string[]> {
  const batches = blobs.readLineBatches(container, blob, { ifMatch: etag, maxLineBytes: MAX_ITEM_BYTES });
  let first = true;
  for await (const lines of batches) {
    if (first && lines[0]?.startsWith('\ufeff')) lines[0] = lines[0].slice(1);
    first = false;
    yield lines;
  }
}
