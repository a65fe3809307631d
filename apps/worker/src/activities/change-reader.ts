/** What changed in a Batch job, asked for as cheaply as it can be: one count, and listings of what completed since. */
import type { BatchClient, BatchTask } from '@windrow/batch';
import { BatchNotFoundError } from '@windrow/batch';

/**
 * How far listings reach back before the newest transition seen: not at all, until the count says that something was
 * missed, which a service of many machines may write late; then ever further. Milliseconds.
 */
const REACH_MS = [0, 1000, 10_000, 60_000];

export interface WaveCounts {
  total: number;
  active: number;
  running: number;
  completed: number;
}

export class ChangeReader {
  /** The newest transition seen, by the service's own clock. Milliseconds. */
  private newest: number | undefined;
  private reach = 0;

  constructor(
    private readonly batch: BatchClient,
    readonly jobId: string,
  ) {}

  /** Undefined while the job does not exist yet. */
  async counts(): Promise<WaveCounts | undefined> {
    try {
      const { active, running, completed } = (await this.batch.jobs.taskCounts(this.jobId)).taskCounts;
      return { total: active + running + completed, active, running, completed };
    } catch (error) {
      if (error instanceof BatchNotFoundError) return undefined;
      throw error;
    }
  }

  /** Pages of tasks completed since the last call; `full`: of all completed tasks. */
  async *completed(full: boolean): AsyncIterable<BatchTask[]> {
    const from = full || this.newest === undefined ? undefined : this.newest - REACH_MS[this.reach]!;
    const changed = from === undefined ? '' : ` and stateTransitionTime ge datetime'${new Date(from).toISOString()}'`;
    for await (const page of this.pages(`state eq 'completed'${changed}`)) {
      for (const { stateTransitionTime } of page.value) {
        this.newest = Math.max(this.newest ?? 0, Date.parse(stateTransitionTime));
      }
      yield page.value;
    }
  }

  /** Told after a listing whether tasks are missing that were counted before it. */
  missed(some: boolean): void {
    this.reach = some ? Math.min(this.reach + 1, REACH_MS.length - 1) : 0;
  }

  async *unfinished(): AsyncIterable<BatchTask[]> {
    for await (const page of this.pages(`state ne 'completed'`)) yield page.value;
  }

  private async *pages(filter: string) {
    let nextLink: string | undefined;
    do {
      const page = await this.batch.tasks.listPage(this.jobId, {
        filter,
        select: 'id,state,stateTransitionTime,executionInfo,nodeInfo',
        ...(nextLink !== undefined && { nextLink }),
      });
      yield page;
      nextLink = page.nextLink;
    } while (nextLink !== undefined);
  }
}
