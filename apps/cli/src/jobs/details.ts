import { type Context, suggested } from '../context';
import { pairs } from '../output/table';
import { type Style, state } from '../output/style';
import { ago, clean, duration, many, oneLine } from '../output/words';
import { countsText, usageText } from './frame';
import { causeOf, elapsed, hasEnded, type Job } from './job';

/** A job in full, for a person. */
export function details(job: Job, style: Style, now: number): string {
  const labels = Object.entries(job.labels ?? {}).map(([key, value]) => `${key}=${value}`);
  const tolerated = job.execution?.toleratedFailures;
  return (
    pairs([
      ['Job', `${job.job}${job.displayName ? `  (${oneLine(job.displayName)})` : ''}`],
      ['State', `${state(style, job.state)}${job.phase !== job.state && job.phase ? `, ${job.phase}` : ''}`],
      [
        'Waits',
        job.waiting && !hasEnded(job)
          ? `${oneLine(job.waiting.message)} (${job.waiting.code}, ${ago(job.waiting.since, now)})`
          : undefined,
      ],
      ['Tasks', job.counts.total > 0 ? countsText(job.counts) : undefined],
      ['Items', job.items === undefined ? undefined : String(job.items)],
      [
        'Nodes',
        job.nodes ? `${job.nodes.usable} usable of ${job.nodes.current}, wanted ${job.nodes.target}` : undefined,
      ],
      ['Cluster', job.cluster],
      ['Usage', usageText(job.usage)],
      ['Priority', job.execution?.priority],
      [
        'At once',
        job.execution?.maxParallelTasks === undefined ? undefined : many(job.execution.maxParallelTasks, 'task'),
      ],
      ['Tolerates', tolerated ? `${tolerated.count} failures, ${tolerated.percent} percent` : undefined],
      ['Created', `${job.createdTime} (${ago(job.createdTime, now)})`],
      ['Ended', job.endTime ? `${job.endTime} (after ${elapsed(job, now)})` : undefined],
      ['Redrives', job.redrives ? String(job.redrives) : undefined],
      ['Labels', labels.join(', ')],
      ['Workspace', `${job.workspace}, experiment ${job.experiment}`],
      ['Uid', job.uid],
      ['URL', job.url],
      ['Temporal', job.links?.['temporal']],
    ]) +
    timings(job, now) +
    trouble(job, style)
  );
}

/** What went wrong, and what to do about it; empty when nothing did. */
export function trouble(job: Job, style: Style): string {
  const lines: string[] = [];
  if (job.error) {
    const said = oneLine(job.error.message);
    // What somebody wanted is no failure.
    lines.push(job.state === 'cancelled' ? said : `${style.red('Failed')}: ${job.error.code}: ${said}`);
    if (job.error.path) lines.push(`  at ${job.error.path}`);
    if (job.error.batch) lines.push(`  Azure Batch: ${job.error.batch.code}: ${oneLine(job.error.batch.message)}`);
  }
  for (const group of job.failures) {
    lines.push(`${many(group.count, 'task')}: ${causeOf(group)}`);
    for (const { task, message, stderrTail } of group.examples) {
      const said = clean(stderrTail || message || '').trimEnd();
      lines.push(`  task ${task}${said ? `: ${said.split('\n').join('\n    ')}` : ''}`);
    }
  }
  return lines.length > 0 ? `\n${lines.join('\n')}\n` : '';
}

/** What to do with a job that has ended. */
export function nextSteps({ job, state: is, failures, counts }: Job, context: Context): string {
  if (is === 'succeeded') return `Next: ${suggested(context, `download ${job} --to ${job}`)}`;
  const logs = failures.length > 0 ? [`logs ${job} --failed --stderr`] : [];
  const steps = [...logs, counts.total > 0 ? `redrive ${job}` : `show ${job}`];
  return `Next: ${steps.map((words) => suggested(context, words)).join(', ')}`;
}

function timings({ timings: phases }: Job, now: number): string {
  if (!phases || phases.length === 0) return '';
  const told = phases.map(({ phase, startTime, endTime }) => {
    const ms = (endTime === undefined ? now : Date.parse(endTime)) - Date.parse(startTime);
    return `${phase} ${duration(ms)}`;
  });
  return pairs([['Phases', told.join(', ')]]);
}
