/** Plans one level of a reduction: each task gets the outputs of up to `fanIn` tasks of the level below. */
import picomatch from 'picomatch';
import { ApplicationFailure } from '@temporalio/common';
import type { BlobStore } from '@windrow/storage';
import { Ledger, PlanWriter } from '@windrow/storage';
import type { Download, JobInput, ReduceGather } from '@windrow/contract';
import {
  FailureType,
  jobPaths,
  MAX_DOWNLOADS_PER_TASK,
  planStageOf,
  reduceWave,
  workspaceContainer,
} from '@windrow/contract';
import { foldLedger } from '../results';

export interface ReducePlanInput {
  input: JobInput;
  /** From 1. */
  level: number;
  fanIn: number;
  /** Tasks of the job. */
  tasks: number;
}

export async function planReduction(
  blobs: BlobStore,
  plan: ReducePlanInput,
  spec: ReduceGather,
  beat: () => void,
): Promise<{ tasks: number }> {
  const { input, level, fanIn } = plan;
  const container = workspaceContainer(input.workspace);
  const writer = new PlanWriter(blobs, container, input.uid, planStageOf(reduceWave(level)));
  let index = 0;
  let sources = 0;
  let downloads: Download[] = [];
  const flush = async () => {
    if (sources === 0) return;
    if (downloads.length > MAX_DOWNLOADS_PER_TASK) {
      throw refuse(
        'TooManyInputs',
        '$.gather.fanIn',
        `A reduce task would download ${downloads.length} files; at most ${MAX_DOWNLOADS_PER_TASK} are possible. Lower gather.fanIn or narrow gather.inputs.`,
      );
    }
    await writer.add({ index, items: sources, downloads });
    index += 1;
    sources = 0;
    downloads = [];
  };
  for await (const source of sourcesOf(blobs, container, plan, spec)) {
    downloads.push(...source);
    sources += 1;
    beat();
    if (sources === fanIn) await flush();
  }
  await flush();
  if (index === 0) {
    throw refuse(
      'NoOutputs',
      '$.gather.inputs',
      'No output of the tasks matches gather.inputs, so there is nothing to reduce. Check the patterns against the outputs of a task.',
    );
  }
  await writer.finish();
  return { tasks: index };
}

/** The matching outputs of one task of the level below at a time, in order. Blobs are listed by name, so grouped. */
async function* sourcesOf(
  blobs: BlobStore,
  container: string,
  plan: ReducePlanInput,
  spec: ReduceGather,
): AsyncIterable<Download[]> {
  const { input, level } = plan;
  const paths = jobPaths(input.uid);
  const prefix = level === 1 ? paths.outputs : `${paths.root}reduce/${level - 1}/`;
  const outcomes = level === 1 ? await foldLedger(new Ledger(blobs, container, input.uid), plan.tasks) : undefined;
  const matches = picomatch(spec.inputs ?? ['**'], { dot: true });
  let task = '';
  let files: Download[] = [];
  for await (const { name, etag } of blobs.list(container, { prefix })) {
    const [owner = '', ...rest] = name.slice(prefix.length).split('/');
    const file = rest.join('/');
    if (!matches(file)) continue;
    if (outcomes && outcomes.outcomeOf(Number(owner)) !== 'succeeded') continue;
    if (owner !== task && files.length > 0) {
      yield files;
      files = [];
    }
    task = owner;
    files.push({ container, blob: name, path: `inputs/${owner}/${file}`, etag });
  }
  if (files.length > 0) yield files;
}

function refuse(code: string, path: string, message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, FailureType.gatherFailed, { code, path });
}
