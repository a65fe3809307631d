import { Readable } from 'node:stream';
import { BlobStore } from '@windrow/storage';
import type { BlobInfo, BlobProperties } from '@windrow/storage';

const LINES_AT_ONCE = 2000;

/** Storage that makes what is read as it is read, and forgets what is written: for inputs larger than any memory. */
export class VirtualBlobs extends BlobStore {
  bytesWritten = 0;

  constructor(private readonly content: { header?: string; line: (n: number) => string; count: number }) {
    super(undefined as never);
  }

  override async containerExists(): Promise<boolean> {
    return true;
  }

  override async properties(): Promise<BlobProperties> {
    return { bytes: 1, etag: '"virtual"', lastModified: new Date(0) };
  }

  override async readStream(): Promise<Readable> {
    return Readable.from(this.chunks(), { objectMode: false });
  }

  override async *list(): AsyncGenerator<BlobInfo> {
    for (let n = 0; n < this.content.count; n += 1) {
      const name = `books/${this.content.line(n)}`;
      yield { name, bytes: 1000, etag: `"${n}"`, lastModified: new Date(0), isDirectory: false };
    }
  }

  override async writeText(_container: string, _blob: string, text: string | Buffer): Promise<{ etag: string }> {
    this.bytesWritten += Buffer.byteLength(text);
    return { etag: '"written"' };
  }

  private *chunks(): Generator<Buffer> {
    const { header = '', line, count } = this.content;
    if (header !== '') yield Buffer.from(header);
    for (let n = 0; n < count; n += LINES_AT_ONCE) {
      const lines = Math.min(LINES_AT_ONCE, count - n);
      yield Buffer.from(Array.from({ length: lines }, (_, k) => line(n + k)).join(''));
    }
  }
}
