import type { BlobInfo, BlobStore } from '@windrow/storage';
import type { LedgerEntry } from '@windrow/contract';

/** A ledger file as a listing shows it. */
export interface LedgerFile extends Pick<BlobInfo, 'name' | 'bytes'> {
  /** The wave. */
  attempt: number;
  part: number;
}

/** Most lines fit into it; a longer one is read in further pieces. Bytes. */
const LINE_BYTES = 4096;
const READS_IN_FLIGHT = 16;
const HEAD = /^\{"task":(\d+),/;

/**
 * Where in a job's ledger the outcome of each task lies. A ledger only grows, so it is followed: each of its bytes is
 * read once, however often it is asked. Takes eight bytes a task and wave.
 */
export class LedgerIndex {
  private readonly known = new Map<string, FilePlaces>();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly blobs: BlobStore,
    private readonly container: string,
  ) {}

  /** Entries of the tasks, by attempt; `files` is a fresh listing. */
  async entries(files: LedgerFile[], tasks: number[]): Promise<LedgerEntry[]> {
    // One after the other, so that two who ask at once do not both read what is new.
    const caughtUp = this.turn.then(() => this.follow(files));
    this.turn = caughtUp.catch(() => undefined);
    await caughtUp;
    const ordered = [...files].sort((a, b) => a.attempt - b.attempt || a.part - b.part);
    const places = ordered.flatMap((file) =>
      tasks.flatMap((task) => {
        const offset = this.known.get(file.name)?.of(task);
        return offset === undefined ? [] : [{ file, offset }];
      }),
    );
    return this.read(places);
  }

  private async follow(files: LedgerFile[]): Promise<void> {
    for (const { name, bytes } of files) {
      let places = this.known.get(name);
      if (!places) this.known.set(name, (places = new FilePlaces()));
      if (bytes <= places.read) continue;
      const range = { offset: places.read, count: bytes - places.read };
      for await (const lines of this.blobs.readLineBatches(this.container, name, range)) {
        for (const line of lines) places.add(line);
      }
    }
  }

  private async read(places: { file: LedgerFile; offset: number }[]): Promise<LedgerEntry[]> {
    const entries: LedgerEntry[] = [];
    const next = places.entries();
    const work = async () => {
      for (const [at, { file, offset }] of next) entries[at] = await this.entryAt(file, offset);
    };
    await Promise.all(Array.from({ length: READS_IN_FLIGHT }, work));
    return entries;
  }

  private async entryAt({ name, bytes }: LedgerFile, offset: number): Promise<LedgerEntry> {
    for (let count = LINE_BYTES; ; count *= 2) {
      const piece = await this.blobs.readRange(this.container, name, offset, Math.min(count, bytes - offset));
      const end = piece.indexOf('\n');
      if (end < 0 && offset + count < bytes) continue;
      return JSON.parse(piece.toString('utf8', 0, end < 0 ? piece.length : end)) as LedgerEntry;
    }
  }
}

/** Offsets of the lines of one file, by task; of a task that stands there twice, the first. */
class FilePlaces {
  /** Bytes looked at. */
  read = 0;
  /** Offset + 1; 0: the task is not there. */
  private offsets = new Float64Array(1024);

  add(line: string): void {
    const start = this.read;
    this.read += Buffer.byteLength(line) + 1;
    if (line === '') return;
    const task = Number(HEAD.exec(line)?.[1] ?? (JSON.parse(line) as LedgerEntry).task);
    if (task >= this.offsets.length) this.grow(task);
    if (this.offsets[task] === 0) this.offsets[task] = start + 1;
  }

  of(task: number): number | undefined {
    const place = this.offsets[task] ?? 0;
    return place === 0 ? undefined : place - 1;
  }

  private grow(task: number): void {
    const larger = new Float64Array(Math.max(task + 1, this.offsets.length * 2));
    larger.set(this.offsets);
    this.offsets = larger;
  }
}
