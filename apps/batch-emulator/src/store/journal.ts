import type { Job } from '../model/job';
import type { JobNode } from '../model/job-node';
import type { ComputeNode } from '../model/node';
import type { Pool } from '../model/pool';
import type { Task } from '../model/task';
import { jobNodeRecord, jobRecord, nodeRecord, poolRecord, taskRecord, taskStateRecord } from './records';
import type { Store, StoredRecord } from './store';

/** Writes down what changed, unless nothing is to be kept. */
export class Journal {
  constructor(private readonly store: Store) {}

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
