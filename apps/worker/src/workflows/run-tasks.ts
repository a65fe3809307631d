/** All waves of a job's tasks: the first with every task, each later one with those worth another attempt. */
import { sleep } from '@temporalio/workflow';
import type { JobPlan } from '@windrow/contract';
import { TASKS_STAGE, waveOf } from '@windrow/contract';
import type { RetryDecision, TaskSource, WaveOutcome } from '../activities/wave-types';
import type { JobRun } from './job-workflow';
import { bulk, control } from './proxies';
import { toleranceFailure } from './tolerance';
import { runWave } from './wave';

/** Returns the number of tasks that never ran because they depend on failed ones; throws when the job cannot go on. */
export async function runTasks(run: JobRun, plan: JobPlan): Promise<{ blocked: number }> {
  const { record, controls } = run;
  const total = plan.tasks;
  const done = { succeeded: 0, failed: 0, nodeSeconds: 0 };
  let need = { tasks: total, slotsPerTask: plan.requiredSlots };
  let source = (from: number, to: number): TaskSource => ({ kind: 'plan', stage: TASKS_STAGE, from, to });
  for (let attempt = 1; ; attempt++) {
    const { succeeded, failed, nodeSeconds } = done;
    const counts = { total, pending: 0, active: 0, running: 0, succeeded, failed };
    const outcome = await runWave(run, {
      ...need,
      wave: waveOf(attempt),
      attempt,
      source,
      base: { counts, nodeSeconds },
      tolerated: () => controls.tolerated(total) - failed,
    });
    record.follow(undefined);
    done.succeeded += outcome.succeeded;
    done.nodeSeconds += outcome.nodeSeconds;
    record.row.counts = countsOf(total, done.succeeded, failed + outcome.failed);
    record.row.nodeSeconds = done.nodeSeconds;
    refuseEarlyEnd(run, total, outcome, failed);
    // What waits in it for ever must not count against the account's quota of active jobs.
    if (outcome.end === 'blocked') await stopWave(run, waveOf(attempt));
    const decision = await decide(run, plan, attempt, outcome, done);
    done.failed = decision.failed;
    record.row.counts = countsOf(total, done.succeeded, done.failed);
    if (decision.retry === 0) return { blocked: decision.blocked };
    const excess = toleranceFailure({ total, ...decision, early: true }, controls.tolerated(total));
    if (excess) throw excess;
    need = { tasks: decision.retry, slotsPerTask: decision.slots };
    source = (from, to) => ({ kind: 'list', stage: TASKS_STAGE, blob: decision.blob, from, to });
    await backOff(run, attempt + 1, decision);
  }
}

async function decide(
  run: JobRun,
  plan: JobPlan,
  attempt: number,
  outcome: WaveOutcome,
  done: { succeeded: number; failed: number },
): Promise<Pick<RetryDecision, 'retry' | 'blob' | 'backoffMs' | 'slots' | 'failed' | 'blocked'>> {
  const failed = done.failed + outcome.failed;
  const rules = plan.execution.retryRules.length > 0 || plan.dependencies;
  const nothing = { retry: 0, blob: '', backoffMs: 0, slots: 0, failed, blocked: 0 };
  if (!rules || done.succeeded + done.failed === plan.tasks) return nothing;
  const summary = `which of ${plan.tasks - done.succeeded - done.failed} tasks to run next`;
  return bulk.decideRetries.executeWithOptions({ summary }, [{ input: run.input, attempt, tasks: plan.tasks }]);
}

/** A wave that ended before its tasks did, by the tolerance or by the budget. What runs is killed by the release. */
function refuseEarlyEnd(run: JobRun, total: number, outcome: WaveOutcome, failedBefore: number): void {
  if (outcome.end === 'idle') throw run.budgetFailure();
  if (outcome.end !== 'exceeded') return;
  const failed = failedBefore + outcome.final;
  // The wave is over: a tolerance that was raised a moment later comes too late.
  const tolerated = Math.min(run.controls.tolerated(total), failed - 1);
  throw toleranceFailure({ total, failed, blocked: 0, early: true }, tolerated)!;
}

async function stopWave({ input }: JobRun, wave: string): Promise<void> {
  await control.stopBatchJobs.executeWithOptions({ summary: `end wave ${wave}` }, [{ input, waves: [wave] }]);
}

async function backOff(run: JobRun, attempt: number, { retry, slots, backoffMs }: RetryDecision): Promise<void> {
  const { record } = run;
  record.follow(waveOf(attempt));
  await record.enter('retrying', `attempt ${attempt} of ${retry} tasks`);
  // The lease follows the smaller wave at once; a pause does not stop the clock of the back-off.
  await Promise.all([
    sleep(backoffMs, { summary: `back-off before attempt ${attempt} of ${retry} tasks` }),
    run.ready({ tasks: retry, slotsPerTask: slots }),
  ]);
  await run.ready();
}

function countsOf(total: number, succeeded: number, failed: number) {
  return { total, pending: total - succeeded - failed, active: 0, running: 0, succeeded, failed };
}
