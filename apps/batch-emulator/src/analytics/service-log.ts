import type { AutoscaleResult, Events, JobEvent } from '../model/events';
import type { Job } from '../model/job';
import type { Pool } from '../model/pool';
import type { Task } from '../model/task';
import type { Clock } from '../util/clock';
import { compact, type JsonObject } from '../util/json';
import { formatTime, type Micros } from '../util/time';
import type { FailureInfo } from '../wire/types';
import { Counters, label } from './counters';
import type { LineFile } from './line-file';
import { poolCreate, resizeComplete, resizeStart } from './pool-events';
import { Ring } from './ring';
import { taskComplete, taskFail, taskScheduleFail, taskStart } from './task-events';

/** Events kept for those who come later. */
const KEPT = 10_000;

export interface LogEntry {
  time: string;
  resourceId: string;
  category: 'ServiceLog';
  operationName: string;
  properties: JsonObject;
}

/** The resource log of the account: events of pools and tasks as the service writes them, and counts of them. */
export class ServiceLog implements Events {
  readonly entries = new Ring<LogEntry>(KEPT);
  readonly counters = new Counters();
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

  autoscaled(pool: Pool, { timestamp, results, error }: AutoscaleResult): void {
    this.ofPool('PoolAutoscaleEvent', pool, compact({ id: pool.id, timestamp, results, error }));
  }

  /** Only counted: the service writes no events of jobs to the log. */
  job(job: Job, event: JobEvent): void {
    this.counters.bump(`${event}Event`, label('jobId', job.id));
  }

  taskStarted(task: Task): void {
    this.ofTask('TaskStartEvent', task, taskStart(task));
  }

  taskCompleted(task: Task): void {
    this.ofTask('TaskCompleteEvent', task, taskComplete(task));
    if (!task.succeeded) this.ofTask('TaskFailEvent', task, taskFail(task));
  }

  taskScheduleFailed(task: Task, error: FailureInfo): void {
    this.write('TaskScheduleFailEvent', taskScheduleFail(task, error));
  }

  private ofPool(operationName: string, pool: Pool, properties: JsonObject): void {
    this.counters.bump(operationName, label('poolId', pool.id));
    this.write(operationName, properties);
  }

  private ofTask(operationName: string, task: Task, properties: JsonObject): void {
    const poolId = task.placement?.poolId ?? task.job.poolId ?? '';
    this.counters.bump(operationName, `${label('poolId', poolId)},${label('jobId', task.job.id)}`);
    this.write(operationName, properties);
  }

  private write(operationName: string, properties: JsonObject): void {
    const time = formatTime(this.clock.now());
    const entry: LogEntry = { time, resourceId: this.accountId, category: 'ServiceLog', operationName, properties };
    this.entries.push(entry);
    this.file?.write(entry);
    for (const notify of this.followers) notify();
  }
}
