import { Job, type JobState } from '../model/jobs/job';
import { JobSchedule, type JobScheduleState } from '../model/jobs/job-schedule';
import type { AutoScaleState } from '../model/pools/autoscale-state';
import { ComputeNode, type NodeState } from '../model/nodes/node';
import type { NodeUser } from '../model/nodes/node-users';
import { Pool, type AllocationState } from '../model/pools/pool';
import { Task, type Placement, type TaskBody, type TaskState } from '../model/tasks/task';
import { JobNode, type NodeTaskInfo } from '../model/jobs/job-node';
import type { Subtask } from '../model/tasks/subtask';
import type { Micros } from '../util/time';
import type {
  DeallocationOption,
  FailureInfo,
  JobScheduleSpec,
  JobSpec,
  PoolSpec,
  ResizeError,
  SchedulingError,
  TaskConstraints,
} from '../wire/types';
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
  subtasks?: Subtask[];
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
  autoPool?: boolean;
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
  scheduleId?: string;
  autoPoolId?: string;
  schedulingError?: SchedulingError;
}

interface ScheduleFields {
  spec: JobScheduleSpec;
  created: Micros;
  modified: Micros;
  state: JobScheduleState;
  stateTime: Micros;
  previousState?: JobScheduleState;
  previousStateTime?: Micros;
  nextRun?: Micros;
  due?: Micros;
  jobsMade: number;
  autoPoolId?: string;
  endTime?: Micros;
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
  pool.autoPool = fields.autoPool ?? false;
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
    disk?: number;
    state?: NodeState;
    users?: NodeUser[];
  };
  const node = new ComputeNode(pool, fields.id, fields.dedicated, fields.index, fields.allocationTime);
  node.schedulingEnabled = fields.schedulingEnabled;
  node.leaving = fields.leaving ?? false;
  // Earlier journals do not say; for those every disk is the first.
  node.disk = fields.disk ?? 0;
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
  job.scheduleId = fields.scheduleId;
  job.autoPoolId = fields.autoPoolId;
  job.schedulingError = fields.schedulingError;
  return job;
}

export function restoreSchedule(record: StoredRecord): JobSchedule {
  const fields = record as unknown as ScheduleFields;
  const schedule = new JobSchedule(fields.spec, fields.created);
  schedule.modified = fields.modified;
  schedule.state = fields.state;
  schedule.stateTime = fields.stateTime;
  schedule.previousState = fields.previousState;
  schedule.previousStateTime = fields.previousStateTime;
  schedule.nextRun = fields.nextRun;
  schedule.due = fields.due;
  schedule.jobsMade = fields.jobsMade;
  schedule.autoPoolId = fields.autoPoolId;
  schedule.endTime = fields.endTime;
  return schedule;
}

/** A run that the death of the emulator cut short has not been, as far as the job is concerned. */
export function restoreJobNode(record: StoredRecord, job: Job): void {
  const fields = record as unknown as {
    placement: Placement;
    preparation?: NodeTaskInfo;
    release?: NodeTaskInfo;
    disk?: number;
  };
  const node = new JobNode(fields.placement);
  node.disk = fields.disk ?? 0;
  if (fields.preparation?.state === 'completed') node.preparation = fields.preparation;
  if (fields.release?.state === 'completed') node.release = fields.release;
  job.nodes.set(fields.placement.nodeId, node);
}

export function restoreTask(record: StoredRecord, job: Job): Task {
  const fields = record as unknown as TaskStateFields & {
    id: string;
    sequence: number;
    body: TaskBody;
    created: Micros;
  };
  const task = new Task(
    job,
    fields.id,
    job.bodies.put(fields.body),
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
  if (fields.subtasks) task.job.subtasks.set(task.id, fields.subtasks);
  else task.job.subtasks.delete(task.id);
  task.placement = fields.placement && task.job.interner.share('placement', fields.placement);
}
