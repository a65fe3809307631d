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

  *[Symbol.iterator](): Generator<Job> {
    yield* this.jobs;
  }
}
