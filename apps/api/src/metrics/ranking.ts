/** Tasks of many jobs in the order of one metric, of which no more is read than the page needs. */
import type { JobMetricsRecord, MetricLine } from '@windrow/contract';

export type Order = 'asc' | 'desc';

export interface RankedTask extends MetricLine {
  job: string;
  uid: string;
  createdTime: string;
  value: number;
}

export interface Ranking {
  tasks: RankedTask[];
  /** What follows is not known: a job keeps only so many of its tasks in order. */
  truncated: boolean;
}

/** The tasks at one end of the metric of a job, best first. */
export type ReadEnd = (job: JobMetricsRecord) => Promise<MetricLine[]>;

/** Jobs whose ends are read side by side. */
const LANES = 16;

/** The best value that a task of the job has; undefined without one. */
export function bestOf({ metrics }: JobMetricsRecord, metric: string, order: Order): number | undefined {
  if (!Object.hasOwn(metrics.values, metric)) return undefined;
  return metrics.values[metric]?.[order === 'asc' ? 'min' : 'max'];
}

/** Jobs that have the metric, the one with the best task first; of equal ones the older. */
export function rankJobs(jobs: JobMetricsRecord[], metric: string, order: Order): JobMetricsRecord[] {
  const sign = order === 'asc' ? 1 : -1;
  return jobs
    .map((job) => ({ job, best: bestOf(job, metric, order) }))
    .filter((one): one is { job: JobMetricsRecord; best: number } => one.best !== undefined)
    .sort((a, b) => sign * (a.best - b.best) || older(a.job, b.job))
    .map(({ job }) => job);
}

/**
 * The first `wanted` tasks. Jobs are read in the order of their best task, until none that is left can have a better one
 * than those found.
 */
export async function rankTasks(
  jobs: JobMetricsRecord[],
  { metric, order, wanted }: { metric: string; order: Order; wanted: number },
  read: ReadEnd,
): Promise<Ranking> {
  const sign = order === 'asc' ? 1 : -1;
  const ranked = rankJobs(jobs, metric, order);
  let found: RankedTask[] = [];
  /** Beyond it tasks may be missing. */
  let horizon = Infinity;
  for (let next = 0; next < ranked.length; next += LANES) {
    const nextBest = sign * bestOf(ranked[next]!, metric, order)!;
    if (found.length >= wanted && sign * found[wanted - 1]!.value < nextBest) break;
    const batch = ranked.slice(next, next + LANES);
    const ends = await Promise.all(batch.map(read));
    for (const [n, job] of batch.entries()) {
      const lines = ends[n]!;
      const { job: name, uid, createdTime } = job;
      for (const line of lines) found.push({ ...line, job: name, uid, createdTime, value: line.metrics[metric]! });
      const isWhole = lines.length >= job.metrics.values[metric]!.count;
      if (!isWhole) horizon = Math.min(horizon, sign * (lines.at(-1)?.metrics[metric] ?? -Infinity));
    }
    found.sort((a, b) => sign * (a.value - b.value) || older(a, b) || a.task - b.task);
  }
  const known = found.filter(({ value }) => sign * value <= horizon);
  found = known.slice(0, wanted);
  return { tasks: found, truncated: horizon < Infinity && found.length < wanted };
}

function older(a: { createdTime: string; uid: string }, b: { createdTime: string; uid: string }): number {
  return a.createdTime.localeCompare(b.createdTime) || a.uid.localeCompare(b.uid);
}
