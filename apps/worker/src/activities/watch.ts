/** Follows a wave to its end: one count a poll, listings of what changed, the ledger, the read model, the lease. */
import { heartbeat } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { ensureJobSealed } from '@windrow/batch';
import type { JobProgress, TaskCounts } from '@windrow/contract';
import {
  batchJobId,
  ClusterSignal,
  durationMs,
  FailureType,
  jobWorkflowId,
  JobSignal,
  planStageOf,
  reduceLevelOf,
  taskSlots,
} from '@windrow/contract';
import { ChangeReader } from './change-reader';
import type { WaveCounts } from './change-reader';
import type { ActivityDeps } from './deps';
import { readPlan, readSpec, templateOf } from './job-files';
import { ledgerEntry } from './outcome';
import { Pace } from './pace';
import { pollUntil } from './poll';
import { WaveLedger } from './wave-ledger';
import type { WatchInput, WaveOutcome } from './wave-types';

/** The workflow hears of progress this often at most, and no more than `MAX_SIGNALS` times. Milliseconds. */
const SIGNAL_MS = 3000;
const MAX_SIGNALS = 10;
/** Progress that does not change is written again this often, as a sign of life. Milliseconds. */
const REWRITE_MS = 60_000;
/** Polls without change after which the Batch job itself is looked at: it may have been ended by somebody. */
const STALLED_POLLS = 20;
/** A submission that waits for quota may take long to create the Batch job. Milliseconds. */
const APPEARS_WITHIN_MS = 24 * 3_600_000;

export function createWatchActivities({ storage, batch, temporal, timing }: ActivityDeps) {
  async function watchWave(watch: WatchInput): Promise<WaveOutcome> {
    heartbeat();
    const spec = await readSpec(storage.blobs, watch.input);
    const plan = await readPlan(storage.blobs, watch.input);
    const template = templateOf(spec, plan, planStageOf(watch.wave));
    const ledger = await WaveLedger.open(storage, watch.input, watch.wave);
    const changes = new ChangeReader(batch, batchJobId(watch.input.uid, watch.wave));
    const report = createReporter(watch, taskSlots(template));
    const timeoutMs = durationMs(template.timeout);
    const slotShare = taskSlots(template) / Math.max(1, slotsPerNodeOf(spec));
    const pace = new Pace(watch.tasks);
    let sealed = !watch.seal;
    let stalled = 0;
    let existed = false;
    const started = Date.now();

    await pollUntil(
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
        await report(counts, ledger.outcome, slotShare);
        pace.reached(ledger.size);
        return ledger.size >= watch.tasks ? true : undefined;
      },
      () => ledger.size,
      // The end is to be seen when it comes, not up to a long interval later.
      () => pace.untilHalfOfTheRest(),
    );
    return { ...ledger.outcome, nodeSeconds: ledger.outcome.nodeSeconds * slotShare };
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

  /** Row, signal and lease, each at its own pace. */
  function createReporter(watch: WatchInput, requiredSlots: number) {
    const reducing = reduceLevelOf(watch.wave) !== undefined;
    let writtenText = '';
    let writtenAt = 0;
    let signalledText = '';
    let signalledAt = Date.now();
    let signals = 0;
    let lastNeed = watch.tasks * requiredSlots;
    return async (wave: WaveCounts, outcome: WaveOutcome, slotShare: number): Promise<void> => {
      const done = outcome.succeeded + outcome.failed;
      const progress: JobProgress = {
        live: watch.wave,
        counts: reducing ? watch.base.counts : addCounts(watch, wave, outcome),
        progress: { done, total: watch.tasks, unit: 'tasks' },
        nodeSeconds: watch.base.nodeSeconds + outcome.nodeSeconds * slotShare,
        updatedTime: new Date().toISOString(),
      };
      const text = JSON.stringify([progress.counts, progress.progress]);
      const now = Date.now();
      if (text !== writtenText || now - writtenAt >= REWRITE_MS) {
        writtenText = text;
        writtenAt = now;
        await storage.catalogue.putJobProgress(watch.input, progress);
      }
      // Ever less often: a signal costs the workflow events. What it says last is what the wave returns.
      if (text !== signalledText && signals < MAX_SIGNALS && now - signalledAt >= SIGNAL_MS * (signals + 1)) {
        signals += 1;
        signalledText = text;
        signalledAt = now;
        await temporal().workflow.getHandle(jobWorkflowId(watch.input)).signal(JobSignal.progress, progress);
      }
      const need = (watch.tasks - done) * requiredSlots;
      // The cluster shrinks, and lets the next job in, as this one drains; told at each halving, not at each task.
      if (need > 0 && need <= lastNeed / 2) {
        lastNeed = need;
        await temporal()
          .workflow.getHandle(watch.lease.workflowId)
          .signal(ClusterSignal.renew, { leaseId: watch.lease.leaseId, slots: need });
      }
    };
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

function addCounts(watch: WatchInput, wave: WaveCounts, outcome: WaveOutcome): TaskCounts {
  const { base } = watch;
  const handed = wave.active + wave.running + outcome.succeeded + outcome.failed;
  return {
    total: base.counts.total,
    pending: Math.max(0, watch.tasks - handed),
    active: wave.active,
    running: wave.running,
    succeeded: base.counts.succeeded + outcome.succeeded,
    failed: base.counts.failed + outcome.failed,
  };
}

function slotsPerNodeOf(spec: { pool: { cluster: string } | { slotsPerNode?: number } }): number {
  return 'slotsPerNode' in spec.pool ? (spec.pool.slotsPerNode ?? 1) : 1;
}
