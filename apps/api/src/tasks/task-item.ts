import type { FailureCategory, JobRow, Json, LedgerEntry, ResultLine, TaskState } from '@windrow/contract';
import { jobPaths } from '@windrow/contract';
import type { LiveTask } from '../batch/batch-reader';

/** A task in a listing. */
export interface TaskItem {
  index: number;
  state: TaskState;
  /** Attempts begun so far. */
  attempts: number;
  exitCode?: number;
  category?: FailureCategory;
  code?: string;
  message?: string;
  stderrTail?: string;
  startTime?: string;
  endTime?: string;
  node?: string;
  /** Prefix of its outputs in the workspace's container. */
  outputs: string;
  /** Of a finished job: content of the task's `resultFile`, or why there is none. */
  result?: Json;
  resultOmitted?: string;
}

export interface TaskPage {
  tasks: TaskItem[];
  nextPageToken?: string;
}

export interface TaskQuery {
  state?: TaskState;
  pageSize: number;
  pageToken?: string;
}

/** Names a listing of tasks, for its page tokens. */
export function tasksList({ uid }: JobRow, state: TaskState | undefined): string {
  return `${uid}/tasks/${state ?? ''}`;
}

export function pendingTask({ uid }: JobRow, index: number): TaskItem {
  return { index, state: 'pending', attempts: 0, outputs: outputsOf(uid, index) };
}

export function fromResult({ task, outcome, ...line }: ResultLine): TaskItem {
  return { index: task, state: outcome, ...line };
}

export function fromLedger({ uid }: JobRow, entry: LedgerEntry): TaskItem {
  const { task, attempt, outcome, exitCode, category, code, message, stderrTail, startTime, endTime, node } = entry;
  return {
    index: task,
    state: outcome,
    attempts: attempt,
    outputs: outputsOf(uid, task),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(category ? { category } : {}),
    ...(code ? { code } : {}),
    ...(message ? { message } : {}),
    ...(stderrTail ? { stderrTail } : {}),
    ...(startTime ? { startTime } : {}),
    ...(endTime ? { endTime } : {}),
    ...(node ? { node } : {}),
  };
}

export function fromBatch({ uid }: JobRow, { index, wave, retries: _retries, ...live }: LiveTask): TaskItem {
  return { index, attempts: wave, outputs: outputsOf(uid, index), ...live };
}

function outputsOf(uid: string, index: number): string {
  return `${jobPaths(uid).taskOutputs(index)}/`;
}
