/** How long something will go on, judged by how it went so far. */
export class Pace {
  private began: number | undefined;
  private before = 0;
  private done = 0;

  constructor(
    private readonly total: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** Tells how many of the whole are done; the first call is where the judgement begins. */
  reached(done: number): void {
    if (this.began === undefined) {
      this.began = this.now();
      this.before = done;
    }
    this.done = done;
  }

  /** Milliseconds until half of what is left will be done; undefined as long as nothing can be said. */
  untilHalfOfTheRest(): number | undefined {
    if (this.began === undefined || this.done <= this.before) return undefined;
    const rate = (this.done - this.before) / Math.max(1, this.now() - this.began);
    return (this.total - this.done) / rate / 2;
  }
}
