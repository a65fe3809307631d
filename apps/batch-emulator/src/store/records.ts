import type { Job } from '../model/job';
import type { JobNode } from '../model/job-node';
import type { ComputeNode } from '../model/node';
import type { Pool } from '../model/pool';
import type { Task } from '../model/task';
import { compact } from '../util/json';
import type { StoredRecord } from './store';

const record = (kind: string, fields: Record<string, unknown>): StoredRecord => ({ kind, ...compact(fields) });

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
    nextNodeIndex: pool.nextNodeIndex,
  });
}

export function nodeRecord(node: ComputeNode): StoredRecord {
  return record('node', {
    pool: node.pool.id,
    id: node.id,
    dedicated: node.dedicated,
    index: node.index,
    allocationTime: node.allocationTime,
    schedulingEnabled: node.schedulingEnabled,
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
  });
}

export function jobNodeRecord(job: Job, node: JobNode): StoredRecord {
  const { placement, preparation, release } = node;
  return record('jobNode', { job: job.id, id: placement.nodeId, placement, preparation, release });
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
