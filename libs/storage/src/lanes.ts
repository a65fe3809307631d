/**
 * Runs work with bounded concurrency and reports the first failure to whoever comes next, so that a producer can
 * hand over work without collecting promises (or leaving a rejected one unobserved).
 */
export class Lanes {
  private readonly running = new Set<Promise<void>>();
  private failure: { error: unknown } | undefined;

  constructor(private readonly limit: number) {}

  /** Resolves once the work has started, that is when a lane was free. Throws the first failure of earlier work. */
  async run(work: () => Promise<unknown>): Promise<void> {
    while (this.running.size >= this.limit) await Promise.race(this.running);
    this.check();
    const lane: Promise<void> = work()
      .then(
        () => undefined,
        (error: unknown) => {
          this.failure ??= { error };
        },
      )
      .finally(() => this.running.delete(lane));
    this.running.add(lane);
  }

  /** Waits for all work and throws its first failure. */
  async drain(): Promise<void> {
    await Promise.all(this.running);
    this.check();
  }

  private check(): void {
    if (this.failure) throw this.failure.error;
  }
}
