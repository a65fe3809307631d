import { AUDIT_CONTAINER, type AuditRecord } from '@windrow/contract';
import type { BlobStore } from './blob-store';
import { AppendBlobFullError, ContainerNotFoundError } from './errors';

/** Lines of one append, and lines that may wait for theirs: past that they are refused rather than kept in memory. */
const MAX_BATCH = 5000;
const MAX_WAITING = 50_000;
/** Read for one page at most, whatever a filter leaves of it. Bytes. */
const MAX_SCAN = 16 * 1024 * 1024;
const NAME = /^(\d{4}-\d{2}-\d{2})\.\d{4}\.jsonl$/;

/** Where a reading goes on: a blob of the log, and the byte in it. */
export interface AuditPosition {
  blob: string;
  offset: number;
}

export interface AuditQuery {
  /** ISO 8601, UTC; from the first (inclusive) to the second (exclusive). */
  from: string;
  to: string;
  pageSize: number;
  after?: AuditPosition;
  matches: (record: AuditRecord) => boolean;
}

interface Waiting {
  record: AuditRecord;
  done: () => void;
  failed: (error: unknown) => void;
}

/**
 * The audit log: append blobs, one a day and one more for each 50,000 appends of it, that all processes of the
 * installation share. Records that come while an append is under way share the next one. Nothing is ever changed or
 * deleted here. A line that a retry stored twice has the same `id`.
 */
export class AuditLog {
  private readonly waiting: Waiting[] = [];
  private readonly pending = new Set<Promise<void>>();
  private writing = false;
  private part = { day: '', number: 0 };

  /** @param gatherMs how long a first record waits for others to share its append */
  constructor(
    private readonly blobs: BlobStore,
    private readonly gatherMs = 0,
  ) {}

  /** Resolves once the record is durable. @throws StorageError when it cannot be; RangeError when too many wait */
  async append(record: AuditRecord): Promise<void> {
    if (this.waiting.length >= MAX_WAITING) throw new RangeError('Too many records wait for the audit log.');
    const written = new Promise<void>((done, failed) => this.waiting.push({ record, done, failed }));
    this.pending.add(written);
    if (!this.writing) void this.write();
    await written.finally(() => this.pending.delete(written));
  }

  /** Waits for what was given; call it last. */
  async close(): Promise<void> {
    await Promise.allSettled(this.pending);
  }

  /** Records in the order they were stored. A page may be short, or empty, and yet have a `next`. */
  async read(query: AuditQuery): Promise<{ records: AuditRecord[]; next?: AuditPosition }> {
    const { from, to, pageSize, after, matches } = query;
    const found = new Map<string, AuditRecord>();
    let scanned = 0;
    for (const blob of await this.names(from, to)) {
      if (after && blob < after.blob) continue;
      let offset = blob === after?.blob ? after.offset : 0;
      const { bytes = 0 } = (await this.blobs.properties(AUDIT_CONTAINER, blob)) ?? {};
      if (offset >= bytes) continue;
      for await (const line of this.blobs.readLines(AUDIT_CONTAINER, blob, { offset, count: bytes - offset })) {
        if (found.size === pageSize || scanned >= MAX_SCAN)
          return { records: [...found.values()], next: { blob, offset } };
        const size = Buffer.byteLength(line) + 1;
        offset += size;
        scanned += size;
        const record = JSON.parse(line) as AuditRecord;
        if (record.time >= from && record.time < to && matches(record)) found.set(record.id, record);
      }
    }
    return { records: [...found.values()] };
  }

  private async names(from: string, to: string): Promise<string[]> {
    const names: string[] = [];
    try {
      for await (const { name } of this.blobs.list(AUDIT_CONTAINER)) {
        const day = NAME.exec(name)?.[1];
        if (day !== undefined && day >= from.slice(0, 10) && day <= to.slice(0, 10)) names.push(name);
      }
    } catch (error) {
      if (!(error instanceof ContainerNotFoundError)) throw error;
    }
    return names.sort();
  }

  private async write(): Promise<void> {
    this.writing = true;
    if (this.gatherMs > 0) await new Promise((resolve) => setTimeout(resolve, this.gatherMs));
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, MAX_BATCH);
      try {
        await this.appendAll(batch.map(({ record }) => record));
        for (const { done } of batch) done();
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    this.writing = false;
  }

  private async appendAll(records: AuditRecord[]): Promise<void> {
    const days = new Map<string, string>();
    for (const record of records) {
      const day = record.time.slice(0, 10);
      days.set(day, `${days.get(day) ?? ''}${JSON.stringify(record)}\n`);
    }
    for (const [day, text] of days) await this.appendTo(day, text);
  }

  private async appendTo(day: string, text: string): Promise<void> {
    if (this.part.day !== day) this.part = { day, number: 0 };
    for (;;) {
      try {
        const name = `${day}.${String(this.part.number).padStart(4, '0')}.jsonl`;
        return await this.blobs.appendText(AUDIT_CONTAINER, name, text);
      } catch (error) {
        if (error instanceof AppendBlobFullError) this.part.number += 1;
        else if (error instanceof ContainerNotFoundError) await this.blobs.ensureContainer(AUDIT_CONTAINER);
        else throw error;
      }
    }
  }
}
