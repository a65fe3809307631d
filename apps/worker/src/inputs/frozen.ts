import type { Download, PlannedTask } from '@windrow/contract';
import { Lanes } from '@windrow/storage';
import type { BlobStore } from '@windrow/storage';

const LOOKUPS_IN_FLIGHT = 16;

/** A blob that is not any more what it was when the job was planned. */
export interface ChangedBlob {
  container: string;
  blob: string;
  /** `gone`: the blob, or the version that the plan names, is not there any more. */
  change: 'changed' | 'gone';
}

/** Blobs that a task is going to read: those that are brought to it, and the one it reads a range of. */
export function inputsOf({ downloads = [], range }: PlannedTask): Download[] {
  return range ? [...downloads, range] : downloads;
}

/**
 * Looks up which inputs of planned tasks have changed since the plan, each blob once. A blob that is pinned to a
 * version is unchanged for as long as that version is there; any other as long as it has its etag. One that was planned
 * without an etag cannot be judged and passes. In the order of the plan; memory grows with the number of blobs.
 * @param limit stop after so many changed ones: a message names a few
 * @throws StorageError when storage does not answer
 */
export async function changedInputs(
  tasks: AsyncIterable<PlannedTask> | Iterable<PlannedTask>,
  blobs: BlobStore,
  { limit = Number.POSITIVE_INFINITY, signal }: { limit?: number; signal?: AbortSignal } = {},
): Promise<ChangedBlob[]> {
  const lanes = new Lanes(LOOKUPS_IN_FLIGHT);
  const seen = new Set<string>();
  const found = new Map<number, ChangedBlob>();
  for await (const task of tasks) {
    signal?.throwIfAborted();
    for (const input of inputsOf(task)) {
      const key = JSON.stringify([input.container, input.blob, input.etag, input.versionId]);
      if (seen.has(key)) continue;
      const place = seen.size;
      seen.add(key);
      await lanes.run(async () => {
        const change = await changeOf(input, blobs);
        if (change) found.set(place, { container: input.container, blob: input.blob, change });
      });
    }
    if (found.size >= limit) break;
  }
  await lanes.drain();
  const inOrder = [...found].sort(([a], [b]) => a - b).map(([, changed]) => changed);
  return inOrder.slice(0, limit);
}

async function changeOf(
  { container, blob, etag, versionId }: Download,
  blobs: BlobStore,
): Promise<ChangedBlob['change'] | undefined> {
  const now = await blobs.properties(container, blob, versionId === undefined ? {} : { versionId });
  if (!now) return 'gone';
  return versionId !== undefined || etag === undefined || now.etag === etag ? undefined : 'changed';
}
