import { Readable } from 'node:stream';
import { jobPaths } from '@windrow/contract';
import type { ConcatGather, ResultManifest } from '@windrow/contract';
import { BlobNotFoundError } from '@windrow/storage';
import { GatherError } from './errors';
import { HeaderOnce } from './header-once';
import type { ResultPlace } from './result-files';

/** Files opened ahead of the one being copied: with thousands of small files the time goes into opening. */
const OPEN_AHEAD = 8;

export interface ConcatContext extends ResultPlace {
  /** Its reason is thrown between two files. */
  signal?: AbortSignal;
  /** Called after each file with the number copied so far. */
  progress?: (files: number) => void;
}

/**
 * Appends one output file of each task, in the order given, to `results/artefacts/{target}`, in bounded memory. With `header`
 * the first line of the first file is kept once, and files that do not end with a line end get one. Without it the
 * bytes are copied as they are. Returns the artefact, `name` being the blob in the workspace's container.
 * @param tasks indexes of the succeeded tasks
 * @throws GatherError `MissingOutput`, `HeaderMismatch`; nothing is committed then
 */
export async function concat(
  context: ConcatContext,
  tasks: Iterable<number>,
  gather: ConcatGather,
): Promise<ResultManifest['artefacts'][number]> {
  const target = gather.target ?? gather.file.slice(gather.file.lastIndexOf('/') + 1);
  const name = `${jobPaths(context.uid).artefacts}${target}`;
  const content = Readable.from(merged(context, tasks, gather), { objectMode: false });
  const { bytes } = await context.blobs.writeStream(context.container, name, content);
  return { name, bytes };
}

async function* merged(
  { progress, signal, ...place }: ConcatContext,
  tasks: Iterable<number>,
  { file, header }: ConcatGather,
): AsyncGenerator<Buffer> {
  const once = header ? new HeaderOnce(file) : undefined;
  let files = 0;
  for await (const [task, stream] of openedAhead(place, tasks, file)) {
    signal?.throwIfAborted();
    const chunks = stream as AsyncIterable<Buffer>;
    yield* once ? once.rest(task, chunks) : chunks;
    files += 1;
    progress?.(files);
  }
}

/** Opens files a few ahead; those that nobody comes to read any more are closed. */
async function* openedAhead(
  place: ResultPlace,
  tasks: Iterable<number>,
  file: string,
): AsyncGenerator<[number, Readable]> {
  const source = tasks[Symbol.iterator]();
  const queue: [number, Promise<Readable>][] = [];
  const fill = () => {
    while (queue.length < OPEN_AHEAD) {
      const next = source.next();
      if (next.done) return;
      const stream = open(place, next.value, file);
      // Its failure is reported when its turn comes.
      stream.catch(() => undefined);
      queue.push([next.value, stream]);
    }
  };
  try {
    for (fill(); queue.length > 0; fill()) {
      const [task, stream] = queue.shift()!;
      yield [task, await stream];
    }
  } finally {
    for (const [, stream] of queue) stream.then((opened) => opened.destroy()).catch(() => undefined);
  }
}

async function open({ blobs, container, uid }: ResultPlace, task: number, file: string): Promise<Readable> {
  const blob = `${jobPaths(uid).taskOutputs(task)}/${file}`;
  try {
    return await blobs.readStream(container, blob);
  } catch (error) {
    if (!(error instanceof BlobNotFoundError)) throw error;
    throw new GatherError(
      'MissingOutput',
      task,
      `Task ${task} succeeded but left no '${file}' to gather (blob '${blob}'). Check $.task.outputs and the path in $.gather.file.`,
      error,
    );
  }
}
