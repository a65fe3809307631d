/** One wave: a Batch job, its tasks added by parallel activities, and a watch that follows them to the end. */
import { CancellationScope } from '@temporalio/workflow';
import type { JobInput, JobProgress } from '@windrow/contract';
import { SHARD_SIZE, batchJobId } from '@windrow/contract';
import type { LeaseRef, TaskSource, WaveOutcome } from '../activities/wave-types';
import { bulk, watch } from './proxies';

const MAX_PARALLEL_SUBMITS = 20;
/** Below this a further activity costs more than it saves. Tasks. */
const MIN_TASKS_PER_SUBMIT = 5 * SHARD_SIZE;

export interface WaveRequest {
  input: JobInput;
  /** `1`, `2`, ...; `r1`, ... for levels of a reduction. */
  wave: string;
  attempt: number;
  tasks: number;
  source: (from: number, to: number) => TaskSource;
  poolId: string;
  lease: LeaseRef;
  /** Counts of tasks already done with, to which this wave's counts are added. */
  base: Pick<JobProgress, 'counts' | 'nodeSeconds'>;
}

export async function runWave(request: WaveRequest): Promise<WaveOutcome> {
  const { input, wave, tasks, lease } = request;
  const submits = splitRange(tasks, Math.min(MAX_PARALLEL_SUBMITS, Math.ceil(tasks / MIN_TASKS_PER_SUBMIT)));
  const common = { input, wave, attempt: request.attempt, poolId: request.poolId, slots: lease.slots };
  const scope = new CancellationScope();
  let submitted: Promise<void>[] = [];
  try {
    return await scope.run(async () => {
      submitted = submits.map(([from, to]) =>
        bulk.submitTasks.executeWithOptions(
          { summary: `${batchJobId(input.uid, wave)}: add tasks ${from} to ${to - 1}` },
          // One activity can close the job behind itself; several leave that to the watch.
          [{ ...common, source: request.source(from, to), seal: submits.length === 1 }],
        ),
      );
      const watched = watch.watchWave.executeWithOptions(
        { summary: `watch ${tasks} tasks of ${batchJobId(input.uid, wave)}` },
        [
          {
            input,
            wave,
            attempt: request.attempt,
            tasks,
            lease: { workflowId: lease.workflowId, leaseId: lease.leaseId, slots: lease.slots },
            base: request.base,
            seal: submits.length > 1,
          },
        ],
      );
      // A refused submission must end the watch, which would wait for its tasks for ever.
      const [outcome] = await Promise.all([watched, ...submitted]);
      return outcome;
    });
  } catch (error) {
    scope.cancel();
    // A submission still under way would create again what the release deletes.
    await CancellationScope.nonCancellable(() => Promise.allSettled(submitted));
    throw error;
  }
}

/** `parts` ranges over [0, count), of equal size but for the last. */
export function splitRange(count: number, parts: number): [number, number][] {
  const size = Math.ceil(count / Math.max(1, parts));
  const ranges: [number, number][] = [];
  for (let from = 0; from < count; from += size) ranges.push([from, Math.min(count, from + size)]);
  return ranges;
}
