import type { ComputeNode, StartTaskInfo } from '../model/nodes/node';
import type { Pool } from '../model/pools/pool';
import type { TaskSummary } from '../model/tasks/task-summary';
import { compact, isObject, type JsonObject } from '../util/json';
import { formatOptionalTime, formatTime } from '../util/time';
import { nodeUrl } from './render-node-info';
import { renderEndpoints } from './render-endpoints';
import { renderExecution, taskUrl } from './render-task';

/** "Compute Node - Get". What is known only after the first boot is left out before. */
export function renderNode(node: ComputeNode, baseUrl: string): JsonObject {
  const booted = formatOptionalTime(node.bootTime);
  return compact({
    id: node.id,
    url: nodeUrl(baseUrl, node.pool.id, node.id),
    state: node.state,
    schedulingState: node.schedulingEnabled ? 'enabled' : 'disabled',
    stateTransitionTime: formatTime(node.stateTime),
    lastBootTime: booted,
    allocationTime: formatTime(node.allocationTime),
    ipAddress: addressOf(node.index),
    affinityId: `TVM:${node.id}`,
    vmSize: node.pool.spec.vmSize,
    totalTasksRun: node.totalTasksRun,
    totalTasksSucceeded: node.totalTasksSucceeded,
    runningTasksCount: node.attempts.size,
    runningTaskSlotsCount: node.slotsUsed,
    recentTasks: node.recentTasks.length > 0 ? node.recentTasks.map((task) => recentTask(task, baseUrl)) : undefined,
    startTask: booted && node.startTask,
    startTaskInfo: booted && node.startTaskInfo && startTaskInfo(node.startTaskInfo),
    certificateReferences: booted && [],
    errors: node.state === 'unusable' ? [nodeError(node)] : undefined,
    isDedicated: node.dedicated,
    endpointConfiguration: renderEndpoints(node),
    nodeAgentInfo: booted && { lastUpdateTime: booted, version: '1.11.10' },
    virtualMachineInfo: virtualMachineInfo(node.pool),
  });
}

/** What `latest` is taken to be. */
const LATEST_IMAGE = '1.0.0';
function nodeError({ packageFailure: failure }: ComputeNode): JsonObject {
  if (!failure) return { code: 'NodeUnusable', message: 'The node could not be used.' };
  return compact({ code: failure.code, message: failure.message, errorDetails: failure.details });
}

/** Addresses go up from 10.0.0.4 in order of allocation. */
function addressOf(index: number): string {
  const host = index + 4;
  return `10.${(host >> 16) & 255}.${(host >> 8) & 255}.${host & 255}`;
}

function virtualMachineInfo(pool: Pool): JsonObject {
  const image = pool.spec.virtualMachineConfiguration?.['imageReference'];
  if (!isObject(image)) return {};
  const { version } = image;
  if (version === undefined) return { imageReference: image };
  return { imageReference: { ...image, exactVersion: version === 'latest' ? LATEST_IMAGE : version } };
}

function startTaskInfo(info: StartTaskInfo): JsonObject {
  return compact({
    state: info.state,
    startTime: formatTime(info.startTime),
    endTime: formatOptionalTime(info.endTime),
    exitCode: info.exitCode,
    failureInfo: info.failure,
    result: info.state === 'completed' ? (info.exitCode === 0 && !info.failure ? 'success' : 'failure') : undefined,
    retryCount: info.retryCount,
    lastRetryTime: formatOptionalTime(info.lastRetryTime),
  });
}

function recentTask(task: TaskSummary, baseUrl: string): JsonObject {
  return {
    taskUrl: taskUrl(baseUrl, task.jobId, task.taskId),
    jobId: task.jobId,
    taskId: task.taskId,
    taskState: task.state,
    executionInfo: renderExecution(task),
  };
}

const COUNTERS: Record<string, string> = {
  leavingpool: 'leavingPool',
  starttaskfailed: 'startTaskFailed',
  upgradingos: 'upgradingOS',
  waitingforstarttask: 'waitingForStartTask',
};

const COUNTED =
  'creating idle leavingPool offline preempted rebooting reimaging running starting startTaskFailed unusable unknown upgradingOS waitingForStartTask deallocated deallocating total'.split(
    ' ',
  );

/** "Account - List Pool Node Counts": every counter is there, zero or not. */
export function renderNodeCounts(pool: Pool): JsonObject {
  return { poolId: pool.id, dedicated: countsOf(pool, true), lowPriority: countsOf(pool, false) };
}

function countsOf(pool: Pool, dedicated: boolean): JsonObject {
  const counts = Object.fromEntries(COUNTED.map((name) => [name, 0]));
  for (const node of pool.nodes.values()) {
    if (node.dedicated !== dedicated) continue;
    const name = COUNTERS[node.state] ?? node.state;
    if (counts[name] !== undefined) counts[name]++;
    counts['total'] = (counts['total'] ?? 0) + 1;
  }
  return counts;
}
