import type { AutoScaleRun } from '../model/pools/autoscale-state';
import type { Events, JobEvent } from '../model/events';
import type { Job } from '../model/jobs/job';
import type { Pool } from '../model/pools/pool';
import type { Task } from '../model/tasks/task';
import type { Clock } from '../util/clock';
import type { JsonObject } from '../util/json';
import { formatTime, type Micros } from '../util/time';
import type { FailureInfo } from '../wire/types';
import { renderAutoScaleRun } from '../wire/render-autoscale';
import { Counters, label } from './counters';
import type { LineFile } from './line-file';
import { poolCreate, resizeComplete, resizeStart } from './pool-events';
import { Ring, type Numbered } from './ring';
import { momentOf, taskComplete, taskFail, taskScheduleFail, taskStart } from './task-events';

/** Events kept for those who come later. */
const KEPT = 10_000;

export interface LogEntry {
  time: string;
  resourceId: string;
  category: 'ServiceLog';
  operationName: string;
  properties: JsonObject;
}

/** An event as it is kept: written out only when somebody wants to see it. */
interface Entry {
  time: Micros;
  operationName: string;
  properties: () => JsonObject;
}

/** The resource log of the account: events of pools and tasks as the service writes them, and counts of them. */
export class ServiceLog implements Events {
  private readonly entries = new Ring<Entry>(KEPT);
  readonly counters = new Counters();
  private recent = { poolId: '', jobId: '', labels: '' };
  private readonly followers = new Set<() => void>();
  private readonly resizes = new WeakMap<Pool, { start: JsonObject; time: Micros }>();
  private readonly deletes = new WeakMap<Pool, Micros>();

  constructor(
    private readonly clock: Clock,
    private readonly accountId: string,
    private readonly file: LineFile | undefined,
  ) {}

  /** Calls back when there is something new, until the function that it returns is called. */
  follow(notify: () => void): () => void {
    this.followers.add(notify);
    return () => this.followers.delete(notify);
  }

  /** Number of the last event. */
  get last(): number {
    return this.entries.last;
  }

  /** Events with a number above that one, as many as are still kept. */
  since(sequence: number): Numbered<LogEntry>[] {
    return this.entries
      .since(sequence)
      .map(({ sequence: number, value }) => ({ sequence: number, value: this.show(value) }));
  }

  poolCreated(pool: Pool): void {
    this.ofPool('PoolCreateEvent', pool, poolCreate(pool));
  }

  /** A pool that is made with no nodes has nothing to resize. */
  resizeStarted(pool: Pool): void {
    const start = resizeStart(pool);
    if (pool.nodes.size === 0 && pool.targetDedicated + pool.targetLowPriority === 0) return;
    this.resizes.set(pool, { start, time: this.clock.now() });
    this.ofPool('PoolResizeStartEvent', pool, start);
  }

  resizeCompleted(pool: Pool): void {
    const begun = this.resizes.get(pool);
    if (!begun) return;
    this.resizes.delete(pool);
    const complete = resizeComplete(pool, begun.start, begun.time, this.clock.now());
    this.ofPool('PoolResizeCompleteEvent', pool, complete);
  }

  poolDeleteStarted(pool: Pool): void {
    this.deletes.set(pool, this.clock.now());
    this.ofPool('PoolDeleteStartEvent', pool, { id: pool.id });
  }

  poolDeleted(pool: Pool): void {
    const now = this.clock.now();
    const startTime = formatTime(this.deletes.get(pool) ?? now);
    this.ofPool('PoolDeleteCompleteEvent', pool, { id: pool.id, startTime, endTime: formatTime(now) });
  }

  autoscaled(pool: Pool, run: AutoScaleRun): void {
    this.ofPool('PoolAutoscaleEvent', pool, { id: pool.id, ...renderAutoScaleRun(run) });
  }

  /** Only counted: the service writes no events of jobs to the log. */
  job(job: Job, event: JobEvent): void {
    this.counters.bump(`${event}Event`, label('jobId', job.id));
  }

  taskStarted(task: Task): void {
    const moment = momentOf(task);
    this.ofTask('TaskStartEvent', task, () => taskStart(moment));
  }

  taskCompleted(task: Task): void {
    const moment = momentOf(task);
    this.ofTask('TaskCompleteEvent', task, () => taskComplete(moment));
    if (!task.succeeded) this.ofTask('TaskFailEvent', task, () => taskFail(moment));
  }

  taskScheduleFailed(task: Task, error: FailureInfo): void {
    const moment = momentOf(task);
    this.write('TaskScheduleFailEvent', () => taskScheduleFail(moment, error));
  }

  private ofPool(operationName: string, pool: Pool, properties: JsonObject): void {
    this.counters.bump(operationName, label('poolId', pool.id));
    this.write(operationName, () => properties);
  }

  private ofTask(operationName: string, task: Task, properties: () => JsonObject): void {
    const poolId = task.placement?.poolId ?? task.job.poolId ?? '';
    this.counters.bump(operationName, this.labelsOf(poolId, task.job.id));
    this.write(operationName, properties);
  }

  /** The tasks of one job come by the thousand: their labels are not put together each time. */
  private labelsOf(poolId: string, jobId: string): string {
    const { recent } = this;
    if (recent.poolId === poolId && recent.jobId === jobId) return recent.labels;
    const labels = `${label('poolId', poolId)},${label('jobId', jobId)}`;
    this.recent = { poolId, jobId, labels };
    return labels;
  }

  private write(operationName: string, properties: () => JsonObject): void {
    const entry: Entry = { time: this.clock.now(), operationName, properties };
    this.entries.push(entry);
    this.file?.write(this.show(entry));
    for (const notify of this.followers) notify();
  }

  private show({ time, operationName, properties }: Entry): LogEntry {
    const shown = { time: formatTime(time), resourceId: this.accountId, category: 'ServiceLog' } as const;
    return { ...shown, operationName, properties: properties() };
  }
}
