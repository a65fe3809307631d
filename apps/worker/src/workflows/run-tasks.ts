/** All waves of a job's tasks: the first with every task, each later one with the failed tasks worth another attempt. */
import { sleep } from '@temporalio/workflow';
import { ApplicationFailure } from '@temporalio/common';
import type { JobPlan } from '@windrow/contract';
import { FailureType, waveOf } from '@windrow/contract';
import type { TaskSource } from '../activities/wave-types';
import { adjustLease } from './lease';
import type { JobRun } from './job-workflow';
import { bulk } from './proxies';
import { runWave } from './wave';

export async function runTasks(run: JobRun, plan: JobPlan): Promise<void> {
  const { input, record } = run;
  const lease = run.lease!;
  let tasks = plan.tasks;
  let source = (from: number, to: number): TaskSource => ({ kind: 'plan', stage: 'tasks', from, to });
  const done = { succeeded: 0, failed: 0, nodeSeconds: 0 };
  for (let attempt = 1; ; attempt++) {
    const wave = waveOf(attempt);
    run.waves.push(wave);
    const counts = {
      total: plan.tasks,
      pending: 0,
      active: 0,
      running: 0,
      succeeded: done.succeeded,
      failed: done.failed,
    };
    const outcome = await runWave({
      input,
      wave,
      attempt,
      tasks,
      source,
      poolId: lease.poolId,
      lease,
      base: { counts, nodeSeconds: done.nodeSeconds },
    });
    record.follow(undefined);
    done.succeeded += outcome.succeeded;
    done.nodeSeconds += outcome.nodeSeconds;
    record.row.counts = { ...counts, succeeded: done.succeeded, failed: done.failed + outcome.failed };
    record.row.nodeSeconds = done.nodeSeconds;
    if (outcome.failed === 0 || plan.execution.retryRules.length === 0) break;
    const decision = await bulk.decideRetries.executeWithOptions(
      {
        summary: `which of ${outcome.failed} failures to try again`,
      },
      [{ input, wave, attempt, rules: plan.execution.retryRules }],
    );
    done.failed += outcome.failed - decision.retry;
    if (decision.retry === 0) break;
    tasks = decision.retry;
    source = (from, to) => ({ kind: 'list', stage: 'tasks', blob: decision.blob, from, to });
    record.row.counts = { ...record.row.counts, failed: done.failed, pending: decision.retry };
    record.follow(waveOf(attempt + 1));
    await record.enter('retrying', `attempt ${attempt + 1} of ${decision.retry} tasks`);
    await adjustLease(lease, tasks * plan.requiredSlots);
    await sleep(decision.backoffMs, { summary: `back-off before attempt ${attempt + 1} of ${decision.retry} tasks` });
  }
}

/** Undefined when the job tolerates its failures. A time-out is a failure of its task like any other. */
export function toleranceFailure(plan: JobPlan, failed: number): ApplicationFailure | undefined {
  const { count, percent } = plan.execution.toleratedFailures;
  const tolerated = Math.max(count, Math.floor((plan.tasks * percent) / 100));
  if (failed <= tolerated) return undefined;
  return ApplicationFailure.nonRetryable(
    `${failed} of ${plan.tasks} tasks failed; the job tolerates ${tolerated}. See the failures and results/FAILED_0.jsonl.`,
    FailureType.toleranceExceeded,
  );
}
