import type { Job } from '../model/jobs/job';
import type { JobNode } from '../model/jobs/job-node';
import type { JobSchedule } from '../model/jobs/job-schedule';
import type { ComputeNode } from '../model/nodes/node';
import type { Pool } from '../model/pools/pool';
import type { Task } from '../model/tasks/task';
import type { Usage } from '../model/pools/usage';
import type { Micros } from '../util/time';
import {
  clockRecord,
  jobNodeRecord,
  jobRecord,
  nodeRecord,
  poolRecord,
  resourceRecord,
  scheduleRecord,
  taskRecord,
  taskStateRecord,
  usageRecord,
} from './records';
import type { Store, StoredRecord } from './store';

/** Writes down what changed, unless nothing is to be kept. */
export class Journal {
  constructor(private readonly store: Store) {}

  clock(time: Micros): void {
    this.put(() => clockRecord(time));
  }

  usage(usage: Usage): void {
    this.put(() => usageRecord(usage));
  }

  pool(pool: Pool): void {
    this.put(() => poolRecord(pool));
  }

  poolGone(pool: Pool): void {
    this.put(() => ({ kind: 'poolGone', id: pool.id }));
  }

  node(node: ComputeNode): void {
    this.put(() => nodeRecord(node));
  }

  nodeGone(node: ComputeNode): void {
    this.put(() => ({ kind: 'nodeGone', pool: node.pool.id, id: node.id }));
  }

  job(job: Job): void {
    this.put(() => jobRecord(job));
  }

  jobGone(job: Job): void {
    this.put(() => ({ kind: 'jobGone', id: job.id }));
  }

  schedule(schedule: JobSchedule): void {
    this.put(() => scheduleRecord(schedule));
  }

  scheduleGone(schedule: JobSchedule): void {
    this.put(() => ({ kind: 'scheduleGone', id: schedule.id }));
  }

  jobNode(job: Job, node: JobNode): void {
    this.put(() => jobNodeRecord(job, node));
  }

  taskAdded(task: Task): void {
    this.put(() => taskRecord(task));
  }

  taskChanged(task: Task): void {
    this.put(() => taskStateRecord(task));
  }

  taskGone(task: Task): void {
    this.put(() => ({ kind: 'taskGone', job: task.job.id, id: task.id }));
  }

  /** A small resource of the account, as it is now; none when it is gone. */
  resource(table: string, id: string, value: { modified: number } | undefined): void {
    this.put(() => resourceRecord(table, id, value));
  }

  flush(): void {
    this.store.flush();
  }

  close(): Promise<void> {
    return this.store.close();
  }

  private put(record: () => StoredRecord): void {
    if (this.store.durable) this.store.append(record());
  }
}
