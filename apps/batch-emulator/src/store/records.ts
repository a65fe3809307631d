import type { Job } from '../model/jobs/job';
import type { JobSchedule } from '../model/jobs/job-schedule';
import type { JobNode } from '../model/jobs/job-node';
import type { ComputeNode, NodeState } from '../model/nodes/node';
import type { Pool } from '../model/pools/pool';
import type { Task } from '../model/tasks/task';
import type { Usage } from '../model/pools/usage';
import { compact } from '../util/json';
import type { Micros } from '../util/time';
import type { StoredRecord } from './store';

const record = (kind: string, fields: Record<string, unknown>): StoredRecord => ({ kind, ...compact(fields) });

/** How late it was: `modified` is what the clock is set by after a restart. */
export function clockRecord(time: Micros): StoredRecord {
  return record('clock', { modified: time });
}

export function usageRecord(usage: Usage): StoredRecord {
  return record('usage', { ...usage });
}

export function poolRecord(pool: Pool): StoredRecord {
  return record('pool', {
    spec: pool.spec,
    created: pool.created,
    modified: pool.modified,
    state: pool.state,
    stateTime: pool.stateTime,
    targetDedicated: pool.targetDedicated,
    targetLowPriority: pool.targetLowPriority,
    resizeTimeout: pool.resizeTimeout,
    resizeErrors: pool.resizeErrors,
    allocationState: pool.allocationState,
    allocationTime: pool.allocationTime,
    deallocation: pool.deallocation,
    nextNodeIndex: pool.nextNodeIndex,
    autoPool: pool.autoPool || undefined,
    autoScale: autoScaleFields(pool),
    vmSizeSent: pool.vmSizeSent,
    dedicatedCoreTime: pool.meter.dedicatedCoreTime,
  });
}

/** Samples are not kept: a formula must cope with their absence anyway. */
function autoScaleFields({ spec, autoScale }: Pool): Record<string, unknown> | undefined {
  const { option, run, enabledAt } = autoScale;
  return spec.enableAutoScale || enabledAt !== undefined ? compact({ option, run, enabledAt }) : undefined;
}

/** States that a restart does not end by booting the node. */
const LASTING: ReadonlySet<NodeState> = new Set<NodeState>(['deallocating', 'deallocated', 'reimaging']);

export function nodeRecord(node: ComputeNode): StoredRecord {
  return record('node', {
    pool: node.pool.id,
    id: node.id,
    dedicated: node.dedicated,
    index: node.index,
    allocationTime: node.allocationTime,
    schedulingEnabled: node.schedulingEnabled,
    leaving: node.leaving || undefined,
    disk: node.disk,
    state: LASTING.has(node.state) ? node.state : undefined,
    users: node.users.size > 0 ? [...node.users.values()] : undefined,
  });
}

export function jobRecord(job: Job): StoredRecord {
  return record('job', {
    spec: job.spec,
    created: job.created,
    startTime: job.startTime,
    modified: job.modified,
    state: job.state,
    stateTime: job.stateTime,
    previousState: job.previousState,
    previousStateTime: job.previousStateTime,
    endTime: job.endTime,
    terminateReason: job.terminateReason,
    scheduleId: job.scheduleId,
    autoPoolId: job.autoPoolId,
    schedulingError: job.schedulingError,
  });
}

export function scheduleRecord(schedule: JobSchedule): StoredRecord {
  return record('schedule', {
    spec: schedule.spec,
    created: schedule.created,
    modified: schedule.modified,
    state: schedule.state,
    stateTime: schedule.stateTime,
    previousState: schedule.previousState,
    previousStateTime: schedule.previousStateTime,
    nextRun: schedule.nextRun,
    due: schedule.due,
    jobsMade: schedule.jobsMade,
    autoPoolId: schedule.autoPoolId,
    endTime: schedule.endTime,
  });
}

export function jobNodeRecord(job: Job, node: JobNode): StoredRecord {
  const { placement, preparation, release, disk } = node;
  return record('jobNode', { job: job.id, id: placement.nodeId, placement, preparation, release, disk });
}

export function taskRecord(task: Task): StoredRecord {
  return record('task', {
    job: task.job.id,
    id: task.id,
    sequence: task.sequence,
    body: task.body,
    created: task.created,
    ...taskState(task),
  });
}

export function taskStateRecord(task: Task): StoredRecord {
  return record('taskState', { job: task.job.id, id: task.id, ...taskState(task) });
}

export function resourceRecord(table: string, id: string, value: { modified: number } | undefined): StoredRecord {
  return record('resource', { table, id, value, modified: value?.modified });
}

function taskState(task: Task): Record<string, unknown> {
  return {
    constraints: task.constraints,
    modified: task.modified,
    state: task.state,
    stateTime: task.stateTime,
    previousState: task.previousState,
    previousStateTime: task.previousStateTime,
    startTime: task.startTime,
    endTime: task.endTime,
    exitCode: task.exitCode,
    failure: task.failure,
    retryCount: task.retryCount,
    lastRetryTime: task.lastRetryTime,
    requeueCount: task.requeueCount,
    lastRequeueTime: task.lastRequeueTime,
    placement: task.placement,
    subtasks: task.job.subtasks.get(task.id),
  };
}
