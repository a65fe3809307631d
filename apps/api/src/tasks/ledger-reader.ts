import { Injectable } from '@nestjs/common';
import {
  type JobRow,
  jobPaths,
  type LedgerEntry,
  parseRetryLine,
  workspaceContainer,
  attemptOf,
} from '@windrow/contract';
import { Bitmap, type BlobInfo, BlobStore, ContainerNotFoundError } from '@windrow/storage';
import { type LedgerFile, LedgerIndex } from './ledger-index';
import { type LinePage, type LinePlace, readLinePage } from './line-pages';

/** Jobs whose ledgers are followed; one of a million tasks takes some ten megabytes. */
const MAX_JOBS = 8;
/** Of a ledger, for one page of those that ended so or so; a page may come out short. Bytes. */
const MAX_BYTES_PER_PAGE = 8 * 1024 * 1024;

interface Followed {
  index: LedgerIndex;
  /** By name; written once, so that the etag says whether one is still the same. */
  retries: Map<string, { etag: string; tasks: Bitmap }>;
}

/**
 * Reads the ledger of a job by pages, latest wave first. Entries are written at least once, so across pages of a
 * running job a task may come twice; within a page it does not.
 */
@Injectable()
export class LedgerReader {
  /** By the job's uid, the one asked for last at the end. */
  private readonly followed = new Map<string, Followed>();

  constructor(private readonly blobs: BlobStore) {}

  /** Tasks whose latest attempt ended so; one that is to be tried again has not ended. */
  async page(
    row: JobRow,
    outcome: LedgerEntry['outcome'],
    start: LinePlace | undefined,
    size: number,
  ): Promise<LinePage<LedgerEntry>> {
    const files = await this.files(row);
    const retried = await this.retried(row);
    const seen = new Set<number>();
    const attempts = new Map(files.map(({ name, attempt }) => [name, attempt]));
    return readLinePage(
      this.blobs,
      containerOf(row),
      files.map(({ name }) => name),
      start,
      size,
      (line, file) => {
        const entry = JSON.parse(line) as LedgerEntry;
        if (entry.outcome !== outcome || seen.has(entry.task)) return undefined;
        if (retried(entry.task, attempts.get(file) ?? 0)) return undefined;
        // The entry that only shows that a page follows must come again on that page; forgetting it there is fine.
        seen.add(entry.task);
        return entry;
      },
      MAX_BYTES_PER_PAGE,
    );
  }

  /** Every attempt of one task, the first one first. */
  async attempts(row: JobRow, task: number): Promise<LedgerEntry[]> {
    return this.follow(row).index.entries(await this.files(row), [task]);
  }

  /** Latest known entries of the tasks `first` to `last`. */
  async range(row: JobRow, first: number, last: number): Promise<LedgerEntry[]> {
    const tasks = Array.from({ length: last - first + 1 }, (_, n) => first + n);
    const entries = await this.follow(row).index.entries(await this.files(row), tasks);
    return [...new Map(entries.map((entry) => [entry.task, entry])).values()];
  }

  /** Tells whether a task was given a further attempt after this one; retries are few, so that they fit in memory. */
  async retried(row: JobRow): Promise<(task: number, attempt: number) => boolean> {
    const { retryLists: prefix } = jobPaths(row.uid);
    const { retries } = this.follow(row);
    const lists: { attempt: number; tasks: Bitmap }[] = [];
    for (const { name, etag } of await this.listed(row, prefix)) {
      let known = retries.get(name);
      if (known?.etag !== etag) retries.set(name, (known = { etag, tasks: await this.readList(row, name) }));
      lists.push({ attempt: Number.parseInt(name.slice(prefix.length), 10), tasks: known.tasks });
    }
    return (task, attempt) => lists.some((list) => list.attempt > attempt && list.tasks.has(task));
  }

  private async readList(row: JobRow, name: string): Promise<Bitmap> {
    const tasks = new Bitmap();
    for await (const lines of this.blobs.readLineBatches(containerOf(row), name)) {
      for (const line of lines) if (line !== '') tasks.add(parseRetryLine(line).task);
    }
    return tasks;
  }

  private follow(row: JobRow): Followed {
    const { uid } = row;
    const found = this.followed.get(uid) ?? {
      index: new LedgerIndex(this.blobs, containerOf(row)),
      retries: new Map<string, { etag: string; tasks: Bitmap }>(),
    };
    this.followed.delete(uid);
    this.followed.set(uid, found);
    for (const oldest of this.followed.keys()) if (this.followed.size > MAX_JOBS) this.followed.delete(oldest);
    return found;
  }

  private async files(row: JobRow): Promise<LedgerFile[]> {
    const { ledgerPrefix } = jobPaths(row.uid);
    const files = (await this.listed(row, ledgerPrefix)).flatMap(({ name, bytes }) => {
      const [, wave = '', part = '0'] = /^(\w+)(?:\.(\d+))?\.jsonl$/.exec(name.slice(ledgerPrefix.length)) ?? [];
      const attempt = attemptOf(wave);
      return attempt === undefined ? [] : [{ name, bytes, attempt, part: Number(part) }];
    });
    return files.sort((a, b) => b.attempt - a.attempt || a.part - b.part);
  }

  private async listed(row: JobRow, prefix: string): Promise<BlobInfo[]> {
    const found: BlobInfo[] = [];
    try {
      for await (const blob of this.blobs.list(containerOf(row), { prefix })) found.push(blob);
    } catch (error) {
      if (!(error instanceof ContainerNotFoundError)) throw error;
    }
    return found;
  }
}

function containerOf({ workspace }: JobRow): string {
  return workspaceContainer(workspace);
}
