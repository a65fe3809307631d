/** Follows a wave to its end: one count a poll, listings of what changed, the ledger, the read model, the lease. */
import { heartbeat } from '@temporalio/activity';
import type { BatchClient, BatchTask } from '@windrow/batch';
import { BatchNotFoundError } from '@windrow/batch';
import type { JobProgress, TaskCounts } from '@windrow/contract';
import {
  batchJobId,
  ClusterSignal,
  durationMs,
  jobWorkflowId,
  JobSignal,
  planStageOf,
  reduceLevelOf,
} from '@windrow/contract';
import type { ActivityDeps } from './deps';
import { readPlan, readSpec, templateOf } from './job-files';
import { ledgerEntry } from './outcome';
import { pollUntil } from './poll';
import { WaveLedger } from './wave-ledger';
import type { WatchInput, WaveOutcome } from './wave-types';

/** Listings reach back this much before the last one, for transitions the service wrote late. Milliseconds. */
const OVERLAP_MS = 1000;
/** The workflow hears of progress this often at most, and no more than `MAX_SIGNALS` times. Milliseconds. */
const SIGNAL_MS = 5000;
const MAX_SIGNALS = 10;
/** Polls without change after which the Batch job itself is looked at: it may have been ended by somebody. */
const STALLED_POLLS = 20;

export function createWatchActivities({ storage, batch, temporal, timing }: ActivityDeps) {
  async function watchWave(watch: WatchInput): Promise<WaveOutcome> {
    heartbeat();
    const spec = await readSpec(storage.blobs, watch.input);
    const plan = await readPlan(storage.blobs, watch.input);
    const template = templateOf(spec, plan, planStageOf(watch.wave));
    const ledger = await WaveLedger.open(storage, watch.input, watch.wave);
    const changes = new ChangeReader(batch, batchJobId(watch.input.uid, watch.wave));
    const report = createReporter(watch, template.requiredSlots);
    const timeoutMs = durationMs(template.timeout);
    const slotShare = template.requiredSlots / Math.max(1, slotsPerNodeOf(spec));
    let sealed = !watch.seal;
    let stalled = 0;

    await pollUntil(
      timing,
      async () => {
        const counts = await changes.counts();
        if (counts === undefined) return undefined;
        if (!sealed && counts.total >= watch.tasks) {
          await batch.jobs.patch(changes.jobId, { onAllTasksComplete: 'terminatejob' });
          sealed = true;
        }
        let fresh = 0;
        if (counts.completed > ledger.size) {
          const full = counts.completed >= watch.tasks && stalled > 0;
          for await (const page of changes.completed(full)) {
            fresh += await ledger.record(page.map((task) => ledgerEntry(task, watch.attempt, timeoutMs)));
            heartbeat(ledger.size);
          }
        }
        stalled = fresh > 0 ? 0 : stalled + 1;
        if (stalled >= STALLED_POLLS && stalled % STALLED_POLLS === 0) await recordOrphans(watch, ledger, changes);
        await report(counts, ledger.outcome, slotShare);
        return ledger.size >= watch.tasks ? true : undefined;
      },
      () => ledger.size,
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
    let lastText = '';
    let signals = 0;
    let lastSignal = Date.now();
    let lastNeed = watch.lease.slots;
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
      if (text === lastText) return;
      lastText = text;
      await storage.catalogue.putJobProgress(watch.input, progress);
      const client = temporal();
      if (signals < MAX_SIGNALS && Date.now() - lastSignal >= SIGNAL_MS * (signals + 1)) {
        signals += 1;
        lastSignal = Date.now();
        await client.workflow.getHandle(jobWorkflowId(watch.input)).signal(JobSignal.progress, progress);
      }
      const need = (watch.tasks - done) * requiredSlots;
      // The cluster shrinks, and lets the next job in, as this one drains; told at each halving, not at each task.
      if (need > 0 && need <= lastNeed / 2) {
        lastNeed = need;
        await client.workflow
          .getHandle(watch.lease.workflowId)
          .signal(ClusterSignal.renew, { leaseId: watch.lease.leaseId, slots: need });
      }
    };
  }

  return { watchWave };
}

interface WaveCounts {
  total: number;
  active: number;
  running: number;
  completed: number;
}

/** What Batch says of one job, asked for as cheaply as it can be. */
class ChangeReader {
  private since: Date | undefined;

  constructor(
    private readonly batch: BatchClient,
    readonly jobId: string,
  ) {}

  /** Undefined while the job does not exist yet. */
  async counts(): Promise<WaveCounts | undefined> {
    try {
      const { active, running, completed } = (await this.batch.jobs.taskCounts(this.jobId)).taskCounts;
      return { total: active + running + completed, active, running, completed };
    } catch (error) {
      if (error instanceof BatchNotFoundError) return undefined;
      throw error;
    }
  }

  /** Pages of tasks completed since the last call; `full`: of all completed tasks. */
  async *completed(full: boolean): AsyncIterable<BatchTask[]> {
    const from = full ? undefined : this.since;
    const changed = from ? ` and stateTransitionTime ge datetime'${from.toISOString()}'` : '';
    let started: Date | undefined;
    for await (const page of this.pages(`state eq 'completed'${changed}`)) {
      started ??= page.serverTime;
      yield page.value;
    }
    if (started) this.since = new Date(started.getTime() - OVERLAP_MS);
  }

  async *unfinished(): AsyncIterable<BatchTask[]> {
    for await (const page of this.pages(`state ne 'completed'`)) yield page.value;
  }

  private async *pages(filter: string) {
    let nextLink: string | undefined;
    do {
      const page = await this.batch.tasks.listPage(this.jobId, {
        filter,
        select: 'id,state,stateTransitionTime,executionInfo,nodeInfo',
        ...(nextLink !== undefined && { nextLink }),
      });
      yield page;
      nextLink = page.nextLink;
    } while (nextLink !== undefined);
  }
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
