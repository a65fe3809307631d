/** Follows a wave to its end: one count a poll, listings of what changed, the ledger, the read model, the lease. */
import { heartbeat } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { ensureJobSealed } from '@windrow/batch';
import type { JobSpec, LedgerEntry } from '@windrow/contract';
import {
  batchJobId,
  completeExecution,
  durationMs,
  FailureType,
  planStageOf,
  TASKS_STAGE,
  taskSlots,
} from '@windrow/contract';
import { ChangeReader } from './change-reader';
import type { WaveCounts } from './change-reader';
import { countBlocked, Dependencies } from './dependencies';
import type { ActivityDeps } from './deps';
import { readPlan, readSpec, templateOf } from './job-files';
import { ledgerEntry } from './outcome';
import { Pace } from './pace';
import { beating, pollUntil } from './poll';
import { retryingRule } from './retry-rules';
import { createReporter } from './watch-report';
import { WaveLedger } from './wave-ledger';
import { membersOf } from './wave-members';
import type { WatchInput, WaveEnd, WaveOutcome } from './wave-types';

/** Polls without change after which the Batch job itself is looked at: it may have been ended by somebody. */
const STALLED_POLLS = 20;
/** A submission that waits for quota may take long to create the Batch job. Milliseconds. */
const APPEARS_WITHIN_MS = 24 * 3_600_000;

export function createWatchActivities(deps: ActivityDeps) {
  const { storage, batch, timing } = deps;

  /** May be begun again at any time, also with another `stop` or other limits: the ledger says how far the wave is. */
  async function watchWave(watch: WatchInput): Promise<WaveOutcome> {
    heartbeat();
    const spec = await readSpec(storage.blobs, watch.input);
    const plan = await readPlan(storage.blobs, watch.input);
    const stage = planStageOf(watch.wave);
    const template = templateOf(spec, plan, stage);
    const dependencies = new Dependencies(stage === TASKS_STAGE ? spec.task.dependsOn : []);
    const members = await membersOf(storage.blobs, watch, dependencies.any);
    const rules = stage === TASKS_STAGE ? completeExecution(spec.execution).retryRules : [];
    const isFinal = (failure: LedgerEntry) =>
      retryingRule(rules, failure, members.attemptsBefore(failure.task) + 1) === undefined;
    // A million lines take longer to read than the workflow waits for a heartbeat.
    const ledger = await beating(() => WaveLedger.open(storage, watch.input, watch.wave, isFinal));
    const changes = new ChangeReader(batch, batchJobId(watch.input.uid, watch.wave));
    const report = createReporter(deps, watch);
    const timeoutMs = durationMs(template.timeout);
    const slotShare = taskSlots(template) / Math.max(1, slotsPerNodeOf(spec));
    const pace = new Pace(watch.tasks);
    let sealed = !watch.seal;
    let stalled = 0;
    let existed = false;
    let examined = -1;
    const started = Date.now();

    /** Looked into once for each number of outcomes: nothing changes without one. */
    function onlyBlockedAreLeft(counts: WaveCounts): boolean {
      if (!dependencies.any || ledger.totals.failed === 0 || counts.running > 0 || counts.active === 0) return false;
      if (counts.total < watch.tasks || examined === ledger.size) return false;
      examined = ledger.size;
      const state = (task: number) => (members.has(task) ? ledger.stateOf(task) : undefined);
      return countBlocked(dependencies, watch.planned, state) === watch.tasks - ledger.size;
    }

    async function endOf(counts: WaveCounts): Promise<WaveEnd | undefined> {
      if (ledger.size >= watch.tasks) return 'complete';
      if (watch.tolerated !== undefined && ledger.totals.final > watch.tolerated) return 'exceeded';
      if (watch.stop && counts.running === 0 && (await isDisabled(changes, ledger))) return 'idle';
      return onlyBlockedAreLeft(counts) ? 'blocked' : undefined;
    }

    const end = await pollUntil(
      timing,
      async () => {
        const counts = await changes.counts();
        if (counts === undefined) {
          refuseVanished(changes.jobId, existed || ledger.size > 0, started);
          return undefined;
        }
        existed = true;
        if (!sealed && counts.total >= watch.tasks) {
          await ensureJobSealed(batch, changes.jobId);
          sealed = true;
        }
        let fresh = 0;
        if (counts.completed > ledger.size) {
          const full = counts.completed >= watch.tasks && stalled > 0;
          for await (const page of changes.completed(full)) {
            fresh += await ledger.record(page.map((task) => ledgerEntry(task, watch.attempt, timeoutMs)));
            heartbeat(ledger.size);
          }
          changes.missed(ledger.size < counts.completed);
        }
        stalled = fresh > 0 ? 0 : stalled + 1;
        if (stalled >= STALLED_POLLS && stalled % STALLED_POLLS === 0) await recordOrphans(watch, ledger, changes);
        await report(counts, ledger.totals, slotShare);
        pace.reached(ledger.size);
        return endOf(counts);
      },
      () => ledger.size,
      // The end is to be seen when it comes, not up to a long interval later.
      () => pace.untilHalfOfTheRest(),
    );
    return { ...ledger.totals, nodeSeconds: ledger.totals.nodeSeconds * slotShare, end };
  }

  /** Batch says so itself once nothing runs any more; and all that has ended is in the ledger. */
  async function isDisabled(changes: ChangeReader, ledger: WaveLedger): Promise<boolean> {
    if ((await batch.jobs.get(changes.jobId)).state !== 'disabled') return false;
    const counts = await changes.counts();
    return counts !== undefined && counts.running === 0 && counts.completed <= ledger.size;
  }

  /** Tasks that a job which somebody ended will never run: Batch leaves them active for ever. */
  async function recordOrphans(watch: WatchInput, ledger: WaveLedger, changes: ChangeReader): Promise<void> {
    const job = await batch.jobs.get(changes.jobId);
    if (job.state !== 'completed') return;
    for await (const page of changes.completed(true)) {
      await ledger.record(page.map((task) => ledgerEntry(task, watch.attempt, Infinity)));
    }
    const reason = job.executionInfo?.terminateReason ?? 'unknown';
    for await (const page of changes.unfinished()) {
      await ledger.record(
        page.map((task) => ({
          task: Number.parseInt(task.id, 10),
          attempt: watch.attempt,
          outcome: 'failed',
          category: 'terminated',
          code: 'JobTerminated',
          message: `The Batch job ended (${reason}) before this task ran.`,
          batchRetries: 0,
        })),
      );
    }
  }

  return { watchWave };
}

/** The wave's Batch job is not there. Before its submission has begun that is as it should be. */
function refuseVanished(jobId: string, existed: boolean, started: number): void {
  if (!existed && Date.now() - started < APPEARS_WITHIN_MS) return;
  throw ApplicationFailure.nonRetryable(
    `Batch job ${jobId} was deleted by somebody else while its tasks were to run. Submit the job again.`,
    FailureType.notFound,
  );
}

function slotsPerNodeOf({ pool }: JobSpec): number {
  return 'slotsPerNode' in pool ? (pool.slotsPerNode ?? 1) : 1;
}
