/** One wave: a Batch job, its tasks added by parallel activities, a watch that follows them, and changes on the way. */
import { CancellationScope, condition, isCancellation, log } from '@temporalio/workflow';
import type { JobProgress } from '@windrow/contract';
import { FailureType, SHARD_SIZE, batchJobId } from '@windrow/contract';
import type { TaskSource, WaveLimits, WaveOutcome } from '../activities/wave-types';
import { wasCancelled } from './cancelled';
import { failureType, jobError } from './job-error';
import type { JobRun } from './job-workflow';
import { withLatest } from './latest';
import type { SlotNeed } from './lease';
import { bulk, control, watch } from './proxies';

const MAX_PARALLEL_SUBMITS = 20;
/** Below this a further activity costs more than it saves. Tasks. */
const MIN_TASKS_PER_SUBMIT = 5 * SHARD_SIZE;

export interface WaveRequest extends SlotNeed {
  /** `1`, `2`, ...; `r1`, ... for levels of a reduction. */
  wave: string;
  attempt: number;
  /** First wave of the run. */
  first: number;
  source: (from: number, to: number) => TaskSource;
  /** Counts of tasks already done with, to which this wave's counts are added. */
  base: Pick<JobProgress, 'counts' | 'nodeSeconds'>;
  /** Final failures after which the wave is ended, if any; asked again after each change of the job. */
  tolerated?: () => number | undefined;
}

/** The slots must have been claimed. An outcome that is not `complete` or `blocked` may leave tasks that run. */
export async function runWave(run: JobRun, request: WaveRequest): Promise<WaveOutcome> {
  const scope = new CancellationScope();
  const beside: Promise<unknown>[] = [];
  run.waves.push(request.wave);
  run.waveRuns = true;
  try {
    return await scope.run(async () => {
      const submitted = submitAll(run, request);
      beside.push(...submitted);
      const followed = follow(run, request);
      beside.push(followed, untilCancelled(steer(run, request)));
      const added = Promise.all(submitted);
      // A refused submission must end the watch, which would wait for its tasks for ever.
      const outcome = await Promise.race([followed, added.then(() => followed)]);
      if (outcome.end === 'complete') await added;
      return outcome;
    });
  } finally {
    scope.cancel();
    // A submission still under way would create again what the release deletes.
    await CancellationScope.nonCancellable(() => Promise.allSettled(beside));
    run.waveRuns = false;
  }
}

function submitAll(run: JobRun, { wave, attempt, tasks, source, slotsPerTask }: WaveRequest): Promise<void>[] {
  const { input } = run;
  const ranges = splitRange(tasks, Math.min(MAX_PARALLEL_SUBMITS, Math.ceil(tasks / MIN_TASKS_PER_SUBMIT)));
  const common = { input, wave, attempt, poolId: run.lease!.poolId, limits: limitsOf(run, slotsPerTask) };
  return ranges.map(([from, to]) =>
    bulk.submitTasks.executeWithOptions(
      { summary: `${batchJobId(input.uid, wave)}: add tasks ${from} to ${to - 1}` },
      // One activity can close the job behind itself; several leave that to the watch.
      [{ ...common, source: source(from, to), seal: ranges.length === 1 }],
    ),
  );
}

/** The watch, begun anew whenever what it goes by changes; while the job is paused and nothing runs there is none. */
async function follow(run: JobRun, request: WaveRequest): Promise<WaveOutcome> {
  const { controls } = run;
  const key = () => {
    const { maxParallelTasks, priority } = controls.execution;
    return JSON.stringify([controls.stop !== undefined, maxParallelTasks, priority, request.tolerated?.()]);
  };
  for (;;) {
    const outcome = await withLatest(key, () => watchOnce(run, request));
    if (outcome.end !== 'idle' || controls.spent !== undefined) return outcome;
    if (!controls.paused) continue;
    await run.lease!.park();
    await condition(() => controls.paused === undefined || controls.spent !== undefined);
  }
}

function watchOnce(run: JobRun, request: WaveRequest): Promise<WaveOutcome> {
  const { input, lease, controls } = run;
  const { wave, attempt, first, tasks, slotsPerTask, base } = request;
  const tolerated = request.tolerated?.();
  const { maxParallelTasks } = controls.execution;
  const { workflowId, leaseId } = lease!;
  return watch.watchWave.executeWithOptions({ summary: `watch ${tasks} tasks of ${batchJobId(input.uid, wave)}` }, [
    {
      input,
      wave,
      attempt,
      first,
      tasks,
      planned: run.plan!.tasks,
      slotsPerTask,
      lease: { workflowId, leaseId },
      base,
      seal: Math.ceil(tasks / MIN_TASKS_PER_SUBMIT) > 1,
      stop: controls.stop !== undefined,
      ...(maxParallelTasks !== undefined && { maxParallelTasks }),
      ...(tolerated !== undefined && { tolerated }),
    },
  ]);
}

