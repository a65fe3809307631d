/** Live progress on a terminal: one bar a phase, redrawn in place. Elsewhere a line a change, now and then. */

const WIDTH = 28;
const PLAIN_EVERY_MS = 5000;

export interface Bar {
  label: string;
  done: number;
  total: number;
  note: string;
  finished: boolean;
}

export class Bars {
  private drawn = 0;
  /** Finished phases that were printed. */
  private printed = 0;
  private lastPlainAt = 0;

  constructor(
    private readonly out: NodeJS.WriteStream = process.stdout,
    private readonly now: () => number = Date.now,
  ) {}

  draw(bars: Bar[]): void {
    if (this.out.isTTY) this.redraw(bars);
    else this.printChange(bars);
  }

  private redraw(bars: Bar[]): void {
    if (this.drawn > 0) this.out.write(`\u001b[${this.drawn}A`);
    for (const bar of bars) this.out.write(`\u001b[2K${line(bar)}\n`);
    this.drawn = bars.length;
  }

  /** Each phase once when it is over, and the one under way now and then. */
  private printChange(bars: Bar[]): void {
    for (const bar of bars.slice(this.printed)) {
      if (!bar.finished) break;
      this.out.write(`${line(bar)}\n`);
      this.printed += 1;
      this.lastPlainAt = this.now();
    }
    const current = bars[this.printed];
    if (!current || this.now() - this.lastPlainAt < PLAIN_EVERY_MS) return;
    this.lastPlainAt = this.now();
    this.out.write(`${line(current)}\n`);
  }
}

export function line({ label, done, total, note, finished }: Bar): string {
  const share = finished ? 1 : total > 0 ? Math.min(1, done / total) : 0;
  const full = Math.round(share * WIDTH);
  return `  ${label.padEnd(13)} ${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${note}`;
}
