/** Gather: the manifest always; then, where asked and the failures are tolerated, concat or a tree of reduce tasks. */
import { ApplicationFailure } from '@temporalio/common';
import type { JobPlan, ReduceGather } from '@windrow/contract';
import { DEFAULT_FAN_IN, FailureType, planStageOf, reduceWave } from '@windrow/contract';
import type { JobRun } from './job-workflow';
import { bulk } from './proxies';
import { toleranceFailure } from './tolerance';
import { runWave } from './wave';

/** @param lost tasks that never ran: because they depend on failed ones, or because the redrive left them out */
export async function gather(run: JobRun, plan: JobPlan, lost: { blocked: number; skipped: number }): Promise<void> {
  const { record, input, controls } = run;
  await run.gate();
  await record.enter('gathering');
  const losses = { total: plan.tasks, failed: record.row.counts.failed, ...lost };
  const excess = toleranceFailure(losses, controls.tolerated(plan.tasks));
  if (!excess && plan.gather.kind === 'reduce' && record.row.counts.succeeded > 0) await reduce(run, plan, plan.gather);
  run.startsNoMore();
  await run.gate();
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
  if (manifest.metrics) record.row.metrics = manifest.metrics;
  if (excess) throw excess;
}

function concatOf(plan: JobPlan) {
  return plan.gather.kind === 'concat' ? plan.gather : undefined;
}

async function reduce(run: JobRun, plan: JobPlan, spec: ReduceGather): Promise<void> {
  const { input, record } = run;
  const fanIn = spec.fanIn ?? DEFAULT_FAN_IN;
  for (let level = 1; ; level++) {
    await run.gate();
    const { tasks } = await bulk.planReduce.executeWithOptions({ summary: `plan level ${level} of the reduction` }, [
      { input, level, fanIn, tasks: plan.tasks },
    ]);
    const wave = reduceWave(level, input.redrive?.number);
    const need = { tasks, slotsPerTask: spec.requiredSlots ?? 1 };
    record.follow(wave);
    await record.publish();
    await run.ready(need);
    const outcome = await runWave(run, {
      ...need,
      wave,
      attempt: 1,
      first: 1,
      source: (from, to) => ({ kind: 'plan', stage: planStageOf(wave), from, to }),
      base: { counts: record.row.counts, nodeSeconds: record.row.nodeSeconds ?? 0 },
    });
    record.follow(undefined);
    record.row.nodeSeconds = outcome.nodeSeconds + (record.row.nodeSeconds ?? 0);
    if (outcome.end === 'idle') throw run.budgetFailure();
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
