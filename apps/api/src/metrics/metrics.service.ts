import { Injectable } from '@nestjs/common';
import {
  type ExperimentKey,
  type JobKey,
  jobMetricsOf,
  type JobMetricsRecord,
  type MetricLine,
  metricNames,
  type MetricTops,
  type Objective,
  jobPaths,
  workspaceContainer,
} from '@windrow/contract';
import { BlobStore, ResourceStore } from '@windrow/storage';
import { InvalidRequestError } from '../common/errors';
import { decodePageToken, encodePageToken, type PageToken } from '../common/page-token';
import { JobReader } from '../jobs/job-reader';
import { bestOf, type Order, type RankedTask, rankJobs, rankTasks } from './ranking';

export interface MetricsQuery {
  metric?: string;
  order?: Order;
  pageSize: number;
  pageToken?: string;
}

export interface Listing<T> {
  metric: string;
  order: Order;
  /** All metrics that can be asked for. */
  metrics: string[];
  rows: T[];
  best?: RankedTask;
  truncated?: boolean;
  nextPageToken?: string;
}

export interface RankedJob extends JobMetricsRecord {
  value: number;
}

interface Place extends PageToken {
  kind: 'metrics';
  from: number;
}

/** Rows in a page of the index: the most that the service gives. */
const PAGE = 1000;

/** Metrics of a job or an experiment, in order. What is read goes by the page, not by the number of tasks. */
@Injectable()
export class MetricsService {
  constructor(
    private readonly resources: ResourceStore,
    private readonly blobs: BlobStore,
    private readonly reader: JobReader,
  ) {}

  async jobs(key: ExperimentKey, query: MetricsQuery): Promise<Listing<RankedJob>> {
    const jobs = await this.ofExperiment(key);
    const by = sorted(jobs, query);
    const list = JSON.stringify(['jobs', key.workspace, key.experiment, by]);
    const ranked = rankJobs(jobs, by.metric, by.order);
    const { rows, ...page } = pageOf(ranked, query, list);
    const { tasks } = await this.rank(key, ranked.slice(0, 1), { ...by, wanted: 1 });
    const values = rows.map((job) => ({ ...job, value: bestOf(job, by.metric, by.order)! }));
    return { ...by, metrics: namesOf(jobs), rows: values, ...page, ...(tasks[0] && { best: tasks[0] }) };
  }

  async tasks(key: ExperimentKey, query: MetricsQuery): Promise<Listing<RankedTask>> {
    return this.listTasks(key, await this.ofExperiment(key), query);
  }

  /** @throws NotFoundError JobNotFound */
  async tasksOfJob(key: JobKey, query: MetricsQuery): Promise<Listing<RankedTask>> {
    const { uid } = await this.reader.get(key);
    const found = await this.resources.get<JobMetricsRecord>({ ...jobMetricsOf(key), name: uid });
    return this.listTasks(key, found ? [found.value] : [], query);
  }

  private async listTasks(
    key: ExperimentKey,
    jobs: JobMetricsRecord[],
    query: MetricsQuery,
  ): Promise<Listing<RankedTask>> {
    const by = sorted(jobs, query);
    const scope = jobs.length === 1 ? jobs[0]!.uid : '';
    const list = JSON.stringify(['tasks', key.workspace, key.experiment, scope, by]);
    // One more than the page tells whether another follows.
    const wanted = placeOf(query, list) + query.pageSize + 1;
    const { tasks, truncated } = await this.rank(key, jobs, { ...by, wanted });
    const { rows, ...page } = pageOf(tasks, query, list);
    return { ...by, metrics: namesOf(jobs), rows, truncated, ...page, ...(tasks[0] && { best: tasks[0] }) };
  }

  private rank(
    { workspace }: ExperimentKey,
    jobs: JobMetricsRecord[],
    by: { metric: string; order: Order; wanted: number },
  ) {
    return rankTasks(jobs, by, async ({ uid, metrics }): Promise<MetricLine[]> => {
      const blob = jobPaths(uid).metricTops(metricNames(metrics).indexOf(by.metric));
      // A job that is deleted, or redriven, at this moment has none.
      const tops = await this.blobs.readJsonIfPresent<MetricTops>(workspaceContainer(workspace), blob);
      return (tops?.metric === by.metric && tops[by.order === 'asc' ? 'lowest' : 'highest']) || [];
    });
  }

  private async ofExperiment(key: ExperimentKey): Promise<JobMetricsRecord[]> {
    const jobs: JobMetricsRecord[] = [];
    let pageToken: string | undefined;
    do {
      const token = pageToken === undefined ? {} : { pageToken };
      const page = await this.resources.list<JobMetricsRecord>(jobMetricsOf(key), { pageSize: PAGE, ...token });
      jobs.push(...page.rows.map(({ value }) => value));
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined);
    return jobs;
  }
}

/** What is asked for, else the objective of the latest job that has one. @throws InvalidRequestError */
function sorted(jobs: JobMetricsRecord[], { metric, order }: MetricsQuery): { metric: string; order: Order } {
  const latest = [...jobs].sort((a, b) => b.createdTime.localeCompare(a.createdTime));
  const objectives = latest.flatMap(({ metrics }): Objective[] => (metrics.objective ? [metrics.objective] : []));
  const objective = objectives.find((one) => metric === undefined || one.metric === metric);
  const name = metric ?? objective?.metric ?? '';
  if (name === '' && jobs.length > 0) {
    const message = `must name one of ${namesOf(jobs).slice(0, 20).join(', ')}: no job here has an objective`;
    throw new InvalidRequestError([{ path: 'metric', code: 'Required', message }]);
  }
  return { metric: name, order: order ?? (objective?.goal === 'maximize' ? 'desc' : 'asc') };
}

function namesOf(jobs: JobMetricsRecord[]): string[] {
  return [...new Set(jobs.flatMap(({ metrics }) => Object.keys(metrics.values)))].sort();
}

function placeOf({ pageToken }: MetricsQuery, list: string): number {
  return pageToken === undefined ? 0 : decodePageToken(pageToken, list, isPlace).from;
}

function pageOf<T>(all: T[], query: MetricsQuery, list: string): { rows: T[]; nextPageToken?: string } {
  const from = placeOf(query, list);
  const to = from + query.pageSize;
  const rows = all.slice(from, to);
  if (all.length <= to) return { rows };
  const next: Place = { kind: 'metrics', from: to };
  return { rows, nextPageToken: encodePageToken(next, list) };
}

function isPlace(token: PageToken): token is Place {
  return token.kind === 'metrics' && 'from' in token && typeof token.from === 'number';
}
