import type { Job } from '../model/jobs/job';
import type { JobSchedule } from '../model/jobs/job-schedule';
import type { ComputeNode } from '../model/nodes/node';
import type { Pool } from '../model/pools/pool';
import type { Task } from '../model/tasks/task';
import { parseTime, type Micros } from '../util/time';
import { flag, number, state, text, time, type Properties } from './evaluate';

const timeOf = (text: string | undefined): Micros | undefined => (text === undefined ? undefined : parseTime(text));

/** Which properties a `$filter` may name, per list ("List tasks/jobs/pools: make an OData filter clause"). */
export const poolProperties: Properties<Pool> = {
  id: text((pool) => pool.id),
  state: state((pool) => pool.state),
  stateTransitionTime: time((pool) => pool.stateTime),
  creationTime: time((pool) => pool.created),
  lastModified: time((pool) => pool.modified),
  allocationState: state((pool) => pool.allocationState),
  allocationStateTransitionTime: time((pool) => pool.allocationTime),
  enableAutoScale: flag((pool) => pool.spec.enableAutoScale),
  vmSize: text((pool) => pool.spec.vmSize),
  enableInterNodeCommunication: flag((pool) => pool.spec.enableInterNodeCommunication),
};

export const usageProperties: Properties<{ poolId: string }> = { poolId: text((usage) => usage.poolId) };

export const nodeCountProperties: Properties<Pool> = { poolId: text((pool) => pool.id) };

export const nodeProperties: Properties<ComputeNode> = {
  state: state((node) => node.state),
  stateTransitionTime: time((node) => node.stateTime),
  lastBootTime: time((node) => node.bootTime),
  allocationTime: time((node) => node.allocationTime),
  'startTaskInfo/state': state((node) => node.startTaskInfo?.state),
  'startTaskInfo/result': text(({ startTaskInfo: info }) =>
    info?.state === 'completed' ? (info.exitCode === 0 && !info.failure ? 'success' : 'failure') : undefined,
  ),
  'startTaskInfo/exitCode': number((node) => node.startTaskInfo?.exitCode),
  'startTaskInfo/startTime': time((node) => node.startTaskInfo?.startTime),
  'startTaskInfo/endTime': time((node) => node.startTaskInfo?.endTime),
};

export const jobProperties: Properties<Job> = {
  id: text((job) => job.id),
  state: state((job) => job.state),
  stateTransitionTime: time((job) => job.stateTime),
  creationTime: time((job) => job.created),
  lastModified: time((job) => job.modified),
  'executionInfo/startTime': time((job) => job.startTime),
  'executionInfo/endTime': time((job) => job.endTime),
  'executionInfo/poolId': text((job) => job.poolId),
};

export const scheduleProperties: Properties<JobSchedule> = {
  id: text((schedule) => schedule.id),
  state: state((schedule) => schedule.state),
  stateTransitionTime: time((schedule) => schedule.stateTime),
  creationTime: time((schedule) => schedule.created),
  lastModified: time((schedule) => schedule.modified),
  'executionInfo/endTime': time((schedule) => schedule.endTime),
  'schedule/doNotRunUntil': time((schedule) => timeOf(schedule.spec.schedule.doNotRunUntil)),
  'schedule/doNotRunAfter': time((schedule) => timeOf(schedule.spec.schedule.doNotRunAfter)),
};

export const taskProperties: Properties<Task> = {
  id: text((task) => task.id),
  state: state((task) => task.state),
  stateTransitionTime: time((task) => task.stateTime),
  creationTime: time((task) => task.created),
  lastModified: time((task) => task.modified),
  'executionInfo/exitCode': number((task) => task.exitCode),
  'executionInfo/startTime': time((task) => task.startTime),
  'executionInfo/endTime': time((task) => task.endTime),
  'executionInfo/retryCount': number((task) => task.retryCount),
  'executionInfo/requeueCount': number((task) => task.requeueCount),
  'executionInfo/result': text((task) =>
    task.state === 'completed' ? (task.succeeded ? 'success' : 'failure') : undefined,
  ),
  'nodeInfo/poolId': text((task) => task.placement?.poolId),
  'nodeInfo/nodeId': text((task) => task.placement?.nodeId),
};

export const fileProperties: Properties<{ name: string }> = { name: text((file) => file.name) };

export interface SupportedImage {
  osType: string;
  verificationType: string;
  nodeAgentSKUId: string;
}

export const imageProperties: Properties<SupportedImage> = {
  osType: text((image) => image.osType),
  verificationType: text((image) => image.verificationType),
  nodeAgentSKUId: text((image) => image.nodeAgentSKUId),
};
