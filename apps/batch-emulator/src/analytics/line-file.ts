import { createWriteStream, openSync, type WriteStream } from 'node:fs';
import type { Log } from '../util/log';

/** Appends JSON lines to a file, many at a time; a file that cannot be written is given up, not waited for. */
export class LineFile {
  private readonly stream: WriteStream;
  private lines: string[] = [];
  private scheduled: NodeJS.Immediate | undefined;
  private broken = false;

  /** @throws Error when it cannot be opened: whoever asked for it would look for it in vain */
  constructor(path: string, log: Log) {
    this.stream = createWriteStream(path, { fd: open(path) });
    this.stream.on('error', (error) => {
      this.broken = true;
      log(`cannot write ${path}: ${error.message}`);
    });
  }

  write(value: object): void {
    if (this.broken) return;
    this.lines.push(JSON.stringify(value));
    this.scheduled ??= setImmediate(() => this.flush());
  }

  close(): Promise<void> {
    this.flush();
    return new Promise((resolve) => (this.broken ? resolve() : this.stream.end(() => resolve())));
  }

  private flush(): void {
    if (this.scheduled) clearImmediate(this.scheduled);
    this.scheduled = undefined;
    if (this.lines.length > 0) this.stream.write(`${this.lines.join('\n')}\n`);
    this.lines = [];
  }
}

function open(path: string): number {
  try {
    return openSync(path, 'a');
  } catch (error) {
    const reason = (error as Error).message;
    throw new Error(`The file ${path} of --events or --activity-log cannot be opened: ${reason}`, { cause: error });
  }
}
