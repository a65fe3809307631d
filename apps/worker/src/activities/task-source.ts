import type { BlobStore } from '@windrow/storage';
import { readPlanShard } from '@windrow/storage';
import type { PlannedTask } from '@windrow/contract';
import { SHARD_SIZE } from '@windrow/contract';
import type { TaskSource } from './wave-types';

/** Yields the source's tasks from position `start` on, at most a shard at a time, with the position after each chunk. */
export async function* readTasks(
  blobs: BlobStore,
  container: string,
  uid: string,
  source: TaskSource,
  start: number,
): AsyncIterable<{ tasks: PlannedTask[]; next: number }> {
  if (source.kind === 'plan') yield* fromPlan(blobs, container, uid, source, start);
  else yield* fromList(blobs, container, uid, source, start);
}

async function* fromPlan(blobs: BlobStore, container: string, uid: string, source: TaskSource, start: number) {
  for (let at = start; at < source.to;) {
    const shard = Math.floor(at / SHARD_SIZE);
    const end = Math.min(source.to, (shard + 1) * SHARD_SIZE);
    const tasks = await readPlanShard(blobs, container, uid, source.stage, shard);
    yield { tasks: tasks.slice(at - shard * SHARD_SIZE, end - shard * SHARD_SIZE), next: end };
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
  let chunk: PlannedTask[] = [];
  for await (const line of blobs.readLines(container, source.blob)) {
    position += 1;
    if (position < start || position >= source.to) continue;
    const index = Number(line);
    const number = Math.floor(index / SHARD_SIZE);
    if (shard?.number !== number) {
      shard = { number, tasks: await readPlanShard(blobs, container, uid, source.stage, number) };
    }
    chunk.push(shard.tasks[index % SHARD_SIZE]!);
    if (chunk.length === SHARD_SIZE) {
      yield { tasks: chunk, next: position + 1 };
      chunk = [];
    }
  }
  if (chunk.length > 0) yield { tasks: chunk, next: source.to };
}
