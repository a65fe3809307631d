import type { Context } from '../context';
import { ApiError, UnreachableError } from '../errors';

/** The file of one attempt of a task. */
export interface LogFile {
  /** Path of the task in the API. */
  task: string;
  /** Such as `stdout.txt`. */
  name: string;
  /** Absent: the latest. */
  attempt?: number;
}

/** In a row, without a byte in between. */
const BREAKS = 5;
const PAUSE_MS = 500;
const LOOKS_AFTER_END = 4;

/**
 * Writes what a file has from `offset` on to standard output. Returns where it ended; undefined when there is no such
 * file (yet). A connection that breaks is taken up again where it was.
 */
export async function copyFrom({ api, io }: Context, file: LogFile, offset: number): Promise<number | undefined> {
  const path = `${file.task}/files/${file.name.split('/').map(encodeURIComponent).join('/')}`;
  let at = offset;
  let breaks = 0;
  for (;;) {
    try {
      const response = await api.open(path, {
        query: { offset: at, attempt: file.attempt },
        headers: { accept: '*/*' },
      });
      for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
        io.out.write(chunk);
        await io.out.drained();
        at += chunk.byteLength;
        breaks = 0;
      }
      return at;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      if (error instanceof ApiError || error instanceof UnreachableError || ++breaks > BREAKS) throw error;
      await io.sleep(PAUSE_MS);
    }
  }
}

interface TaskDetail {
  index: number;
  state: string;
  history: { attempt: number }[];
  batch?: { wave: number; state: string };
}

/**
 * Copies as the file grows: waits for it to appear, goes on with the next attempt of the task, and ends when the task
 * has ended and all was written. Resolves to false when Ctrl-C came first.
 */
export async function followFile(context: Context, jobPath: string, file: LogFile, header: (attempt: number) => void) {
  const { io } = context;
  const signal = io.interruption();
  let attempt = file.attempt;
  let offset = 0;
  let missed = 0;
  while (!signal.aborted) {
    // Asked before the file is read, so that what is read after the end is all of it.
    const task = await taskNow(context, file.task);
    const latest = latestAttempt(task);
    attempt ??= latest;
    if (attempt !== undefined) {
      const end = await copyFrom(context, { ...file, attempt }, offset);
      offset = end ?? offset;
      // As the node goes, there is a moment in which the file is not found there any more, and was looked for only there.
      missed = end === undefined ? missed + 1 : 0;
      if (hasEnded(task, attempt) && (end !== undefined || missed > LOOKS_AFTER_END)) {
        if (file.attempt !== undefined || (latest === attempt && task?.state !== 'pending')) return true;
        if (latest !== undefined && latest > attempt) {
          attempt = latest;
          offset = 0;
          header(attempt);
          continue;
        }
      }
    }
    if ((attempt === undefined || task === undefined) && (await jobHasEnded(context, jobPath))) return true;
    await io.sleep(PAUSE_MS, signal);
  }
  return false;
}

/** Undefined while the job has no such task, as its plan is not made. */
async function taskNow({ api }: Context, path: string): Promise<TaskDetail | undefined> {
  try {
    return await api.json<TaskDetail>(path);
  } catch (error) {
    if (error instanceof ApiError && error.code === 'TaskNotFound') return undefined;
    throw error;
  }
}

function latestAttempt(task: TaskDetail | undefined): number | undefined {
  const ended = task?.history.at(-1)?.attempt ?? 0;
  return Math.max(ended, task?.batch?.wave ?? 0) || undefined;
}

function hasEnded(task: TaskDetail | undefined, attempt: number): boolean {
  if (!task) return false;
  if (task.history.some((entry) => entry.attempt === attempt) || (latestAttempt(task) ?? 0) > attempt) return true;
  return task.batch?.wave === attempt && ['succeeded', 'failed'].includes(task.batch.state);
}

async function jobHasEnded({ api }: Context, path: string): Promise<boolean> {
  const { state } = await api.json<{ state: string }>(path);
  return ['succeeded', 'failed', 'cancelled'].includes(state);
}
