import { GatherError } from './errors';

const LINE_END = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** A header longer than this is no header. Bytes. */
const MAX_HEADER = 1024 * 1024;

/** Joins text files that begin with the same line: keeps it of the first and sees to it that lines stay whole. */
export class HeaderOnce {
  private header: Buffer | undefined;
  private lastByte = LINE_END;
  /** Whether the present file has contributed anything yet. */
  private begun = false;

  constructor(private readonly file: string) {}

  /** What of a file goes into the whole. Empty files add nothing. @throws GatherError `HeaderMismatch` */
  async *rest(task: number, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let head: Buffer | undefined = Buffer.alloc(0);
    this.begun = false;
    for await (const chunk of chunks) {
      if (!head) {
        yield* this.rows(chunk);
        continue;
      }
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf(LINE_END);
      if (end < 0 && head.length <= MAX_HEADER) continue;
      yield* this.rows(this.withoutHeader(task, head, end < 0 ? head.length : end + 1));
      head = undefined;
    }
    // A file of a single line without an end: its header, and no rows.
    if (head && head.length > 0) yield* this.rows(this.withoutHeader(task, head, head.length));
  }

  private *rows(bytes: Buffer): Generator<Buffer> {
    if (bytes.length === 0) return;
    if (!this.begun && this.lastByte !== LINE_END) yield Buffer.from('\n');
    this.begun = true;
    this.lastByte = bytes.at(-1)!;
    yield bytes;
  }

  /** The beginning of a file without its header, unless it is the first. */
  private withoutHeader(task: number, text: Buffer, end: number): Buffer {
    const header = trimmed(text.subarray(0, end));
    if (!this.header) {
      this.header = header;
      return text;
    }
    if (!this.header.equals(header)) throw this.mismatch(task, header);
    return text.subarray(end);
  }

  private mismatch(task: number, header: Buffer): GatherError {
    const show = (bytes: Buffer) => JSON.stringify(bytes.subarray(0, 200).toString());
    return new GatherError(
      'HeaderMismatch',
      task,
      `'${this.file}' of task ${task} begins with ${show(header)}, where the files before it begin with ${show(this.header!)}. Make the tasks write the same header, or gather without one.`,
    );
  }
}

function trimmed(line: Buffer): Buffer {
  let end = line.length;
  while (end > 0 && (line[end - 1] === LINE_END || line[end - 1] === CARRIAGE_RETURN)) end -= 1;
  return line.subarray(0, end);
}
