import { FairShare } from './fair-share';
import { TimerHeap, type Timer } from './timer-heap';
import type { Micros } from './time';

/** Time as the model sees it; injected, so that tests may turn the hands themselves. */
export interface Clock {
  /** Strictly increasing: two changes never share a time, hence never an ETag. */
  now(): Micros;
  /** Runs once after the delay of emulated time, unless cancelled. */
  after(delayMs: number, run: () => void): Timer;
  /** The same in real time, for what real processes do: they keep their own speed. */
  afterReal(delayMs: number, run: () => void): Timer;
}

const MAX_TIMEOUT_MS = 2_000_000_000;

/**
 * The emulated clock, which may run faster than the real one; one Node timer for any number of pending callbacks. Time
 * never passes a callback that is due and has not run: what is to take 60 s takes 60 s, however late Node gets to it.
 */
export class SystemClock implements Clock {
  private last: Micros = 0;
  private readonly started = Date.now();
  /** Emulated time, in milliseconds, at `started`. */
  private origin = this.started;
  /** When the callback that is running was due. */
  private pinned: number | undefined;
  private readonly heap = new TimerHeap();
  private armed: NodeJS.Timeout | undefined;
  private armedFor = Number.POSITIVE_INFINITY;
  private immediate: NodeJS.Immediate | undefined;
  private readonly share = new FairShare();

  /** With a scale of 60 an emulated minute is a real second. */
  constructor(private readonly scale = 1) {}

  now(): Micros {
    const time = Math.floor(this.current() * 1000);
    this.last = time > this.last ? time : this.last + 1;
    return this.last;
  }

  /** No time before this one is given any more. */
  notBefore(time: Micros): void {
    this.last = Math.max(this.last, time);
    this.origin += Math.max(0, time / 1000 - this.elapsed());
  }

  /** Whether it shows another time than clocks on the wall. */
  get isItsOwn(): boolean {
    return this.scale !== 1 || this.origin !== this.started;
  }

  after(delayMs: number, run: () => void): Timer {
    return this.at(this.current() + Math.max(0, delayMs), run);
  }

  afterReal(delayMs: number, run: () => void): Timer {
    return this.at(this.elapsed() + Math.max(0, delayMs) * this.scale, run);
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

  /** What the hands would show if every callback ran on time. */
  private elapsed(): number {
    return this.origin + (Date.now() - this.started) * this.scale;
  }

  private current(): number {
    return this.pinned ?? Math.min(this.elapsed(), this.heap.nextDue() ?? Number.POSITIVE_INFINITY);
  }

  private at(due: number, run: () => void): Timer {
    const timer = this.heap.add(due, run);
    this.arm();
    return timer;
  }

  private arm(): void {
    const due = this.heap.nextDue();
    if (due === undefined || this.immediate) return;
    const delay = (due - this.elapsed()) / this.scale;
    if (delay <= 0) {
      this.immediate = setImmediate(() => this.runDue());
    } else if (due < this.armedFor) {
      clearTimeout(this.armed);
      this.armedFor = due;
      this.armed = setTimeout(() => this.runDue(), Math.min(Math.ceil(delay), MAX_TIMEOUT_MS));
    }
  }

  private runDue(): void {
    clearTimeout(this.armed);
    this.armed = undefined;
    this.immediate = undefined;
    this.armedFor = Number.POSITIVE_INFINITY;
    const now = this.elapsed();
    this.share.turn(() => {
      const due = this.heap.nextDue();
      const run = this.heap.takeDue(now);
      if (!run) return false;
      this.pinned = due;
      try {
        run();
      } finally {
        this.pinned = undefined;
      }
      return true;
    });
    this.arm();
  }
}
