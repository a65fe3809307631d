import { Injectable } from '@nestjs/common';
import type { JobRow } from '@windrow/contract';
import { BatchReader } from '../batch/batch-reader';
import { decodePageToken, encodePageToken, type PageToken } from '../common/page-token';
import { LedgerReader } from './ledger-reader';
import type { LinePlace } from './line-pages';
import {
  fromBatch,
  fromLedger,
  pendingTask,
  tasksList,
  type TaskItem,
  type TaskPage,
  type TaskQuery,
} from './task-item';

interface LedgerToken extends PageToken, LinePlace {
  kind: 'ledger';
}

interface BatchToken extends PageToken {
  kind: 'batch';
  wave: number;
  cursor: string;
}

interface IndexToken extends PageToken {
  kind: 'index';
  next: number;
}

/** Stretches of the plan looked at for one page of pending tasks; a page may come out short. */
const MAX_STRETCHES = 10;

/** Tasks of a job that is not over: what has ended is in the ledger, what has not is in Batch or only in the plan. */
@Injectable()
export class RunningTasks {
  constructor(
    private readonly batch: BatchReader,
    private readonly ledger: LedgerReader,
  ) {}

  async page(row: JobRow, query: TaskQuery): Promise<TaskPage> {
    switch (query.state) {
      case 'succeeded':
      case 'failed':
        return this.ended(row, query.state, query);
      case 'active':
      case 'running':
        return this.atBatch(row, query.state, query);
      case 'pending':
        return this.pending(row, query);
      default:
        return this.byIndex(row, query);
    }
  }

  private async ended(row: JobRow, state: 'succeeded' | 'failed', query: TaskQuery): Promise<TaskPage> {
    const list = tasksList(row, state);
    const start = query.pageToken === undefined ? undefined : decodePageToken(query.pageToken, list, isLedgerToken);
    const page = await this.ledger.page(row, state, start, query.pageSize);
    const tasks = page.entries.map((entry) => fromLedger(row, entry));
    return page.next ? { tasks, nextPageToken: encodePageToken({ kind: 'ledger', ...page.next }, list) } : { tasks };
  }

  private async atBatch(row: JobRow, state: 'active' | 'running', query: TaskQuery): Promise<TaskPage> {
    const list = tasksList(row, state);
    const token = query.pageToken === undefined ? undefined : decodePageToken(query.pageToken, list, isBatchToken);
    const wave = token?.wave ?? (await this.batch.waves(row.uid))[0];
    if (wave === undefined) return { tasks: [] };
    const cursor = token ? { cursor: token.cursor } : {};
    const page = await this.batch.page(row.uid, wave, state, { size: query.pageSize, ...cursor });
    const tasks = page.tasks.map((task) => fromBatch(row, task));
    if (page.cursor === undefined) return { tasks };
    return { tasks, nextPageToken: encodePageToken({ kind: 'batch', wave, cursor: page.cursor } as BatchToken, list) };
  }

  /** All tasks in the order of the plan. */
  private async byIndex(row: JobRow, { pageSize, pageToken }: TaskQuery): Promise<TaskPage> {
    const list = tasksList(row, undefined);
    const first = startOf(pageToken, list);
    const tasks = await this.stretch(row, first, pageSize);
    return { tasks, ...tokenFor(first + pageSize, row, list) };
  }

  private async pending(row: JobRow, { pageSize, pageToken }: TaskQuery): Promise<TaskPage> {
    const tasks: TaskItem[] = [];
    const list = tasksList(row, 'pending');
    let next = startOf(pageToken, list);
    if (row.counts.pending === 0) return { tasks };
    for (let n = 0; n < MAX_STRETCHES && tasks.length < pageSize && next < row.counts.total; n++) {
      // Never longer than what is missing, so that a page ends where its last stretch does.
      const size = pageSize - tasks.length;
      const stretch = await this.stretch(row, next, size);
      tasks.push(...stretch.filter(({ state }) => state === 'pending'));
      next += size;
    }
    return { tasks, ...tokenFor(next, row, list) };
  }

  private async stretch(row: JobRow, first: number, size: number): Promise<TaskItem[]> {
    const last = Math.min(first + size, row.counts.total) - 1;
    if (last < first) return [];
    const found = new Map<number, TaskItem>();
    const waves = await this.batch.waves(row.uid);
    for (const wave of waves) {
      for (const task of (await this.batch.range(row.uid, wave, first, last)) ?? []) {
        if (!found.has(task.index)) found.set(task.index, fromBatch(row, task));
      }
    }
    // Where the first wave's Batch job is gone, only the ledger knows what came of its tasks.
    if (!waves.includes(1)) {
      for (const entry of await this.ledger.range(row, first, last)) {
        if (!found.has(entry.task)) found.set(entry.task, fromLedger(row, entry));
      }
    }
    const retried = await this.ledger.retried(row);
    return Array.from({ length: last - first + 1 }, (_, n) => {
      const task = found.get(first + n) ?? pendingTask(row, first + n);
      return retried(task.index, task.attempts) ? { ...pendingTask(row, task.index), attempts: task.attempts } : task;
    });
  }
}

function startOf(pageToken: string | undefined, list: string): number {
  return pageToken === undefined ? 0 : decodePageToken(pageToken, list, isIndexToken).next;
}

function tokenFor(next: number, { counts }: JobRow, list: string): { nextPageToken?: string } {
  return next < counts.total ? { nextPageToken: encodePageToken({ kind: 'index', next } as IndexToken, list) } : {};
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

function isLedgerToken(token: PageToken): token is LedgerToken {
  const { kind, file, offset } = token as Partial<LedgerToken>;
  return kind === 'ledger' && typeof file === 'string' && isCount(offset);
}

function isBatchToken(token: PageToken): token is BatchToken {
  const { kind, wave, cursor } = token as Partial<BatchToken>;
  return kind === 'batch' && isCount(wave) && typeof cursor === 'string';
}

function isIndexToken(token: PageToken): token is IndexToken {
  const { kind, next } = token as Partial<IndexToken>;
  return kind === 'index' && isCount(next);
}
