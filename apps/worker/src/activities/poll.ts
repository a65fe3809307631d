import { heartbeat, sleep } from '@temporalio/activity';
import type { WatchTiming } from './deps';

/** Longest silence between two heartbeats; well under the heartbeat time-out of every watch. */
const BEAT_MS = 2000;

/**
 * Calls `step` until it gives a value, ever less often between `pollMinMs` and `pollMaxMs`, heartbeating with
 * `details()` all the while; sooner where `expectedMs()` says that there will be something to see.
 * Throws CancelledFailure when the activity is cancelled.
 */
export async function pollUntil<T>(
  timing: WatchTiming,
  step: () => Promise<T | undefined>,
  details: () => unknown = () => undefined,
  expectedMs: () => number | undefined = () => undefined,
): Promise<T> {
  let interval = timing.pollMinMs;
  for (;;) {
    // A request that is throttled, or a listing of very many tasks, may take longer than the workflow waits for a beat.
    const value = await beating(step, details);
    if (value !== undefined) return value;
    heartbeat(details());
    const wait = Math.max(timing.pollMinMs, Math.min(interval, expectedMs() ?? interval));
    for (let left = wait; left > 0; left -= BEAT_MS) {
      await sleep(Math.min(left, BEAT_MS));
      heartbeat(details());
    }
    interval = Math.min(timing.pollMaxMs, Math.ceil(interval * 1.25));
  }
}

/**
 * Heartbeats in the background while `work` runs, for work that has no loop of its own to beat in. A cancellation is
 * for `work` to notice by `cancellationSignal()`: it is waited for, so that nothing goes on behind the workflow's back.
 */
export async function beating<T>(work: () => Promise<T>, details: () => unknown = () => undefined): Promise<T> {
  const timer = setInterval(() => heartbeat(details()), BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
