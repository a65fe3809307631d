/** All waves of a run: the first with the tasks it is to run, each later one with those worth another attempt. */
import { sleep } from '@temporalio/workflow';
import type { JobPlan, RedriveChoice } from '@windrow/contract';
import { TASKS_STAGE, waveOf } from '@windrow/contract';
import type { RetryDecision, TaskSource, WaveOutcome } from '../activities/wave-types';
import type { JobRun } from './job-workflow';
import { bulk, control } from './proxies';
import { toleranceFailure } from './tolerance';
import { runWave } from './wave';

/** Where a run begins. */
export interface RunStart extends Omit<RedriveChoice, 'blob'> {
  source: (from: number, to: number) => TaskSource;
}

/** The first run has every task before it; a redrive those that it chose. */
export function startOf(plan: JobPlan, choice: RedriveChoice | undefined): RunStart {
  if (choice) return { ...choice, source: listSource(choice.blob) };
  const source = (from: number, to: number): TaskSource => ({ kind: 'plan', stage: TASKS_STAGE, from, to });
  return { wave: 1, tasks: plan.tasks, succeeded: 0, failed: 0, skipped: 0, source };
}

/** Returns the number of tasks that never ran because they depend on failed ones; throws when the job cannot go on. */
export async function runTasks(run: JobRun, plan: JobPlan, start: RunStart): Promise<{ blocked: number }> {
  const { record, controls } = run;
  const total = plan.tasks;
  const first = start.wave;
  const done = { succeeded: start.succeeded, failed: start.failed, nodeSeconds: record.row.nodeSeconds ?? 0 };
  let need = { tasks: start.tasks, slotsPerTask: plan.requiredSlots };
  let { source } = start;
  // What a redrive leaves out may be more than is tolerated: then no failure of its own is what the job fails for.
  const lostBefore = start.failed + start.skipped;
  const canSucceed = () => lostBefore <= controls.tolerated(total);
  for (let attempt = first; ; attempt++) {
    const { succeeded, failed, nodeSeconds } = done;
    const counts = { total, pending: 0, active: 0, running: 0, succeeded, failed };
    const outcome = await runWave(run, {
      ...need,
      wave: waveOf(attempt),
      attempt,
      first,
      source,
      base: { counts, nodeSeconds },
      tolerated: () => (canSucceed() ? controls.tolerated(total) - failed - start.skipped : undefined),
    });
    record.follow(undefined);
    done.succeeded += outcome.succeeded;
    done.nodeSeconds += outcome.nodeSeconds;
    record.row.counts = countsOf(total, done.succeeded, failed + outcome.failed);
    record.row.nodeSeconds = done.nodeSeconds;
    refuseEarlyEnd(run, total, outcome, { failed, skipped: start.skipped });
    // What waits in it for ever must not count against the account's quota of active jobs.
    if (outcome.end === 'blocked') await stopWave(run, waveOf(attempt));
    const decision = await decide(run, plan, { first, attempt, ended: total - start.skipped }, outcome, done);
    done.failed = decision.failed;
    record.row.counts = countsOf(total, done.succeeded, done.failed);
    if (decision.retry === 0) return { blocked: decision.blocked };
    const losses = { total, ...decision, skipped: start.skipped, early: true };
    const excess = canSucceed() && toleranceFailure(losses, controls.tolerated(total));
    if (excess) throw excess;
    need = { tasks: decision.retry, slotsPerTask: decision.slots };
    source = listSource(decision.blob);
    await backOff(run, attempt + 1, decision);
  }
}

function listSource(blob: string): RunStart['source'] {
  return (from, to) => ({ kind: 'list', stage: TASKS_STAGE, blob, from, to });
}

async function decide(
  run: JobRun,
  plan: JobPlan,
  { first, attempt, ended }: { first: number; attempt: number; ended: number },
  outcome: WaveOutcome,
  done: { succeeded: number; failed: number },
): Promise<Pick<RetryDecision, 'retry' | 'blob' | 'backoffMs' | 'slots' | 'failed' | 'blocked'>> {
  const failed = done.failed + outcome.failed;
  const rules = plan.execution.retryRules.length > 0 || plan.dependencies;
  const nothing = { retry: 0, blob: '', backoffMs: 0, slots: 0, failed, blocked: 0 };
  if (!rules || done.succeeded + done.failed === ended) return nothing;
  const summary = `which of ${ended - done.succeeded - done.failed} tasks to run next`;
  return bulk.decideRetries.executeWithOptions({ summary }, [{ input: run.input, first, attempt, tasks: plan.tasks }]);
}

type RunLosses = Pick<RunStart, 'failed' | 'skipped'>;

/** A wave that ended before its tasks did, by the tolerance or by the budget. What runs is killed by the release. */
function refuseEarlyEnd(run: JobRun, total: number, outcome: WaveOutcome, before: RunLosses): void {
  if (outcome.end === 'idle') throw run.budgetFailure();
  if (outcome.end !== 'exceeded') return;
  const failed = before.failed + outcome.final;
  const { skipped } = before;
  // The wave is over: a tolerance that was raised a moment later comes too late.
  const tolerated = Math.min(run.controls.tolerated(total), failed + skipped - 1);
  throw toleranceFailure({ total, failed, blocked: 0, skipped, early: true }, tolerated)!;
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
