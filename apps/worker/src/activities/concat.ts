/** Concat: one output file of each succeeded task, in task order, as one blob; a header line is kept once. */
import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ApplicationFailure } from '@temporalio/common';
import type { BlobStore } from '@windrow/storage';
import { BlobNotFoundError } from '@windrow/storage';
import type { ConcatGather } from '@windrow/contract';
import { FailureType, jobPaths } from '@windrow/contract';
import type { Outcomes } from './outcomes';

const NEWLINE = 0x0a;

/** @throws ApplicationFailure GatherFailed when a task that succeeded has no such file */
export async function concatOutputs(
  blobs: BlobStore,
  container: string,
  uid: string,
  spec: ConcatGather,
  outcomes: Outcomes,
): Promise<void> {
  const target = `${jobPaths(uid).results}${spec.target ?? spec.file.split('/').at(-1)}`;
  const body = new PassThrough();
  const upload = blobs.writeStream(container, target, body);
  // The upload's own failure is what counts; without a listener it would be an unhandled rejection meanwhile.
  upload.catch(() => body.destroy());
  try {
    let first = true;
    for (let task = 0; task < outcomes.total; task++) {
      if (outcomes.stateOf(task) !== 'succeeded') continue;
      const blob = `${jobPaths(uid).taskOutputs(task)}/${spec.file}`;
      for await (const chunk of fileOf(blobs, container, blob, task, spec, !first && spec.header === true)) {
        if (!body.write(chunk)) await drained(body);
      }
      first = false;
    }
    body.end();
  } catch (error) {
    body.destroy(error instanceof Error ? error : new Error(String(error)));
    await upload.catch(() => undefined);
    throw error;
  }
  await upload;
}

async function drained(body: PassThrough): Promise<void> {
  await Promise.race([new Promise((resolve) => body.once('drain', resolve)), finished(body)]);
}

/** The file's bytes; ends with a line end even if the task forgot it, so that two files never share a line. */
async function* fileOf(
  blobs: BlobStore,
  container: string,
  blob: string,
  task: number,
  spec: ConcatGather,
  skipHeader: boolean,
): AsyncIterable<Buffer> {
  let skipping = skipHeader;
  let last: number | undefined;
  for await (const raw of await open(blobs, container, blob, task, spec)) {
    let chunk = Buffer.from(raw as Uint8Array);
    if (skipping) {
      const end = chunk.indexOf(NEWLINE);
      if (end === -1) continue;
      chunk = chunk.subarray(end + 1);
      skipping = false;
    }
    if (chunk.length === 0) continue;
    last = chunk[chunk.length - 1];
    yield chunk;
  }
  if (last !== undefined && last !== NEWLINE) yield Buffer.from('\n');
}

async function open(blobs: BlobStore, container: string, blob: string, task: number, spec: ConcatGather) {
  try {
    return await blobs.readStream(container, blob);
  } catch (error) {
    if (!(error instanceof BlobNotFoundError)) throw error;
    throw ApplicationFailure.nonRetryable(
      `Task ${task} succeeded but wrote no '${spec.file}', which gather.concat needs. Check the program, and that task.outputs covers the file.`,
      FailureType.gatherFailed,
      { code: 'OutputMissing', path: '$.gather.file' },
    );
  }
}
