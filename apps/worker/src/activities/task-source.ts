import type { BlobStore } from '@windrow/storage';
import { Bitmap, readPlanShard } from '@windrow/storage';
import type { PlannedTask, RetryLine } from '@windrow/contract';
import { parseRetryLine, SHARD_SIZE } from '@windrow/contract';
import { IndexRuns } from './dependencies';
import type { TaskSource } from './wave-types';

/** Ranges that one task's dependencies may take: some 10 kB of an add-task request, of which Batch takes 64,000. */
export const MAX_DEPENDENCY_RANGES = 500;

/** A task as planned, and what its earlier attempts have left, where it comes from a retry list. */
export interface TaskToRun {
  planned: PlannedTask;
  retry?: RetryLine;
}

/** Yields the source's tasks from position `start` on, at most a shard at a time, with the position after each chunk. */
export async function* readTasks(
  blobs: BlobStore,
  container: string,
  uid: string,
  source: TaskSource,
  start: number,
): AsyncIterable<{ tasks: TaskToRun[]; next: number }> {
  if (source.kind === 'plan') yield* fromPlan(blobs, container, uid, source, start);
  else yield* fromList(blobs, container, uid, source, start);
}

async function* fromPlan(blobs: BlobStore, container: string, uid: string, source: TaskSource, start: number) {
  for (let at = start; at < source.to;) {
    const shard = Math.floor(at / SHARD_SIZE);
    const end = Math.min(source.to, (shard + 1) * SHARD_SIZE);
    const tasks = await readPlanShard(blobs, container, uid, source.stage, shard);
    const wanted = tasks.slice(at - shard * SHARD_SIZE, end - shard * SHARD_SIZE);
    yield { tasks: wanted.map((planned) => ({ planned })), next: end };
    at = end;
  }
}

/** The list is sorted, so that each shard is read once. */
async function* fromList(
  blobs: BlobStore,
  container: string,
  uid: string,
  source: Extract<TaskSource, { kind: 'list' }>,
  start: number,
) {
  let position = -1;
  let shard: { number: number; tasks: PlannedTask[] } | undefined;
  let chunk: TaskToRun[] = [];
  for await (const line of blobs.readLines(container, source.blob)) {
    position += 1;
    if (position < start || position >= source.to) continue;
    const retry = parseRetryLine(line);
    const number = Math.floor(retry.task / SHARD_SIZE);
    if (shard?.number !== number) {
      shard = { number, tasks: await readPlanShard(blobs, container, uid, source.stage, number) };
    }
    chunk.push({ planned: shard.tasks[retry.task % SHARD_SIZE]!, retry });
    if (chunk.length === SHARD_SIZE) {
      yield { tasks: chunk, next: position + 1 };
      chunk = [];
    }
  }
  if (chunk.length > 0) yield { tasks: chunk, next: source.to };
}

/** The tasks of a list: a bit for each. */
export async function readTaskSet(blobs: BlobStore, container: string, list: string): Promise<Bitmap> {
  const tasks = new Bitmap();
  for await (const line of blobs.readLines(container, list)) if (line !== '') tasks.add(parseRetryLine(line).task);
  return tasks;
}

/** The indexes of all tasks of the wave that `source` is a part of. */
export async function readMembers(blobs: BlobStore, container: string, source: TaskSource): Promise<IndexRuns> {
  if (source.kind === 'plan') return IndexRuns.all();
  const runs = new IndexRuns();
  for await (const line of blobs.readLines(container, source.blob))
    if (line !== '') runs.add(parseRetryLine(line).task);
  return runs;
}