/** Its end comes before that of the activities beside it, and must not count as an error that nobody sees to. */
function untilCancelled(work: Promise<void>): Promise<void> {
  return work.catch((error: unknown) => {
    if (!isCancellation(error)) throw error;
  });
}

/** Brings every change of the job to its Batch job, the newest only. Ends with the wave. */
async function steer(run: JobRun, request: WaveRequest): Promise<void> {
  const { controls, lease } = run;
  const wanted = () => {
    const { maxParallelTasks = Infinity, priority } = controls.execution;
    return {
      stop: controls.stop,
      most: maxParallelTasks,
      priority,
      endsAt: controls.timeLimit.at,
      changes: lease!.changes,
    };
  };
  const key = () => JSON.stringify(wanted());
  // What the cluster wanted back while no wave ran is seen to at once; so is a pause, since a Batch job begins enabled.
  let done: ReturnType<typeof wanted> = { ...wanted(), stop: undefined, ...(lease!.owed !== 0 && { changes: -1 }) };
  for (;;) {
    await condition(() => key() !== JSON.stringify(done));
    await withLatest(key, async () => {
      const now = wanted();
      const resumed = done.stop !== undefined && now.stop === undefined;
      const moreSlots = now.stop === undefined && (resumed || now.most > done.most || now.priority !== done.priority);
      try {
        if (moreSlots) await lease!.acquire(request);
        await steerOnce(run, request);
        done = now;
        if (lease!.owed !== 0) await giveBack(run, request);
      } catch (error) {
        if (wasCancelled(error)) throw error;
        // Without slots, or with a Batch job that stays disabled, the wave would wait for ever.
        if (resumed)
          run.end((failureType(error) as FailureType | undefined) ?? FailureType.refused, jobError(error).message);
        // Otherwise the wave goes on as it is; whether it can, its watch will say.
        log.error('the Batch job could not be changed', { wave: request.wave, error: String(error) });
      }
      done = now;
    });
  }
}

function steerOnce(run: JobRun, { wave, slotsPerTask }: WaveRequest): Promise<void> {
  const { input, controls } = run;
  const { stop } = controls;
  const limits = limitsOf(run, slotsPerTask);
  const what = stop ? 'no further task starts' : `at most ${limits.maxParallelTasks} tasks at once`;
  const options = {
    summary: `${batchJobId(input.uid, wave)}: ${what}`,
    // Batch may have to wait for running tasks before it changes its state again.
    startToCloseTimeout: '30d',
    scheduleToCloseTimeout: '30d',
  } as const;
  return control.steerBatchJob.executeWithOptions(options, [{ input, wave, limits, ...(stop && { stop }) }]);
}

/** The cluster hears of each part of what it wants back, as the tasks that hold it end. */
async function giveBack({ input, lease }: JobRun, { wave, slotsPerTask }: WaveRequest): Promise<void> {
  const { slots, owed: grant, workflowId, leaseId } = lease!;
  const summary = `keep to ${slots} slots, as running tasks end`;
  await watch.giveBackSlots.executeWithOptions({ summary }, [
    { input, wave, slotsPerTask, slots, grant, lease: { workflowId, leaseId } },
  ]);
  lease!.settled(grant);
}

function limitsOf({ controls, lease }: JobRun, slotsPerTask: number): WaveLimits {
  const { maxParallelTasks = Infinity, priority } = controls.execution;
  return {
    maxParallelTasks: Math.max(1, Math.min(maxParallelTasks, Math.floor(lease!.slots / slotsPerTask))),
    priority,
    endsBefore: new Date(controls.timeLimit.at).toISOString(),
  };
}

/** `parts` ranges over [0, count), of equal size but for the last. */
export function splitRange(count: number, parts: number): [number, number][] {
  const size = Math.ceil(count / Math.max(1, parts));
  const ranges: [number, number][] = [];
  for (let from = 0; from < count; from += size) ranges.push([from, Math.min(count, from + size)]);
  return ranges;
}
