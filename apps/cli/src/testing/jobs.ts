import type { Job } from '../jobs/job';

export const AT = Date.parse('2026-01-15T10:00:00.000Z');

/** A job that runs since a minute before {@link AT}; `more` overrides. */
export function jobView(more: Partial<Job> = {}): Job {
  return {
    workspace: 'aero',
    experiment: 'blades',
    job: 'wordcount',
    uid: '0h2k5v9w3x1d7f4g',
    url: 'http://127.0.0.1:8080/v1/jobs/wordcount',
    labels: {},
    state: 'running',
    phase: 'running',
    createdTime: '2026-01-15T09:59:00.000Z',
    startTime: '2026-01-15T09:59:00.000Z',
    updatedTime: '2026-01-15T10:00:00.000Z',
    counts: { total: 100, pending: 0, active: 40, running: 10, succeeded: 49, failed: 1 },
    failures: [],
    timings: [],
    links: {},
    ...more,
  };
}
