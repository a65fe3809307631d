import type { Model } from '../model';
import type { Job } from '../model/jobs/job';
import type { Pool } from '../model/pools/pool';
import type { Task } from '../model/tasks/task';
import type { Usage } from '../model/pools/usage';
import { placementsOf } from '../model/tasks/subtask';
import { nodeAt } from '../model/world';
import { omit } from '../util/json';
import type { Micros } from '../util/time';
import {
  restoreJob,
  restoreJobNode,
  restoreNode,
  restorePool,
  restoreSchedule,
  restoreTask,
  restoreTaskState,
} from './restore';
import {
  clockRecord,
  jobNodeRecord,
  jobRecord,
  nodeRecord,
  poolRecord,
  scheduleRecord,
  taskRecord,
  usageRecord,
} from './records';
import type { StoredRecord } from './store';

/** Builds the account again from its journal, and sets going what was under way. */
export class Recovery {
  /** Tasks by job and id; they enter their jobs at the end, in the order of their last transitions. */
  private readonly tasks = new Map<Job, Map<string, Task>>();
  /** The latest time in the journal: the clock must not fall behind it. */
  latest: Micros = 0;

  constructor(private readonly model: Model) {}

  readonly apply = (record: StoredRecord): void => {
    const { pools, jobs, schedules } = this.model.world;
    this.latest = Math.max(this.latest, Number(record['modified'] ?? 0));
    const id = text(record, 'id').toLowerCase();
    switch (record.kind) {
      case 'pool': {
        const poolId = (record['spec'] as { id: string }).id.toLowerCase();
        pools.set(poolId, restorePool(record, pools.get(poolId)));
        break;
      }
      case 'poolGone':
        pools.delete(id);
        break;
      case 'node': {
        const pool = pools.get(text(record, 'pool').toLowerCase());
        if (pool) pool.nodes.set(id, restoreNode(record, pool));
        break;
      }
      case 'nodeGone':
        pools.get(text(record, 'pool').toLowerCase())?.nodes.delete(id);
        break;
      case 'job': {
        const jobId = (record['spec'] as { id: string }).id.toLowerCase();
        jobs.set(jobId, restoreJob(record, jobs.get(jobId)));
        break;
      }
      case 'jobGone':
        this.forgetJob(id);
        break;
      case 'usage':
        this.model.world.usage.restore(omit(record, 'kind') as unknown as Usage);
        break;
      case 'schedule': {
        const schedule = restoreSchedule(record);
        schedules.set(schedule.id.toLowerCase(), schedule);
        break;
      }
      case 'scheduleGone':
        schedules.delete(id);
        break;
      case 'clock':
        break;
      case 'resource':
        this.model.world.account.restore(record);
        break;
      default:
        this.applyTask(record, id);
    }
  };

  private applyTask(record: StoredRecord, id: string): void {
    const job = this.model.world.jobs.get(text(record, 'job').toLowerCase());
    if (!job) return;
    if (record.kind === 'jobNode') return restoreJobNode(record, job);
    let tasks = this.tasks.get(job);
    if (!tasks) this.tasks.set(job, (tasks = new Map<string, Task>()));
    const task = tasks.get(id);
    if (record.kind === 'task') tasks.set(id, restoreTask(record, job));
    else if (record.kind === 'taskGone') {
      if (task) job.subtasks.delete(task.id);
      tasks.delete(id);
    } else if (task) restoreTaskState(record, task);
  }

  private forgetJob(id: string): void {
    const job = this.model.world.jobs.get(id);
    if (job) this.tasks.delete(job);
    this.model.world.jobs.delete(id);
  }

  /** The journal is read: nodes boot again, and tasks that ran are back in line, as after the loss of their nodes. */
  resume(): void {
    for (const [job, tasks] of this.tasks) this.fill(job, [...tasks.values()]);
    this.tasks.clear();
    for (const pool of this.model.world.pools.values()) this.resumePool(pool);
    for (const job of [...this.model.world.jobs.values()]) {
      this.model.autoPools.provide(job);
      this.model.jobs.resume(job);
    }
    for (const schedule of [...this.model.world.schedules.values()]) this.model.schedules.resume(schedule);
  }

  private fill(job: Job, tasks: Task[]): void {
    tasks.sort((a, b) => a.stateTime - b.stateTime || a.sequence - b.sequence);
    for (const task of tasks) {
      job.tasks.add(task);
      if (task.state === 'completed') this.noteOnNodes(task);
    }
  }

  /** Nodes are not written down for each task: what they ran is told by where the tasks were last. */
  private noteOnNodes(task: Task): void {
    const { world } = this.model;
    for (const placement of placementsOf(task)) {
      const node = nodeAt(world, placement);
      if (node) node.totalTasksRun++;
    }
    nodeAt(world, task.placement)?.noteTask(task);
  }

  private resumePool(pool: Pool): void {
    const { allocator, autoscaler, lifecycle } = this.model;
    this.model.world.usage.count(pool);
    pool.reindex();
    if (pool.state === 'deleting') return allocator.drainAll(pool);
    for (const node of pool.nodes.values()) lifecycle.resume(node);
    allocator.resume(pool);
    autoscaler.resume(pool);
  }
}

/** The whole account as records, for a snapshot. */
export function* snapshot(model: Model): Generator<StoredRecord> {
  const { pools, jobs, schedules, clock, usage } = model.world;
  yield clockRecord(clock.now());
  for (const used of usage.all()) yield usageRecord(used);
  yield* model.world.account.records();
  for (const pool of pools.values()) {
    yield poolRecord(pool);
    for (const node of pool.nodes.values()) yield nodeRecord(node);
  }
  for (const job of jobs.values()) {
    yield jobRecord(job);
    for (const node of job.nodes.values()) yield jobNodeRecord(job, node);
    for (const task of job.tasks.fromSequence(0)) yield taskRecord(task);
  }
  for (const schedule of schedules.values()) yield scheduleRecord(schedule);
}

const text = (record: StoredRecord, name: string): string => {
  const value = record[name];
  return typeof value === 'string' ? value : '';
};
