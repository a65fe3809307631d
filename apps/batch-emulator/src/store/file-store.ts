import { closeSync, createReadStream, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Log } from '../util/log';
import { JournalFiles } from './journal-files';
import { StoreFailure, type Store, type StoredRecord } from './store';

/** A journal below this size is not worth compacting. */
const MIN_COMPACT_BYTES = 64 * 1024 * 1024;
/** Records written to a snapshot before requests are let in again. */
const SLICE = 2000;
/** Keys and credentials of the account are in what is written: it is for the owner alone. */
const PRIVATE = 0o600;

export interface FileStoreOptions {
  compactBytes?: number;
  log: Log;
  /** Told once when the journal cannot be written any more: nothing may be acknowledged from then on. */
  onFailure?: (error: Error) => void;
}

/**
 * An append-only journal of JSON lines. `flush` hands everything to the operating system, which survives the death of
 * this process; when the journal has grown, a snapshot of the present state takes its place.
 */
export class FileStore implements Store {
  readonly durable = true;
  private readonly files: JournalFiles;
  private number = 0;
  private fd = -1;
  private buffer: string[] = [];
  private scheduled: NodeJS.Immediate | undefined;
  private written = 0;
  private compactAt: number;
  private compaction: Promise<void> | undefined;
  private source: (() => Iterable<StoredRecord>) | undefined;
  private failure: Error | undefined;

  constructor(
    location: string,
    private readonly options: FileStoreOptions,
  ) {
    this.files = new JournalFiles(path.join(location, 'journal'));
    this.compactAt = this.threshold(0);
  }

  /** Reads what is there, then opens a new journal: a torn last line is never written behind. */
  async open(apply: (record: StoredRecord) => void): Promise<void> {
    const { snapshot, journals, next } = this.files.toRead();
    for (const file of [...snapshot, ...journals]) await this.read(file, apply);
    this.openJournal(next);
    // As if it had never ended: many short lives make a long journal as well.
    this.written = sizeOf(journals);
    this.compactAt = this.threshold(sizeOf(snapshot));
  }

  /** Where the records of a snapshot come from; without it nothing is compacted. */
  compactFrom(source: () => Iterable<StoredRecord>): void {
    this.source = source;
  }

  append(record: StoredRecord): void {
    this.buffer.push(JSON.stringify(record));
    this.scheduled ??= setImmediate(() => this.tryFlush());
  }

  flush(): void {
    if (this.scheduled) clearImmediate(this.scheduled);
    this.scheduled = undefined;
    if (this.failure) throw this.failure;
    if (this.buffer.length === 0 || this.fd < 0) return;
    const text = `${this.buffer.join('\n')}\n`;
    this.buffer = [];
    try {
      this.written += writeAll(this.fd, text);
    } catch (error) {
      this.failure = new StoreFailure(`the journal cannot be written: ${String(error)}`);
      this.options.onFailure?.(this.failure);
      throw this.failure;
    }
    if (this.written > this.compactAt && this.source && !this.compaction) {
      this.compaction = this.compact(this.source)
        .catch((error: unknown) => this.options.log(`could not compact the journal: ${String(error)}`))
        .finally(() => (this.compaction = undefined));
    }
  }

  async close(): Promise<void> {
    this.tryFlush();
    await this.compaction;
    if (this.fd >= 0) closeSync(this.fd);
    this.fd = -1;
  }

  /** Where nobody waits for the outcome: whoever asks for a flush next is told. */
  private tryFlush(): void {
    try {
      this.flush();
    } catch (error) {
      if (!(error instanceof StoreFailure)) throw error;
    }
  }

  /**
   * The journal is turned over first; the snapshot may then hold changes that the new journal holds as well, which is
   * harmless, because applying a record again changes nothing.
   */
  private async compact(source: () => Iterable<StoredRecord>): Promise<void> {
    closeSync(this.fd);
    this.openJournal(this.number + 1);
    const target = this.files.snapshot(this.number);
    // One that was left half written may be open to others.
    rmSync(`${target}.tmp`, { force: true });
    const fd = openSync(`${target}.tmp`, 'w', PRIVATE);
    let size = 0;
    try {
      let lines: string[] = [];
      for (const record of source()) {
        lines.push(JSON.stringify(record));
        if (lines.length < SLICE) continue;
        size += writeAll(fd, `${lines.join('\n')}\n`);
        lines = [];
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (lines.length > 0) size += writeAll(fd, `${lines.join('\n')}\n`);
      // The journals it stands for go next.
      fsyncSync(fd);
    } catch (error) {
      rmSync(`${target}.tmp`, { force: true });
      throw error;
    } finally {
      closeSync(fd);
    }
    renameSync(`${target}.tmp`, target);
    this.files.removeBefore(this.number);
    this.compactAt = this.threshold(size);
    this.options.log(`compacted the journal to ${size} bytes`);
  }

  private openJournal(number: number): void {
    this.number = number;
    this.written = 0;
    this.fd = openSync(this.files.journal(number), 'a', PRIVATE);
  }

  private threshold(snapshotBytes: number): number {
    return Math.max(this.options.compactBytes ?? MIN_COMPACT_BYTES, 2 * snapshotBytes);
  }

  private async read(file: string, apply: (record: StoredRecord) => void): Promise<void> {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      const record = parse(line);
      // Only what was being written when the process died can be torn, and that was never acknowledged.
      if (record) apply(record);
      else if (line !== '') this.options.log(`left out a torn line of ${path.basename(file)}`);
    }
  }
}

function sizeOf(files: readonly string[]): number {
  return files.reduce((sum, file) => sum + statSync(file).size, 0);
}

function parse(line: string): StoredRecord | undefined {
  try {
    return JSON.parse(line) as StoredRecord;
  } catch {
    return undefined;
  }
}

function writeAll(fd: number, text: string): number {
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
  return bytes.length;
}
