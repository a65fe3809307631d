/** What a watch tells others: the read model, the workflow and the cluster, each at its own pace. */
import type { JobProgress, TaskCounts } from '@windrow/contract';
import { ClusterSignal, JobSignal, jobWorkflowId, reduceLevelOf } from '@windrow/contract';
import type { WaveCounts } from './change-reader';
import type { ActivityDeps } from './deps';
import type { WatchInput, WaveTotals } from './wave-types';

/** The workflow hears of progress this often at most, and no more than `MAX_SIGNALS` times. Milliseconds. */
const SIGNAL_MS = 3000;
const MAX_SIGNALS = 10;
/** Progress that does not change is written again this often, as a sign of life. Milliseconds. */
const REWRITE_MS = 60_000;

export function createReporter({ storage, temporal }: Pick<ActivityDeps, 'storage' | 'temporal'>, watch: WatchInput) {
  const reducing = reduceLevelOf(watch.wave) !== undefined;
  let writtenText = '';
  let writtenAt = 0;
  let signalledText = '';
  let signalledAt = Date.now();
  let signals = 0;
  let lastNeed = watch.tasks * watch.slotsPerTask;
  return async (wave: WaveCounts, totals: WaveTotals, slotShare: number): Promise<void> => {
    const done = totals.succeeded + totals.failed;
    const progress: JobProgress = {
      live: watch.wave,
      counts: reducing ? watch.base.counts : addCounts(watch, wave, totals),
      progress: { done, total: watch.tasks, unit: 'tasks' },
      nodeSeconds: watch.base.nodeSeconds + totals.nodeSeconds * slotShare,
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
    const need = slotsNeeded(watch, wave.running, done);
    // The cluster shrinks, and lets the next job in, as this one drains; told at each halving, not at each task.
    if (need > 0 && need <= lastNeed / 2) {
      lastNeed = need;
      const { workflowId, leaseId } = watch.lease;
      await temporal().workflow.getHandle(workflowId).signal(ClusterSignal.renew, { leaseId, slots: need });
    }
  };
}

/** Slots that the wave can still use: those of what runs, and unless it is to stop, those of what can start beside it. */
export function slotsNeeded(watch: WatchInput, running: number, done: number): number {
  const startable = watch.stop ? 0 : Math.min(watch.tasks - done, watch.maxParallelTasks ?? Infinity);
  return Math.max(running, startable) * watch.slotsPerTask;
}

function addCounts(watch: WatchInput, wave: WaveCounts, totals: WaveTotals): TaskCounts {
  const { base } = watch;
  const handed = wave.active + wave.running + totals.succeeded + totals.failed;
  return {
    total: base.counts.total,
    pending: Math.max(0, base.counts.total - base.counts.succeeded - base.counts.failed - handed),
    active: wave.active,
    running: wave.running,
    succeeded: base.counts.succeeded + totals.succeeded,
    failed: base.counts.failed + totals.failed,
  };
}
