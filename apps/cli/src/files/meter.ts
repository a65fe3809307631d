import type { Io } from '../io';
import { bytes, many } from '../output/words';

const EVERY_MS = 200;

/** How far a download is, in one line of a terminal; elsewhere nothing until its end. */
export class Meter {
  bytes = 0;
  private files = 0;
  private drawnAt = -Infinity;

  constructor(private readonly io: Pick<Io, 'err' | 'now'>) {}

  add(count: number): void {
    this.bytes += count;
    this.draw();
  }

  file(): void {
    this.files += 1;
    this.draw();
  }

  end(): void {
    if (this.drawnAt > -Infinity) this.io.err.write('\r\u001b[2K');
  }

  private draw(): void {
    const { err, now } = this.io;
    if (!err.isTTY || now() - this.drawnAt < EVERY_MS) return;
    this.drawnAt = now();
    err.write(`\r\u001b[2K${many(this.files, 'file')}, ${bytes(this.bytes)}`.slice(0, err.columns + 4));
  }
}
