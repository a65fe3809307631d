import { Injectable } from '@nestjs/common';
import {
  type JobRow,
  jobPaths,
  type LedgerEntry,
  parseRetryLine,
  workspaceContainer,
  attemptOf,
} from '@windrow/contract';
import { Bitmap, BlobStore, ContainerNotFoundError } from '@windrow/storage';
import { type LinePage, type LinePlace, readLinePage } from './line-pages';

interface LedgerFile {
  name: string;
  attempt: number;
  part: number;
}

/**
 * Reads the ledger of a job by pages, latest wave first. Entries are written at least once, so across pages of a
 * running job a task may come twice; within a page it does not.
 */
@Injectable()
export class LedgerReader {
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
    );
  }

  /** Every attempt of one task, the first one first. */
  async attempts(row: JobRow, task: number): Promise<LedgerEntry[]> {
    return this.collect(
      row,
      (line) => line.includes(`"task":${task},`),
      (entry) => entry.task === task,
    );
  }

  /** Latest known entries of the tasks `first` to `last`. */
  async range(row: JobRow, first: number, last: number): Promise<LedgerEntry[]> {
    const entries = await this.collect(
      row,
      () => true,
      ({ task }) => task >= first && task <= last,
    );
    return [...new Map(entries.map((entry) => [entry.task, entry])).values()];
  }

  private async collect(
    row: JobRow,
    worthParsing: (line: string) => boolean,
    wanted: (entry: LedgerEntry) => boolean,
  ): Promise<LedgerEntry[]> {
    const found = new Map<string, LedgerEntry>();
    for (const { name } of await this.files(row)) {
      for await (const lines of this.blobs.readLineBatches(containerOf(row), name)) {
        for (const line of lines) {
          if (line === '' || !worthParsing(line)) continue;
          const entry = JSON.parse(line) as LedgerEntry;
          if (wanted(entry)) found.set(`${entry.task}/${entry.attempt}`, entry);
        }
      }
    }
    return [...found.values()].sort((a, b) => a.attempt - b.attempt);
  }

  /** Tells whether a task was given a further attempt after this one; retries are few, so that they fit in memory. */
  async retried(row: JobRow): Promise<(task: number, attempt: number) => boolean> {
    const prefix = jobPaths(row.uid)
      .retryList(0)
      .replace(/0\.jsonl$/, '');
    const lists: { attempt: number; tasks: Bitmap }[] = [];
    for (const name of await this.names(row, prefix)) {
      const tasks = new Bitmap();
      for await (const lines of this.blobs.readLineBatches(containerOf(row), name)) {
        for (const line of lines) if (line !== '') tasks.add(parseRetryLine(line).task);
      }
      lists.push({ attempt: Number.parseInt(name.slice(prefix.length), 10), tasks });
    }
    return (task, attempt) => lists.some((list) => list.attempt > attempt && list.tasks.has(task));
  }

  private async files(row: JobRow): Promise<LedgerFile[]> {
    const { ledgerPrefix } = jobPaths(row.uid);
    const files = (await this.names(row, ledgerPrefix)).flatMap((name) => {
      const [, wave = '', part = '0'] = /^(\w+)(?:\.(\d+))?\.jsonl$/.exec(name.slice(ledgerPrefix.length)) ?? [];
      const attempt = attemptOf(wave);
      return attempt === undefined ? [] : [{ name, attempt, part: Number(part) }];
    });
    return files.sort((a, b) => b.attempt - a.attempt || a.part - b.part);
  }

  private async names(row: JobRow, prefix: string): Promise<string[]> {
    const names: string[] = [];
    try {
      for await (const { name } of this.blobs.list(containerOf(row), { prefix })) names.push(name);
    } catch (error) {
      if (!(error instanceof ContainerNotFoundError)) throw error;
    }
    return names;
  }
}

function containerOf({ workspace }: JobRow): string {
  return workspaceContainer(workspace);
}
