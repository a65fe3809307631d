import type { SystemClock } from '../util/clock';
import type { Journal } from './journal';

const EVERY_MS = 1000;

/** Writes down how late it is while the emulated clock is not the real one: after a kill it must not go back. */
export function keepTime(clock: SystemClock, journal: Journal): void {
  if (!clock.isItsOwn) return;
  journal.clock(clock.now());
  clock.afterReal(EVERY_MS, () => keepTime(clock, journal));
}
