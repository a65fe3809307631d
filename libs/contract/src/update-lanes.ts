/**
 * Updates to one workflow that one process may have under way. Temporal takes ten per workflow from all processes
 * together (`history.maxInFlightUpdates`); one more is refused, and whatever is under way at that moment is aborted with
 * it, so that a crowd which tries again and again gets nowhere.
 */
const AT_ONCE = 4;

type Next<I, O> = (input: I) => Promise<O>;

interface Crossing {
  running: number;
  waiting: (() => void)[];
}

/** Lets callers of the same workflow pass a few at a time, first come first served; other workflows do not wait for it. */
export class UpdateLanes {
  private readonly crossings = new Map<string, Crossing>();

  /** Calls when it is its turn; the outcome is that of the call. */
  async run<T>(workflowId: string, call: () => Promise<T>): Promise<T> {
    const crossing = this.crossings.get(workflowId) ?? { running: 0, waiting: [] };
    this.crossings.set(workflowId, crossing);
    // Whoever ends hands its place on, so that nobody comes in between.
    if (crossing.running >= AT_ONCE) await new Promise<void>((turn) => crossing.waiting.push(turn));
    else crossing.running += 1;
    try {
      return await call();
    } finally {
      const next = crossing.waiting.shift();
      if (next) next();
      else if (--crossing.running === 0) this.crossings.delete(workflowId);
    }
  }

  /** What a client of Temporal takes as an interceptor of its calls to workflows. */
  interceptor() {
    return {
      startUpdate: <I extends { workflowExecution: { workflowId?: string } }, O>(input: I, next: Next<I, O>) =>
        this.run(input.workflowExecution.workflowId ?? '', () => next(input)),
      startUpdateWithStart: <I extends { workflowStartOptions: { workflowId: string } }, O>(
        input: I,
        next: Next<I, O>,
      ) => this.run(input.workflowStartOptions.workflowId, () => next(input)),
    };
  }
}
