/** A value that is asked for at most so often; those who ask meanwhile share the answer. A failure is not remembered. */
export class Remembered<T> {
  private known: { value: Promise<T>; until: number } | undefined;

  constructor(
    private readonly keepMs: number,
    private readonly ask: () => Promise<T>,
  ) {}

  get(now = Date.now()): Promise<T> {
    if (this.known && this.known.until > now) return this.known.value;
    const known = { value: this.ask(), until: now + this.keepMs };
    this.known = known;
    known.value.catch(() => {
      if (this.known === known) this.known = undefined;
    });
    return known.value;
  }
}
