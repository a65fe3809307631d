/** Watches the pool of a cluster: returns when something changed that the cluster has to know. */
import type { BatchPool, BatchPoolNodeCounts, NodeCounts } from '@windrow/batch';
import { DEFAULT_AUTOSCALE_INTERVAL, durationMs, parseDuration } from '@windrow/contract';
import type { ActivityDeps } from './deps';
import { pollUntil } from './poll';
import type { PoolStatus, Reason, Stuck, WatchPoolInput } from './pool-types';

const WATCH_FIELDS =
  'id,allocationState,allocationStateTransitionTime,currentDedicatedNodes,currentLowPriorityNodes,targetDedicatedNodes,targetLowPriorityNodes,resizeErrors,resizeTimeout,enableAutoScale,autoScaleEvaluationInterval,autoScaleRun';
/** A pool that has all its nodes is looked at this much less often. */
const SETTLED_FACTOR = 5;
/** While nodes come up their number changes all the time; the cluster hears of it this often. Milliseconds. */
const COUNT_REPORT_MS = 5000;
/** The service's own default. */
const RESIZE_TIMEOUT = 'PT15M';
/** A formula that was not evaluated for so many of its intervals is taken for forgotten. */
const MISSED_EVALUATIONS = 3;

export function createPoolWatchActivities({ batch, timing }: ActivityDeps) {
  async function watchPool({ poolId, known, target, resizedAt }: WatchPoolInput): Promise<PoolStatus> {
    const started = Date.now();
    const settled = known.allocationState === 'steady' && known.usable >= target;
    let shortSince = known.shortSince;
    return pollUntil(
      settled ? { pollMinMs: timing.pollMaxMs, pollMaxMs: SETTLED_FACTOR * timing.pollMaxMs } : timing,
      async () => {
        const [pool, counts] = await Promise.all([
          batch.pools.get(poolId, { select: WATCH_FIELDS }),
          batch.pools.nodeCounts(poolId),
        ]);
        const status = statusOf(pool, counts, resizedAt);
        shortSince = isShort(status) ? (shortSince ?? new Date().toISOString()) : undefined;
        const stuck = stuckAt(pool, status, shortSince, timing.patienceMs, Date.now());
        const seen = { ...status, ...(shortSince !== undefined && { shortSince }), ...(stuck && { stuck }) };
        return isNews(known, seen, target, Date.now() - started) ? seen : undefined;
      },
      () => known.usable,
    );
  }

  return { watchPool };
}

/** Whether the cluster has to hear of the change from `known` to `now`, `elapsed` milliseconds into the watch. */
export function isNews(known: PoolStatus, now: PoolStatus, target: number, elapsed: number): boolean {
  const turns = ({ allocationState, failed, errors, formulaError, stuck }: PoolStatus) =>
    JSON.stringify([allocationState, failed, errors, formulaError, stuck]);
  if (turns(known) !== turns(now)) return true;
  const counts = ({ usable, dedicated, spot }: PoolStatus) => JSON.stringify([usable, dedicated, spot]);
  if (counts(known) === counts(now)) return false;
  if (elapsed >= COUNT_REPORT_MS) return true;
  return known.usable !== now.usable && (known.usable === 0 || now.usable === 0 || now.usable >= target);
}

/** Resize errors count only while the pool is steady and only when newer than our own last resize. */
export function statusOf(
  pool: BatchPool,
  counts: BatchPoolNodeCounts | undefined,
  resizedAt: string | undefined,
): PoolStatus {
  const fresh = pool.allocationState === 'steady' && isSince(pool.allocationStateTransitionTime, resizedAt);
  const both = [counts?.dedicated, counts?.lowPriority];
  const sum = (...states: (keyof NodeCounts)[]) =>
    both.reduce((total, group) => total + states.reduce((part, state) => part + (group?.[state] ?? 0), 0), 0);
  // Evicted nodes count as nodes of the pool until they are replaced (Batch documentation, "Spot VMs").
  const evicted = counts?.lowPriority?.preempted ?? 0;
  const spot = Math.max(0, (pool.currentLowPriorityNodes ?? 0) - evicted);
  const dedicated = pool.currentDedicatedNodes ?? 0;
  const formulaError = formulaErrorOf(pool, resizedAt);
  return {
    allocationState: pool.allocationState ?? 'steady',
    current: dedicated + spot,
    usable: sum('idle', 'running'),
    failed: sum('startTaskFailed', 'unusable'),
    evicted,
    dedicated: { target: pool.targetDedicatedNodes ?? 0, current: dedicated },
    spot: { target: pool.targetLowPriorityNodes ?? 0, current: spot },
    errors: fresh
      ? (pool.resizeErrors ?? []).map(({ code, message }) => ({ code: code ?? 'Unknown', message: message ?? '' }))
      : [],
    ...(formulaError && { formulaError }),
  };
}

/** Batch's own words; the place in the formula is among the values. */
function formulaErrorOf({ enableAutoScale, autoScaleRun }: BatchPool, enabledAt?: string): Reason | undefined {
  const error = autoScaleRun?.error;
  if (!enableAutoScale || !error || !isSince(autoScaleRun.timestamp, enabledAt)) return undefined;
  const places = (error.values ?? []).map(({ value }) => value).filter(Boolean);
  return { code: error.code ?? 'Unknown', message: [error.message, ...places].filter(Boolean).join('. ') };
}

function isSince(time: string | undefined, since: string | undefined): boolean {
  return since === undefined || Date.parse(time ?? '') >= Date.parse(since);
}

function isShort({ allocationState, dedicated, spot }: PoolStatus): boolean {
  if (allocationState !== 'steady') return false;
  return dedicated.current < dedicated.target || spot.current < spot.target;
}

/**
 * Why the pool can be taken to stand still at `now`; undefined while it does not. `patience` (milliseconds) is
 * granted on top of the service's own times.
 */
export function stuckAt(
  pool: BatchPool,
  { errors }: PoolStatus,
  shortSince: string | undefined,
  patience: number,
  now: number,
): Stuck | undefined {
  const since = Date.parse(pool.allocationStateTransitionTime ?? '');
  if (pool.allocationState === 'resizing' && !pool.enableAutoScale) {
    return now > since + (parseDuration(pool.resizeTimeout ?? '') ?? durationMs(RESIZE_TIMEOUT)) + patience
      ? 'resizing'
      : undefined;
  }
  if (pool.enableAutoScale) {
    const interval = durationMs(pool.autoScaleEvaluationInterval ?? DEFAULT_AUTOSCALE_INTERVAL);
    const last = Date.parse(pool.autoScaleRun?.timestamp ?? '');
    return now > last + MISSED_EVALUATIONS * interval + patience ? 'formula' : undefined;
  }
  // With an error the cluster knows why, and asks again by itself.
  if (shortSince === undefined || errors.length > 0) return undefined;
  return now >= Date.parse(shortSince) + patience ? 'short' : undefined;
}
