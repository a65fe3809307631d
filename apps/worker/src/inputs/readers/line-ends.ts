import type { SourceSnapshot } from '@windrow/contract';
import type { BlobStore } from '@windrow/storage';
import { InvalidInputError } from '../errors';
import type { BlobPlace } from '../errors';
import { MAX_ITEM_BYTES } from '../item';

const LINE_FEED = 0x0a;
/** What is read at first around a cut: most rows are shorter. Bytes. */
const WINDOW = 64 * 1024;
const MIN_WINDOW = 512;

/** Finds line ends in a blob, reading no more of it than a window that widens until there is one. */
export class LineEnds {
  private readonly window: number;

  /** @param rangeBytes distance between two cuts: windows are kept well below it */
  constructor(
    private readonly blobs: BlobStore,
    private readonly source: SourceSnapshot & BlobPlace,
    rangeBytes: number,
  ) {
    this.window = Math.min(WINDOW, Math.max(MIN_WINDOW, Math.floor(rangeBytes / 8)));
  }

  /**
   * The place behind the first line end at or after `place`; the blob's end when there is none.
   * @throws InvalidInputError `MalformedRow` when a row goes on for longer than an item may be
   */
  async after(place: number): Promise<number> {
    const { container, blob, bytes, etag } = this.source;
    let at = place;
    for (let window = this.window; at < bytes; window *= 2) {
      const count = Math.min(window, bytes - at);
      const read = await this.blobs.readRange(container, blob, at, count, { ifMatch: etag });
      const found = read.indexOf(LINE_FEED);
      if (found >= 0) return at + found + 1;
      at += count;
      if (at - place > MAX_ITEM_BYTES) throw this.tooLong(place);
    }
    return bytes;
  }

  private tooLong(place: number): InvalidInputError {
    const { blob, path } = this.source;
    return new InvalidInputError(
      'MalformedRow',
      `Blob '${blob}' has no line end within ${MAX_ITEM_BYTES} bytes after byte ${place}, so its rows are too long to be cut there. Check that the lines end with a line feed, and the format.`,
      { path },
    );
  }
}
