import { Injectable } from '@nestjs/common';
import {
  isTerminal,
  type JobKey,
  type JobRow,
  type LedgerEntry,
  type PlannedTask,
  SHARD_SIZE,
  TASKS_STAGE,
  workspaceContainer,
} from '@windrow/contract';
import { BlobNotFoundError, BlobStore, ContainerNotFoundError, readPlanShard } from '@windrow/storage';
import { BatchReader, type LiveTask } from '../batch/batch-reader';
import { NotFoundError } from '../common/errors';
import { JobReader } from '../jobs/job-reader';
import { FinishedTasks } from './finished-tasks';
import { LedgerReader } from './ledger-reader';
import { RunningTasks } from './running-tasks';
import { fromBatch, fromLedger, pendingTask, type TaskItem, type TaskPage, type TaskQuery } from './task-item';

export interface TaskDetail {
  task: TaskItem;
  planned: PlannedTask;
  attempts: LedgerEntry[];
  /** The task as Batch has it, while the job is not over. */
  live?: LiveTask;
}

@Injectable()
export class TasksService {
  constructor(
    private readonly jobs: JobReader,
    private readonly blobs: BlobStore,
    private readonly finished: FinishedTasks,
    private readonly running: RunningTasks,
    private readonly ledger: LedgerReader,
    private readonly batch: BatchReader,
  ) {}

  async list(key: JobKey, query: TaskQuery): Promise<TaskPage> {
    const row = await this.jobs.get(key);
    const page = isTerminal(row.state) ? await this.finished.page(row, query) : undefined;
    return page ?? this.running.page(row, query);
  }

  /** @throws NotFoundError JobNotFound, TaskNotFound */
  async get(key: JobKey, index: number): Promise<TaskDetail> {
    const row = await this.jobs.get(key);
    const [planned, attempts, retried, live] = await Promise.all([
      this.planned(row, index),
      this.ledger.attempts(row, index),
      this.ledger.retried(row),
      isTerminal(row.state) ? undefined : this.live(row, index),
    ]);
    const known = current(row, index, attempts, live);
    // A job that has ended tries nothing again, whatever it had meant to.
    const again = !isTerminal(row.state) && retried(index, known.attempts);
    const ofLedger = known.attempts === attempts.at(-1)?.attempt;
    // Where it is the ledger's, `attempts` is the number of a wave, and a task may have waited in some for others.
    const begun = ofLedger ? attempts.length : known.attempts;
    const task = { ...(again ? pendingTask(row, index) : known), attempts: begun };
    return { task, planned, attempts, ...(live ? { live } : {}) };
  }

  private async planned(row: JobRow, index: number): Promise<PlannedTask> {
    const shard = Math.floor(index / SHARD_SIZE);
    const tasks = await planShard(this.blobs, row, shard);
    const task = tasks.find((entry) => entry.index === index);
    if (!task)
      throw new NotFoundError('TaskNotFound', `Job '${row.job}' has no task ${index} (or none yet: ${row.state}).`);
    return task;
  }

  private async live({ uid }: JobRow, index: number): Promise<LiveTask | undefined> {
    for (const wave of await this.batch.waves(uid)) {
      const task = await this.batch.task({ uid, wave, index });
      if (task) return task;
    }
    return undefined;
  }
}

async function planShard(blobs: BlobStore, { workspace, uid }: JobRow, shard: number): Promise<PlannedTask[]> {
  try {
    return await readPlanShard(blobs, workspaceContainer(workspace), uid, TASKS_STAGE, shard);
  } catch (error) {
    if (error instanceof BlobNotFoundError || error instanceof ContainerNotFoundError) return [];
    throw error;
  }
}

/** The ledger knows the cause of a failure better; Batch may know a later attempt. */
function current(row: JobRow, index: number, attempts: LedgerEntry[], live: LiveTask | undefined): TaskItem {
  const latest = attempts.at(-1);
  if (live && live.wave > (latest?.attempt ?? 0)) return fromBatch(row, live);
  return latest ? fromLedger(row, latest) : pendingTask(row, index);
}
