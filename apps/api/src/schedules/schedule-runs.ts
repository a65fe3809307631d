import { Injectable } from '@nestjs/common';
import { runPlace, type RunState, type Schedule, type ScheduleKey, type ScheduleRun } from '@windrow/contract';
import { ResourceStore } from '@windrow/storage';

/** Pages that one request reads at most, in search of runs of a state. */
const MAX_PAGES = 10;

/** What a schedule has run, the latest first. */
@Injectable()
export class ScheduleRuns {
  constructor(private readonly resources: ResourceStore) {}

  async last({ workspace }: ScheduleKey, { uid }: Schedule): Promise<ScheduleRun | undefined> {
    const { kind, scope } = runPlace({ workspace, uid }, '');
    const { rows } = await this.resources.list<ScheduleRun>({ kind, scope }, { pageSize: 1 });
    return rows[0]?.value;
  }

  /** A page may come short where a state is asked for. */
  async list(
    { workspace }: ScheduleKey,
    { uid }: Schedule,
    { state, pageSize, pageToken }: { state?: RunState; pageSize: number; pageToken?: string },
  ): Promise<{ runs: ScheduleRun[]; nextPageToken?: string }> {
    const { kind, scope } = runPlace({ workspace, uid }, '');
    const runs: ScheduleRun[] = [];
    let token = pageToken;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const left = pageSize - runs.length;
      const from = token === undefined ? {} : { pageToken: token };
      const { rows, nextPageToken } = await this.resources.list<ScheduleRun>(
        { kind, scope },
        { pageSize: left, ...from },
      );
      for (const { value } of rows) if (state === undefined || value.state === state) runs.push(value);
      token = nextPageToken;
      if (token === undefined || runs.length >= pageSize) break;
    }
    return { runs, ...(token !== undefined && { nextPageToken: token }) };
  }
}
