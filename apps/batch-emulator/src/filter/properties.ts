import type { Job } from '../model/job';
import type { JobSchedule } from '../model/job-schedule';
import type { ComputeNode } from '../model/node';
import type { Pool } from '../model/pool';
import type { Task } from '../model/task';
import { parseTime, type Micros } from '../util/time';
import type { Properties, PropertyValue } from './evaluate';

const time = (value: Micros | undefined): PropertyValue => (value === undefined ? undefined : { time: value });

const timeOf = (text: string | undefined): Micros | undefined => (text === undefined ? undefined : parseTime(text));

/** Which properties a `$filter` may name, per list ("List tasks/jobs/pools: make an OData filter clause"). */
export const poolProperties: Properties<Pool> = {
  id: (pool) => pool.id,
  state: (pool) => pool.state,
  stateTransitionTime: (pool) => time(pool.stateTime),
  creationTime: (pool) => time(pool.created),
  lastModified: (pool) => time(pool.modified),
  allocationState: (pool) => pool.allocationState,
  allocationStateTransitionTime: (pool) => time(pool.allocationTime),
  enableAutoScale: (pool) => pool.spec.enableAutoScale,
  vmSize: (pool) => pool.spec.vmSize,
  enableInterNodeCommunication: (pool) => pool.spec.enableInterNodeCommunication,
};

export const usageProperties: Properties<{ poolId: string }> = { poolId: (usage) => usage.poolId };

export const nodeCountProperties: Properties<Pool> = { poolId: (pool) => pool.id };

export const nodeProperties: Properties<ComputeNode> = {
  state: (node) => node.state,
  stateTransitionTime: (node) => time(node.stateTime),
  lastBootTime: (node) => time(node.bootTime),
  allocationTime: (node) => time(node.allocationTime),
  'startTaskInfo/state': (node) => node.startTaskInfo?.state,
  'startTaskInfo/result': ({ startTaskInfo: info }) =>
    info?.state === 'completed' ? (info.exitCode === 0 && !info.failure ? 'success' : 'failure') : undefined,
  'startTaskInfo/exitCode': (node) => node.startTaskInfo?.exitCode,
  'startTaskInfo/startTime': (node) => time(node.startTaskInfo?.startTime),
  'startTaskInfo/endTime': (node) => time(node.startTaskInfo?.endTime),
};

export const jobProperties: Properties<Job> = {
  id: (job) => job.id,
  state: (job) => job.state,
  stateTransitionTime: (job) => time(job.stateTime),
  creationTime: (job) => time(job.created),
  lastModified: (job) => time(job.modified),
  'executionInfo/startTime': (job) => time(job.startTime),
  'executionInfo/endTime': (job) => time(job.endTime),
  'executionInfo/poolId': (job) => job.poolId,
};

export const scheduleProperties: Properties<JobSchedule> = {
  id: (schedule) => schedule.id,
  state: (schedule) => schedule.state,
  stateTransitionTime: (schedule) => time(schedule.stateTime),
  creationTime: (schedule) => time(schedule.created),
  lastModified: (schedule) => time(schedule.modified),
  'executionInfo/endTime': (schedule) => time(schedule.endTime),
  'schedule/doNotRunUntil': (schedule) => time(timeOf(schedule.spec.schedule.doNotRunUntil)),
  'schedule/doNotRunAfter': (schedule) => time(timeOf(schedule.spec.schedule.doNotRunAfter)),
};

export const taskProperties: Properties<Task> = {
  id: (task) => task.id,
  state: (task) => task.state,
  stateTransitionTime: (task) => time(task.stateTime),
  creationTime: (task) => time(task.created),
  lastModified: (task) => time(task.modified),
  'executionInfo/exitCode': (task) => task.exitCode,
  'executionInfo/startTime': (task) => time(task.startTime),
  'executionInfo/endTime': (task) => time(task.endTime),
  'executionInfo/retryCount': (task) => task.retryCount,
  'executionInfo/requeueCount': (task) => task.requeueCount,
  'executionInfo/result': (task) => (task.state === 'completed' ? (task.succeeded ? 'success' : 'failure') : undefined),
  'nodeInfo/poolId': (task) => task.placement?.poolId,
  'nodeInfo/nodeId': (task) => task.placement?.nodeId,
};

export const fileProperties: Properties<{ name: string }> = { name: (file) => file.name };

export interface SupportedImage {
  osType: string;
  verificationType: string;
  nodeAgentSKUId: string;
}

export const imageProperties: Properties<SupportedImage> = {
  osType: (image) => image.osType,
  verificationType: (image) => image.verificationType,
  nodeAgentSKUId: (image) => image.nodeAgentSKUId,
};
