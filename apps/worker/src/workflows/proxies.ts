/** Activity proxies, one for each timing profile. Workflows see activities as types only. */
import { ActivityCancellationType, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { RetryPolicy } from '@temporalio/common';
import { TaskQueue, TERMINAL_FAILURES } from '@windrow/contract';
import type { Activities } from '../activities';

const retry: RetryPolicy = {
  initialInterval: '1s',
  maximumInterval: '1m',
  nonRetryableErrorTypes: [...TERMINAL_FAILURES],
};

/** Seconds of work: one or a few requests. Tried for a day, because Azure's bad hours pass. */
export const control = proxyActivities<Activities>({
  taskQueue: TaskQueue.control,
  startToCloseTimeout: '10m',
  // Sent by the worker for every activity of this queue: a dead one is noticed at once, not after minutes.
  heartbeatTimeout: '10s',
  scheduleToCloseTimeout: '24h',
  retry,
});

/**
 * Reading, submitting, gathering: minutes to hours, heartbeating with a cursor. A cancelled one is waited for, a second
 * or so: what it created behind the back of the release would be left over.
 */
export const bulk = proxyActivities<Activities>({
  taskQueue: TaskQueue.bulk,
  startToCloseTimeout: '24h',
  heartbeatTimeout: '20s',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry,
});

/** Watches: as long as the work they watch; a dead worker is noticed after the heartbeat time-out. */
export const watch = proxyActivities<Activities>({
  taskQueue: TaskQueue.watch,
  startToCloseTimeout: '30d',
  heartbeatTimeout: '15s',
  cancellationType: ActivityCancellationType.TRY_CANCEL,
  retry: { ...retry, maximumInterval: '15s' },
});

/** Rows of the read model: saves the queue hop; a lost one is overwritten by the next. */
export const rows = proxyLocalActivities<Activities>({
  startToCloseTimeout: '10s',
  scheduleToCloseTimeout: '20s',
  retry: { initialInterval: '200ms', maximumAttempts: 3 },
});
