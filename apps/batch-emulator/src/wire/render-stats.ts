import type { Job } from '../model/jobs/job';
import type { JobSchedule } from '../model/jobs/job-schedule';
import type { Pool } from '../model/pools/pool';
import type { Task } from '../model/tasks/task';
import { formatDuration } from '../util/duration';
import type { JsonObject } from '../util/json';
import { formatTime, type Micros } from '../util/time';
import { jobUrl } from './render-job';
import { poolUrl } from './render-pool';
import { scheduleUrl } from './render-schedule';
import { taskUrl } from './render-task';

const duration = (micros: number): string => formatDuration(Math.round(micros / 1000));

/** Nothing here measures processors and disks. */
const UNMEASURED = { readIOps: 0, writeIOps: 0, readIOGiB: 0, writeIOGiB: 0 };
const NO_CPU_TIME = { userCPUTime: 'PT0S', kernelCPUTime: 'PT0S' };

/** "BatchPoolStatistics". */
export function renderPoolStats(pool: Pool, baseUrl: string, now: Micros): JsonObject {
  const period = { startTime: formatTime(pool.created), lastUpdateTime: formatTime(now) };
  return {
    url: poolUrl(baseUrl, pool.id),
    ...period,
    usageStats: { ...period, dedicatedCoreTime: duration(pool.meter.dedicatedCoreTime) },
    resourceStats: {
      ...period,
      avgCPUPercentage: 0,
      avgMemoryGiB: 0,
      peakMemoryGiB: 0,
      avgDiskGiB: 0,
      peakDiskGiB: 0,
      diskReadIOps: 0,
      diskWriteIOps: 0,
      diskReadGiB: 0,
      diskWriteGiB: 0,
      networkReadGiB: 0,
      networkWriteGiB: 0,
    },
  };
}

/** "BatchJobStatistics". */
export function renderJobStats(job: Job, baseUrl: string, now: Micros): JsonObject {
  return {
    url: jobUrl(baseUrl, job.id),
    startTime: formatTime(job.created),
    lastUpdateTime: formatTime(now),
    ...renderTotals([job]),
  };
}

/** "BatchJobScheduleStatistics": of the jobs that are still there. */
export function renderScheduleStats(
  schedule: JobSchedule,
  jobs: Iterable<Job>,
  baseUrl: string,
  now: Micros,
): JsonObject {
  return {
    url: scheduleUrl(baseUrl, schedule.id),
    startTime: formatTime(schedule.created),
    lastUpdateTime: formatTime(now),
    ...renderTotals(jobs),
  };
}

/** The sums that statistics of jobs and of job schedules share. */
function renderTotals(jobs: Iterable<Job>): JsonObject {
  const sum = { wallClock: 0, wait: 0, retries: 0, succeeded: 0, failed: 0 };
  for (const { tasks } of jobs) {
    sum.wallClock += tasks.totals.wallClock;
    sum.wait += tasks.totals.wait;
    sum.retries += tasks.totals.retries;
    sum.succeeded += tasks.counts.succeeded;
    sum.failed += tasks.counts.failed;
  }
  return {
    ...NO_CPU_TIME,
    wallClockTime: duration(sum.wallClock),
    ...UNMEASURED,
    numSucceededTasks: sum.succeeded,
    numFailedTasks: sum.failed,
    numTaskRetries: sum.retries,
    waitTime: duration(sum.wait),
  };
}

/** "BatchTaskStatistics". */
export function renderTaskStats(task: Task, baseUrl: string, now: Micros): JsonObject {
  const started = task.startTime ?? now;
  return {
    url: taskUrl(baseUrl, task.job.id, task.id),
    startTime: formatTime(task.created),
    lastUpdateTime: formatTime(now),
    ...NO_CPU_TIME,
    wallClockTime: duration(task.startTime === undefined ? 0 : (task.endTime ?? now) - started),
    ...UNMEASURED,
    waitTime: duration(started - task.created),
  };
}
