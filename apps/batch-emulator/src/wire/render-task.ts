import type { Task } from '../model/tasks/task';
import type { TaskExecution } from '../model/tasks/task-summary';
import { compact, type JsonObject } from '../util/json';
import { etagOf, formatOptionalTime, formatTime } from '../util/time';
import { renderNodeInfo } from './render-node-info';

export const taskUrl = (baseUrl: string, jobId: string, taskId: string): string =>
  `${baseUrl}/jobs/${jobId}/tasks/${taskId}`;

/** "Task - Get", members in the order in which the service writes them. */
export function renderTask(task: Task, baseUrl: string): JsonObject {
  const { body } = task;
  return compact({
    id: task.id,
    displayName: body.displayName,
    url: taskUrl(baseUrl, task.job.id, task.id),
    eTag: etagOf(task.modified),
    creationTime: formatTime(task.created),
    lastModified: formatTime(task.modified),
    state: task.state,
    stateTransitionTime: formatTime(task.stateTime),
    previousState: task.previousState,
    previousStateTransitionTime: formatOptionalTime(task.previousStateTime),
    commandLine: body.commandLine,
    containerSettings: body.containerSettings,
    resourceFiles: body.resourceFiles,
    outputFiles: body.outputFiles,
    environmentSettings: body.environmentSettings,
    applicationPackageReferences: body.applicationPackageReferences,
    affinityInfo: body.affinityInfo,
    userIdentity: body.userIdentity,
    exitConditions: body.exitConditions,
    authenticationTokenSettings: body.authenticationTokenSettings,
    multiInstanceSettings: body.multiInstanceSettings,
    dependsOn: body.dependsOn,
    constraints: task.constraints,
    requiredSlots: task.slots,
    executionInfo: renderExecution(task),
    // An active task has no place.
    nodeInfo: task.placement && task.state !== 'active' ? renderNodeInfo(task.placement, task, baseUrl) : undefined,
  });
}

export function renderExecution(task: TaskExecution): JsonObject {
  return compact({
    startTime: formatOptionalTime(task.startTime),
    endTime: formatOptionalTime(task.endTime),
    exitCode: task.exitCode,
    failureInfo: task.failure,
    result: task.state === 'completed' ? (task.succeeded ? 'success' : 'failure') : undefined,
    retryCount: task.retryCount,
    lastRetryTime: formatOptionalTime(task.lastRetryTime),
    requeueCount: task.requeueCount,
    lastRequeueTime: formatOptionalTime(task.lastRequeueTime),
  });
}
