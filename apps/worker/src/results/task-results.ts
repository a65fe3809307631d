import { MAX_RESULT_BYTES, jobPaths } from '@windrow/contract';
import type { Json, ResultLine } from '@windrow/contract';
import { BlobNotFoundError } from '@windrow/storage';
import type { BlobInfo } from '@windrow/storage';
import type { JobOutcomes } from './outcomes';
import type { ResultPlace } from './result-files';

const READS_IN_FLIGHT = 32;

/** What a succeeded task's line says of its result: the value, or why there is none. */
export type TaskResult = Pick<ResultLine, 'result' | 'resultOmitted'>;

/**
 * Small JSON that succeeded tasks left in `resultFile`, in the order of the tasks. Found by one listing of all outputs,
 * so that tasks without one cost no request; a few are read at once, and no more are held.
 */
export async function* readTaskResults(
  place: ResultPlace & { signal?: AbortSignal },
  outcomes: JobOutcomes,
  resultFile: string,
): AsyncGenerator<{ task: number } & TaskResult> {
  const reads: Promise<{ task: number } & TaskResult>[] = [];
  for await (const { task, blob } of resultBlobs(place, outcomes, resultFile)) {
    const read = readResult(place, blob).then((result) => ({ task, ...result }));
    // Seen when its turn comes; until then it must not count as unhandled.
    read.catch(() => undefined);
    reads.push(read);
    if (reads.length < READS_IN_FLIGHT) continue;
    place.signal?.throwIfAborted();
    yield await reads.shift()!;
  }
  for (const read of reads) yield await read;
}

/** Listings are by name, and task folders have names of one length: so they are in the order of the tasks. */
async function* resultBlobs({ blobs, container, uid }: ResultPlace, outcomes: JobOutcomes, resultFile: string) {
  const prefix = jobPaths(uid).outputs;
  for await (const blob of blobs.list(container, { prefix })) {
    const slash = blob.name.indexOf('/', prefix.length);
    if (slash < 0 || blob.name.slice(slash + 1) !== resultFile) continue;
    const task = Number(blob.name.slice(prefix.length, slash));
    if (outcomes.outcomeOf(task) === 'succeeded') yield { task, blob };
  }
}

async function readResult({ blobs, container }: ResultPlace, { name, bytes }: BlobInfo): Promise<TaskResult> {
  if (bytes > MAX_RESULT_BYTES) {
    return { resultOmitted: `too large: ${bytes} bytes, at most ${MAX_RESULT_BYTES} are carried` };
  }
  try {
    return { result: JSON.parse(await blobs.readText(container, name)) as Json };
  } catch (error) {
    if (error instanceof SyntaxError) return { resultOmitted: `not JSON: ${error.message}` };
    if (error instanceof BlobNotFoundError) return MISSING;
    throw error;
  }
}

export const MISSING: TaskResult = { resultOmitted: 'missing' };
