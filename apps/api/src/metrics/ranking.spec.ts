import type { JobMetricsRecord, MetricLine } from '@windrow/contract';
import { rankJobs, rankTasks } from './ranking';

function jobOf(n: number, values: number[]): JobMetricsRecord {
  const count = values.length;
  const summary = { count, min: Math.min(...values), max: Math.max(...values), mean: 0 };
  return {
    workspace: 'aero',
    experiment: 'blades',
    job: `j${n}`,
    uid: `u${n}`,
    createdTime: `2026-01-15T09:00:${String(n % 60).padStart(2, '0')}.000Z`,
    parameters: {},
    metrics: { tasks: count, omitted: 0, ignored: 0, values: { m: summary } },
  };
}

function linesOf(values: number[], kept = values.length): MetricLine[] {
  const lines = values.map((m, task) => ({ task, parameters: {}, metrics: { m } }));
  return lines.sort((a, b) => a.metrics.m - b.metrics.m).slice(0, kept);
}

describe('tasks of many jobs in order', () => {
  it('take no more jobs than the page needs', async () => {
    const values = Array.from({ length: 1000 }, (_, n) => [n * 10, n * 10 + 5, n * 10 + 500]);
    const read = jest.fn(async ({ job }: JobMetricsRecord) => linesOf(values[Number(job.slice(1))]!));
    const jobs = values.map((one, n) => jobOf(n, one)).reverse();
    const { tasks, truncated } = await rankTasks(jobs, { metric: 'm', order: 'asc', wanted: 20 }, read);
    expect(tasks.map(({ value }) => value)).toEqual(Array.from({ length: 20 }, (_, n) => n * 5));
    expect(truncated).toBe(false);
    expect(read.mock.calls.length).toBeLessThanOrEqual(32);
  });

  it('end where a job has tasks that are not kept in order', async () => {
    const values = [
      [1, 2, 3, 4, 9],
      [0, 7, 8],
    ];
    const jobs = values.map((one, n) => jobOf(n, one));
    const read = async ({ job }: JobMetricsRecord) => (job === 'j0' ? linesOf(values[0]!, 3) : linesOf(values[1]!));
    const { tasks, truncated } = await rankTasks(jobs, { metric: 'm', order: 'asc', wanted: 10 }, read);
    expect(tasks.map(({ value }) => value)).toEqual([0, 1, 2, 3]);
    expect(truncated).toBe(true);
  });

  it('have jobs by their best, and leave those without the metric out', () => {
    const jobs = [
      jobOf(1, [5, 6]),
      jobOf(2, [1, 9]),
      { ...jobOf(3, [0]), metrics: { ...jobOf(3, [0]).metrics, values: {} } },
    ];
    expect(rankJobs(jobs, 'm', 'asc').map(({ job }) => job)).toEqual(['j2', 'j1']);
    expect(rankJobs(jobs, 'm', 'desc').map(({ job }) => job)).toEqual(['j2', 'j1']);
    expect(rankJobs(jobs, 'constructor', 'asc')).toEqual([]);
  });
});
