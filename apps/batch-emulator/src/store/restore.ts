import { Job, type JobState } from '../model/job';
import type { AutoScaleState } from '../model/autoscale-state';
import { ComputeNode, type NodeState } from '../model/node';
import type { NodeUser } from '../model/node-users';
import { Pool, type AllocationState } from '../model/pool';
import { Task, type Placement, type TaskBody, type TaskState } from '../model/task';
import type { Micros } from '../util/time';
import type { DeallocationOption, FailureInfo, JobSpec, PoolSpec, ResizeError, TaskConstraints } from '../wire/types';
import type { StoredRecord } from './store';

/** The dynamic part of a task record; whatever is missing is unset. */
interface TaskStateFields {
  constraints: Required<TaskConstraints>;
  modified: Micros;
  state: TaskState;
  stateTime: Micros;
  previousState?: TaskState;
  previousStateTime?: Micros;
  startTime?: Micros;
  endTime?: Micros;
  exitCode?: number;
  failure?: FailureInfo;
  retryCount: number;
  lastRetryTime?: Micros;
  requeueCount: number;
  lastRequeueTime?: Micros;
  placement?: Placement;
}

interface PoolFields {
  spec: PoolSpec;
  created: Micros;
  modified: Micros;
  state: 'active' | 'deleting';
  stateTime: Micros;
  targetDedicated: number;
  targetLowPriority: number;
  resizeTimeout: string;
  resizeErrors: ResizeError[];
  allocationState: AllocationState;
  allocationTime: Micros;
  deallocation: DeallocationOption;
  nextNodeIndex: number;
  vmSizeSent: string;
  dedicatedCoreTime: number;
  autoScale?: Pick<AutoScaleState, 'option' | 'run' | 'enabledAt'>;
}

interface JobFields {
  spec: JobSpec;
  created: Micros;
  startTime: Micros;
  modified: Micros;
  state: JobState;
  stateTime: Micros;
  previousState?: JobState;
  previousStateTime?: Micros;
  endTime?: Micros;
  terminateReason?: string;
}

export function restorePool(record: StoredRecord, existing: Pool | undefined): Pool {
  const fields = record as unknown as PoolFields;
  const pool = existing?.created === fields.created ? existing : new Pool(fields.spec, fields.created);
  pool.spec = fields.spec;
  pool.modified = fields.modified;
  pool.state = fields.state;
  pool.stateTime = fields.stateTime;
  pool.targetDedicated = fields.targetDedicated;
  pool.targetLowPriority = fields.targetLowPriority;
  pool.resizeTimeout = fields.resizeTimeout;
  pool.resizeErrors = fields.resizeErrors;
  pool.allocationState = fields.allocationState;
  pool.allocationTime = fields.allocationTime;
  pool.deallocation = fields.deallocation;
  pool.nextNodeIndex = Math.max(pool.nextNodeIndex, fields.nextNodeIndex);
  pool.vmSizeSent = fields.vmSizeSent;
  pool.meter.dedicatedCoreTime = fields.dedicatedCoreTime;
  pool.autoScale.option = fields.autoScale?.option ?? 'requeue';
  pool.autoScale.run = fields.autoScale?.run;
  pool.autoScale.enabledAt = fields.autoScale?.enabledAt;
  return pool;
}

export function restoreNode(record: StoredRecord, pool: Pool): ComputeNode {
  const fields = record as unknown as {
    id: string;
    dedicated: boolean;
    index: number;
    allocationTime: Micros;
    schedulingEnabled: boolean;
    leaving?: boolean;
    state?: NodeState;
    users?: NodeUser[];
  };
  const node = new ComputeNode(pool, fields.id, fields.dedicated, fields.index, fields.allocationTime);
  node.schedulingEnabled = fields.schedulingEnabled;
  node.leaving = fields.leaving ?? false;
  node.state = fields.state ?? node.state;
  for (const user of fields.users ?? []) node.users.set(user.name.toLowerCase(), user);
  pool.nextNodeIndex = Math.max(pool.nextNodeIndex, fields.index + 1);
  return node;
}

export function restoreJob(record: StoredRecord, existing: Job | undefined): Job {
  const fields = record as unknown as JobFields;
  const job = existing?.created === fields.created ? existing : new Job(fields.spec, fields.created, fields.startTime);
  job.spec = fields.spec;
  job.modified = fields.modified;
  job.state = fields.state;
  job.stateTime = fields.stateTime;
  job.previousState = fields.previousState;
  job.previousStateTime = fields.previousStateTime;
  job.endTime = fields.endTime;
  job.terminateReason = fields.terminateReason;
  return job;
}

export function restoreTask(record: StoredRecord, job: Job): Task {
  const fields = record as unknown as TaskStateFields & {
    id: string;
    sequence: number;
    body: TaskBody;
    created: Micros;
  };
  const body = job.interner.share('body', fields.body);
  const task = new Task(
    job,
    fields.id,
    body,
    job.interner.share('constraints', fields.constraints),
    fields.sequence,
    fields.created,
  );
  restoreTaskState(record, task);
  return task;
}

export function restoreTaskState(record: StoredRecord, task: Task): void {
  const fields = record as unknown as TaskStateFields;
  task.constraints = task.job.interner.share('constraints', fields.constraints);
  task.modified = fields.modified;
  task.state = fields.state;
  task.stateTime = fields.stateTime;
  task.previousState = fields.previousState;
  task.previousStateTime = fields.previousStateTime;
  task.startTime = fields.startTime;
  task.endTime = fields.endTime;
  task.exitCode = fields.exitCode;
  task.failure = fields.failure && task.job.interner.share('failure', fields.failure);
  task.retryCount = fields.retryCount;
  task.lastRetryTime = fields.lastRetryTime;
  task.requeueCount = fields.requeueCount;
  task.lastRequeueTime = fields.lastRequeueTime;
  task.placement = fields.placement && task.job.interner.share('placement', fields.placement);
}
