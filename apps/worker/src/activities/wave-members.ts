/** Which tasks belong to a wave, and how often each was attempted before it. */
import type { BlobStore } from '@windrow/storage';
import { Bitmap } from '@windrow/storage';
import { jobPaths, parseRetryLine, workspaceContainer } from '@windrow/contract';
import type { WatchInput } from './wave-types';

export interface WaveMembers {
  has(task: number): boolean;
  /** Attempts of this run before this wave. */
  attemptsBefore(task: number): number;
}

/** A redrive's first wave is a list as well, even where it is the first that the job ever had. */
export async function membersOf(blobs: BlobStore, watch: WatchInput, dependent: boolean): Promise<WaveMembers> {
  const listed = dependent && (watch.attempt > 1 || watch.input.redrive !== undefined);
  return listed ? listedTasks(blobs, watch) : everyTask(watch);
}

/** Without dependencies, all tasks of a wave were in each wave of the run before, and nobody asks which they are. */
export function everyTask({ first, attempt }: WatchInput): WaveMembers {
  return { has: () => true, attemptsBefore: () => attempt - first };
}

/** A bit for each task, and an entry for each that was not in every wave before: those that waited for others. */
export async function listedTasks(blobs: BlobStore, { input, first, attempt }: WatchInput): Promise<WaveMembers> {
  const tasks = new Bitmap();
  const exceptions = new Map<number, number>();
  for await (const line of blobs.readLines(
    workspaceContainer(input.workspace),
    jobPaths(input.uid).retryList(attempt),
  )) {
    if (line === '') continue;
    const { task, attempts } = parseRetryLine(line);
    tasks.add(task);
    if (attempts !== attempt - first) exceptions.set(task, attempts);
  }
  return {
    has: (task) => tasks.has(task),
    attemptsBefore: (task) => exceptions.get(task) ?? attempt - first,
  };
}
