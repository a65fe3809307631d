import { TimerHeap, type Timer } from './timer-heap';
import type { Micros } from './time';

/** Time as the model sees it; injected, so that tests may turn the hands themselves. */
export interface Clock {
  /** Strictly increasing: two changes never share a time, hence never an ETag. */
  now(): Micros;
  /** Runs once after the delay, unless cancelled. */
  after(delayMs: number, run: () => void): Timer;
}

/** Callbacks run in one go before requests are let in again: keeps a burst of finished tasks from starving HTTP. */
const SLICE = 256;
const MAX_TIMEOUT_MS = 2_000_000_000;

/** The real clock: one Node timer for any number of pending callbacks. */
export class SystemClock implements Clock {
  private last = 0;
  private readonly heap = new TimerHeap();
  private armed: NodeJS.Timeout | undefined;
  private armedFor = Number.POSITIVE_INFINITY;
  private immediate: NodeJS.Immediate | undefined;

  now(): Micros {
    const wall = Date.now() * 1000;
    this.last = wall > this.last ? wall : this.last + 1;
    return this.last;
  }

  /** No time before this one is given any more. */
  notBefore(time: Micros): void {
    this.last = Math.max(this.last, time);
  }

  after(delayMs: number, run: () => void): Timer {
    const due = Date.now() + Math.max(0, delayMs);
    const timer = this.heap.add(due, run);
    this.arm();
    return timer;
  }

  /** Forgets everything pending, so that the process may end. */
  stop(): void {
    this.heap.clear();
    clearTimeout(this.armed);
    if (this.immediate) clearImmediate(this.immediate);
    this.armed = undefined;
    this.immediate = undefined;
    this.armedFor = Number.POSITIVE_INFINITY;
  }

  private arm(): void {
    const due = this.heap.nextDue();
    if (due === undefined || this.immediate) return;
    const delay = due - Date.now();
    if (delay <= 0) {
      this.immediate = setImmediate(() => this.runDue());
    } else if (due < this.armedFor) {
      clearTimeout(this.armed);
      this.armedFor = due;
      this.armed = setTimeout(() => this.runDue(), Math.min(delay, MAX_TIMEOUT_MS));
    }
  }

  private runDue(): void {
    clearTimeout(this.armed);
    this.armed = undefined;
    this.immediate = undefined;
    this.armedFor = Number.POSITIVE_INFINITY;
    const now = Date.now();
    for (let count = 0; count < SLICE; count++) {
      const run = this.heap.takeDue(now);
      if (!run) break;
      run();
    }
    this.arm();
  }
}
