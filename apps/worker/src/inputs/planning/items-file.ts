import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { Readable } from 'node:stream';

/** Lines are turned into bytes in pieces of this size. Characters. */
const PIECE = 256 * 1024;
/** A file beyond this size is uploaded while it grows, instead of when it is complete. Bytes. */
const HELD = 8 * 1024 * 1024;

/** Where an items file goes: as one piece, or as a stream when it is too large to hold. */
export interface ItemsTarget {
  write(bytes: Buffer): Promise<unknown>;
  stream(bytes: Readable): Promise<unknown>;
}

/** The `items.jsonl` of one task in the making. Holds at most about {@link HELD} bytes. */
export class ItemsFile {
  private lines: string[] = [];
  private characters = 0;
  private pieces: Buffer[] = [];
  private bytes = 0;
  private upload: GrowingUpload | undefined;

  constructor(private readonly target: ItemsTarget) {}

  add(json: string): void {
    this.lines.push(json);
    this.characters += json.length;
    if (this.characters >= PIECE) this.fold();
  }

  /** To be called now and then: hands over what has become too much to hold. */
  async relieve(): Promise<void> {
    if (this.bytes < HELD) return;
    this.upload ??= new GrowingUpload((stream) => this.target.stream(stream));
    for (const piece of this.take()) await this.upload.write(piece);
  }

  /** Uploads what is left and resolves when the blob is complete. */
  async finish(): Promise<void> {
    this.fold();
    const pieces = this.take();
    if (!this.upload) {
      await this.target.write(Buffer.concat(pieces));
      return;
    }
    for (const piece of pieces) await this.upload.write(piece);
    await this.upload.finish();
  }

  abandon(): void {
    this.upload?.abandon();
  }

  private fold(): void {
    if (this.lines.length === 0) return;
    const piece = Buffer.from(`${this.lines.join('\n')}\n`);
    this.lines = [];
    this.characters = 0;
    this.pieces.push(piece);
    this.bytes += piece.length;
  }

  private take(): Buffer[] {
    const pieces = this.pieces;
    this.pieces = [];
    this.bytes = 0;
    return pieces;
  }
}

/** A stream upload that is fed as it goes and waits when the other end is slower. */
class GrowingUpload {
  private readonly pipe = new PassThrough({ highWaterMark: HELD });
  private readonly done: Promise<unknown>;

  constructor(start: (stream: Readable) => Promise<unknown>) {
    this.done = start(this.pipe);
    // Seen by whoever writes next or finishes; until then it must not count as unhandled.
    this.done.catch(() => undefined);
  }

  async write(bytes: Buffer): Promise<void> {
    if (!this.pipe.write(bytes)) await Promise.race([once(this.pipe, 'drain'), this.done]);
  }

  async finish(): Promise<void> {
    this.pipe.end();
    await this.done;
  }

  abandon(): void {
    // With an error, because a stream that merely closes leaves the uploader waiting for its end.
    this.pipe.destroy(new Error('The plan was given up.'));
  }
}
