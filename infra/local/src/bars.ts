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
  private lastPlain = '';
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

  private printChange(bars: Bar[]): void {
    const current = bars.at(-1);
    if (!current) return;
    const phase = `${current.label} ${current.finished}`;
    if (phase === this.lastPlain && this.now() - this.lastPlainAt < PLAIN_EVERY_MS) return;
    this.lastPlain = phase;
    this.lastPlainAt = this.now();
    this.out.write(`${line(current)}\n`);
  }
}

export function line({ label, done, total, note, finished }: Bar): string {
  const share = finished ? 1 : total > 0 ? Math.min(1, done / total) : 0;
  const full = Math.round(share * WIDTH);
  return `  ${label.padEnd(13)} ${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${note}`;
}
