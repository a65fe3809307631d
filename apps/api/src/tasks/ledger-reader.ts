import { Injectable } from '@nestjs/common';
import { type JobRow, jobPaths, type LedgerEntry, workspaceContainer } from '@windrow/contract';
import { Bitmap, BlobStore, ContainerNotFoundError } from '@windrow/storage';
import { type LinePage, type LinePlace, readLinePage } from './line-pages';

interface LedgerFile {
  name: string;
  wave: number;
  part: number;
}

/**
 * Reads the ledger of a job by pages, latest wave first. Entries are written at least once, so across pages of a
 * running job a task may come twice; within a page it does not.
 */
@Injectable()
export class LedgerReader {
  constructor(private readonly blobs: BlobStore) {}

  /** Tasks whose latest known attempt ended so. */
  async page(
    row: JobRow,
    outcome: LedgerEntry['outcome'],
    start: LinePlace | undefined,
    size: number,
  ): Promise<LinePage<LedgerEntry>> {
    const files = await this.files(row);
    const finished = await this.finishedByWave(row, files);
    const seen = new Set<number>();
    const waveOf = new Map(files.map(({ name, wave }) => [name, wave]));
    return readLinePage(
      this.blobs,
      containerOf(row),
      files.map(({ name }) => name),
      start,
      size,
      (line, file) => {
        const entry = JSON.parse(line) as LedgerEntry;
        if (entry.outcome !== outcome || seen.has(entry.task)) return undefined;
        const wave = waveOf.get(file) ?? 0;
        if (finished.some((later) => later.wave > wave && later.tasks.has(entry.task))) return undefined;
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

  /** Which tasks each wave but the first has outcomes of; those are few, being retries. */
  private async finishedByWave(row: JobRow, files: LedgerFile[]): Promise<{ wave: number; tasks: Bitmap }[]> {
    const earliest = Math.min(...files.map(({ wave }) => wave));
    const later: { wave: number; tasks: Bitmap }[] = [];
    for (const { name, wave } of files.filter((file) => file.wave > earliest)) {
      const tasks = new Bitmap();
      for await (const line of this.blobs.readLines(containerOf(row), name)) {
        if (line !== '') tasks.add((JSON.parse(line) as LedgerEntry).task);
      }
      later.push({ wave, tasks });
    }
    return later;
  }

  private async files(row: JobRow): Promise<LedgerFile[]> {
    const { ledgerPrefix } = jobPaths(row.uid);
    const files: LedgerFile[] = [];
    try {
      for await (const { name } of this.blobs.list(containerOf(row), { prefix: ledgerPrefix })) {
        // Waves of a reduction (r1, r2, ...) count other tasks.
        const match = /^(\d+)(?:\.(\d+))?\.jsonl$/.exec(name.slice(ledgerPrefix.length));
        if (match) files.push({ name, wave: Number(match[1]), part: Number(match[2] ?? 0) });
      }
    } catch (error) {
      if (!(error instanceof ContainerNotFoundError)) throw error;
    }
    return files.sort((a, b) => b.wave - a.wave || a.part - b.part);
  }
}

function containerOf({ workspace }: JobRow): string {
  return workspaceContainer(workspace);
}
