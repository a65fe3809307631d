import { condition } from '@temporalio/workflow';
import type { JobControls } from './controls';

/** Returns, with its words, when the job's time limit has passed; the limit may be moved meanwhile. Goes on in a pause. */
export async function timeLimitPassed(controls: JobControls): Promise<string> {
  for (;;) {
    const { at, words } = controls.timeLimit;
    const summary = `the job's time limit, ${new Date(at).toISOString()}`;
    const moved = await condition(() => controls.timeLimit.at !== at, Math.max(1, at - Date.now()), { summary });
    if (!moved) return words;
  }
}
