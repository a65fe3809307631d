/** Gather: the manifest always; then, where asked and the failures are tolerated, concat or a tree of reduce tasks. */
import { ApplicationFailure } from '@temporalio/common';
import type { JobPlan, ReduceGather } from '@windrow/contract';
import { DEFAULT_FAN_IN, FailureType, planStageOf, reduceWave } from '@windrow/contract';
import { adjustLease } from './lease';
import type { JobRun } from './job-workflow';
import { bulk } from './proxies';
import { toleranceFailure } from './run-tasks';
import { runWave } from './wave';

export async function gather(run: JobRun, plan: JobPlan): Promise<void> {
  const { record, input } = run;
  await record.enter('gathering');
  const excess = toleranceFailure(plan, record.row.counts.failed);
  if (!excess && plan.gather.kind === 'reduce' && record.row.counts.succeeded > 0) await reduce(run, plan, plan.gather);
  const manifest = await bulk.gatherResults.executeWithOptions({ summary: `results manifest (${plan.gather.kind})` }, [
    {
      input,
      tasks: plan.tasks,
      outcome: excess ? 'failed' : 'succeeded',
      concat: excess ? undefined : concatOf(plan),
    },
  ]);
  run.manifestWritten = true;
  record.row.failures = manifest.failures;
  if (excess) throw excess;
}

function concatOf(plan: JobPlan) {
  return plan.gather.kind === 'concat' ? plan.gather : undefined;
}

async function reduce(run: JobRun, plan: JobPlan, spec: ReduceGather): Promise<void> {
  const { input, record } = run;
  const fanIn = spec.fanIn ?? DEFAULT_FAN_IN;
  for (let level = 1; ; level++) {
    const { tasks } = await bulk.planReduce.executeWithOptions({ summary: `plan level ${level} of the reduction` }, [
      { input, level, fanIn, tasks: plan.tasks },
    ]);
    const wave = reduceWave(level);
    run.waves.push(wave);
    record.follow(wave);
    await record.publish();
    await adjustLease(run.lease!, tasks * (spec.requiredSlots ?? 1));
    const outcome = await runWave({
      input,
      wave,
      attempt: 1,
      tasks,
      source: (from, to) => ({ kind: 'plan', stage: planStageOf(wave), from, to }),
      poolId: run.lease!.poolId,
      lease: run.lease!,
      base: { counts: record.row.counts, nodeSeconds: record.row.nodeSeconds ?? 0 },
    });
    record.follow(undefined);
    record.row.nodeSeconds = outcome.nodeSeconds + (record.row.nodeSeconds ?? 0);
    if (outcome.failed > 0) {
      const cause = await bulk.explainFailure({ input, wave });
      throw ApplicationFailure.nonRetryable(
        `${outcome.failed} of ${tasks} reduce tasks of level ${level} failed. The first: ${cause}`,
        FailureType.gatherFailed,
      );
    }
    if (tasks === 1) return;
  }
}
