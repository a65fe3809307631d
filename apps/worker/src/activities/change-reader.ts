/** What changed in a Batch job, asked for as cheaply as it can be: one count, and listings of what completed since. */
import type { BatchClient, BatchTask } from '@windrow/batch';
import { BatchNotFoundError } from '@windrow/batch';

/** Listings reach back this much before the last one, for transitions the service wrote late. Milliseconds. */
const OVERLAP_MS = 1000;

export interface WaveCounts {
  total: number;
  active: number;
  running: number;
  completed: number;
}

export class ChangeReader {
  private since: Date | undefined;

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
    const from = full ? undefined : this.since;
    const changed = from ? ` and stateTransitionTime ge datetime'${from.toISOString()}'` : '';
    let started: Date | undefined;
    for await (const page of this.pages(`state eq 'completed'${changed}`)) {
      started ??= page.serverTime;
      yield page.value;
    }
    if (started) this.since = new Date(started.getTime() - OVERLAP_MS);
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
