import { performance } from 'node:perf_hooks';

/** Steps between two looks at the clock. */
const STEPS = 16;
const MIN_MS = 5;
const MAX_MS = 50;

/**
 * Divides the one thread between requests and what goes on by itself: a turn takes as long as everything else had since
 * the turn before. With a fixed number of steps a turn, a storm of large requests would slow down the emulated nodes.
 */
export class FairShare {
  private ended = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Makes steps until one says that there is nothing more to do, or until it is the others' turn. */
  turn(step: () => boolean): void {
    const began = this.now();
    const share = Math.min(MAX_MS, Math.max(MIN_MS, began - this.ended));
    for (let count = 1; step(); count++) {
      if (count % STEPS === 0 && this.now() - began >= share) break;
    }
    this.ended = this.now();
  }
}
