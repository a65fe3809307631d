import type { TaskCounts } from '@windrow/contract';
import { type Style, state } from '../output/style';
import { cut } from '../output/table';
import { ago, duration, many, oneLine } from '../output/words';
import { causeOf, elapsed, hasEnded, type Job } from './job';

const MAX_BAR = 40;
const MAX_CAUSES = 5;

export interface FrameOptions {
  width: number;
  style: Style;
  now: number;
}

/** What a terminal shows of a job at one moment: lines that fit the width, without line ends. */
export function frame(job: Job, { width, style, now }: FrameOptions): string[] {
  const lines: Line[] = [
    [`${job.job}  `, state(style, job.state), job.state, `  ${phaseOf(job)}${elapsed(job, now)}`],
    ...barLines(job, width, style),
    ...(job.waiting && !hasEnded(job)
      ? [
          plain(
            `waits    ${oneLine(job.waiting.message)} (${job.waiting.code}, since ${ago(job.waiting.since, now).replace(/ ago$/, '')})`,
          ),
        ]
      : []),
    ...(job.nodes && !hasEnded(job)
      ? [plain(`nodes    ${job.nodes.usable} usable of ${job.nodes.current}, wanted ${job.nodes.target}`)]
      : []),
    ...usageLines(job),
    ...causes(job),
  ];
  return lines.map((line) => fit(line, width));
}

/** One line: text before, a coloured word, the same word without colour, text after. */
type Line = [before: string, coloured: string, word: string, after: string];

function plain(text: string): Line {
  return [text, '', '', ''];
}

/** Colours have no width, so that what is cut is the text after them. */
function fit([before, coloured, word, after]: Line, width: number): string {
  const room = width - before.length - word.length;
  return room < 0 ? cut(before + word, width) : before + coloured + cut(after, room);
}

/** The phase where it says more than the state. */
function phaseOf({ phase, state: is }: Job): string {
  return phase === is || phase === '' ? '' : `${phase}  `;
}

function barLines(job: Job, width: number, style: Style): Line[] {
  const { counts, progress } = job;
  if (counts.total > 0) {
    const text = `  ${countsText(counts)}`;
    const bar = barOf(counts, Math.max(10, Math.min(MAX_BAR, width - text.length)), style);
    return [['', bar.coloured, bar.text, text]];
  }
  if (!progress || progress.total === 0) return [];
  return [plain(`${progress.done.toLocaleString('en-US')} of ${many(progress.total, progress.unit.slice(0, -1))}`)];
}

/** Cells by what became of the tasks: succeeded, failed, running, and the rest. */
export function barOf({ total, succeeded, failed, running }: TaskCounts, width: number, style: Style) {
  const cells = (count: number) => Math.floor((count / Math.max(1, total)) * width);
  // A single failure among thousands is what one wants to see.
  const bad = failed > 0 ? Math.max(1, cells(failed)) : 0;
  const good = Math.min(width - bad, succeeded === total ? width : cells(succeeded));
  const busy = Math.min(width - bad - good, running > 0 ? Math.max(1, cells(running)) : 0);
  const rest = width - good - bad - busy;
  const parts = ['█'.repeat(good), '▓'.repeat(bad), '▒'.repeat(busy), '░'.repeat(rest)] as const;
  const coloured = style.green(parts[0]) + style.red(parts[1]) + style.cyan(parts[2]) + style.dim(parts[3]);
  return { text: parts.join(''), coloured };
}

export function countsText({ total, succeeded, failed, running, active, pending }: TaskCounts): string {
  const parts = [`${succeeded.toLocaleString('en-US')} of ${many(total, 'task')} succeeded`];
  const rest: [number, string][] = [
    [failed, 'failed'],
    [running, 'running'],
    [active, 'queued'],
    [pending, 'pending'],
  ];
  for (const [count, word] of rest) if (count > 0) parts.push(`${count.toLocaleString('en-US')} ${word}`);
  return parts.join(', ');
}

function usageLines({ usage }: Job): Line[] {
  const text = usageText(usage);
  return text === undefined ? [] : [plain(`usage    ${text}`)];
}

/** `2 h 5 min of dedicated nodes, 1.92 EUR (approximate)`. */
export function usageText(usage: Job['usage']): string | undefined {
  if (!usage || usage.dedicatedNodeSeconds + usage.spotNodeSeconds === 0) return undefined;
  const parts: string[] = [];
  if (usage.dedicatedNodeSeconds > 0) parts.push(`${duration(usage.dedicatedNodeSeconds * 1000)} of dedicated nodes`);
  if (usage.spotNodeSeconds > 0) parts.push(`${duration(usage.spotNodeSeconds * 1000)} of spot nodes`);
  if (usage.cost) parts.push(`${usage.cost.amount} ${usage.cost.currency}`);
  return `${parts.join(', ')} (approximate)`;
}

function causes({ failures }: Job): Line[] {
  const shown = failures.slice(0, MAX_CAUSES).map((group) => {
    const example = group.examples[0];
    const said = oneLine(example?.stderrTail || example?.message || '');
    const where = example ? `, such as task ${example.task}` : '';
    return plain(
      `failed   ${group.count.toLocaleString('en-US')} x ${causeOf(group)}${where}${said ? `: ${said}` : ''}`,
    );
  });
  const more = failures.length - shown.length;
  return more > 0 ? [...shown, plain(`         and ${many(more, 'more cause')}`)] : shown;
}
