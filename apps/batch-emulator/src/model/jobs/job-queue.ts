import type { Job } from './job';

/** The jobs of a pool that may start tasks, by priority and then age. */
export class JobQueue {
  private jobs: Job[] = [];

  add(job: Job): void {
    if (this.jobs.includes(job)) return;
    this.jobs.push(job);
    this.sort();
  }

  remove(job: Job): void {
    this.jobs = this.jobs.filter((other) => other !== job);
  }

  /** After a change of priority. */
  sort(): void {
    this.jobs.sort((a, b) => b.priority - a.priority || a.created - b.created);
  }

  has(job: Job): boolean {
    return this.jobs.includes(job);
  }

  /** "jobDefaultOrder" none: a job that was served stands behind the others of its priority. */
  served(job: Job): void {
    const from = this.jobs.indexOf(job);
    let to = from;
    while (this.jobs[to + 1]?.priority === job.priority) to++;
    if (from < 0 || to === from) return;
    this.jobs.splice(from, 1);
    this.jobs.splice(to, 0, job);
  }

  *[Symbol.iterator](): Generator<Job> {
    yield* this.jobs;
  }
}
