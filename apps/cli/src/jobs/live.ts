import type { Context } from '../context';
import type { Io } from '../io';
import type { Output } from '../output/output';
import { countsText, frame } from './frame';
import { elapsed, hasEnded, type Job } from './job';
import { oneLine } from '../output/words';

const CURSOR_UP = (lines: number) => `\u001b[${lines}A`;
const CLEAR_BELOW = '\u001b[0J';
const CLEAR_LINE = '\u001b[2K';
/** Between two lines that differ in counts only, where lines stay. */
const COUNTS_EVERY_MS = 5000;

/** Shows a job as it changes: drawn in place on a terminal, elsewhere a line a change, for programs a document a change. */
export class LiveView {
  private drawn = 0;
  private last: Job | undefined;
  private lastAt = -Infinity;

  constructor(
    private readonly io: Pick<Io, 'out' | 'now'>,
    private readonly output: Output,
  ) {}

  static of({ io, out }: Context): LiveView {
    return new LiveView(io, out);
  }

  show(job: Job): void {
    if (this.output.format !== 'table') return this.output.oneOfMany(job, () => undefined);
    if (this.io.out.isTTY) return this.redraw(job);
    const line = changeLine(this.last, job, this.io.now(), this.io.now() - this.lastAt >= COUNTS_EVERY_MS);
    if (line === undefined) return;
    this.io.out.write(`${line}\n`);
    this.last = job;
    this.lastAt = this.io.now();
  }

  private redraw(job: Job): void {
    const { columns, rows } = this.io.out;
    // One column and one row less, where terminals would begin a new line or scroll.
    const options = { width: columns - 1, style: this.output.style, now: this.io.now() };
    const lines = frame(job, options).slice(0, Math.max(1, rows - 1));
    const up = this.drawn > 0 ? CURSOR_UP(this.drawn) : '';
    this.io.out.write(up + lines.map((line) => `${CLEAR_LINE}${line}\n`).join('') + CLEAR_BELOW);
    this.drawn = lines.length;
  }
}

/** What is new since the line before, or undefined. `counts`: whether new counts alone are worth a line. */
export function changeLine(before: Job | undefined, job: Job, now: number, counts: boolean): string | undefined {
  const changed =
    before === undefined ||
    before.state !== job.state ||
    before.phase !== job.phase ||
    before.waiting?.message !== job.waiting?.message ||
    before.failures.length !== job.failures.length;
  if (!changed && !(counts && countsText(before.counts) !== countsText(job.counts))) return undefined;
  const phase = job.phase === job.state ? '' : ` (${job.phase})`;
  const waiting = job.waiting && !hasEnded(job) ? `; waits: ${oneLine(job.waiting.message)}` : '';
  const tasks = job.counts.total > 0 ? `: ${countsText(job.counts)}` : '';
  return `${job.job} ${job.state}${phase} after ${elapsed(job, now)}${tasks}${waiting}`;
}
