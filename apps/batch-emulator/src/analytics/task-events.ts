import type { Task } from '../model/tasks/task';
import type { FailureInfo } from '../wire/types';
import { compact, type JsonObject } from '../util/json';
import { formatOptionalTime } from '../util/time';

/** What may have changed of a task by the time that somebody reads its event. */
export type TaskMoment = Pick<
  Task,
  | 'id'
  | 'isManager'
  | 'slots'
  | 'placement'
  | 'constraints'
  | 'startTime'
  | 'endTime'
  | 'exitCode'
  | 'failure'
  | 'retryCount'
  | 'requeueCount'
> & { jobId: string; instances: number };

/**
 * Copies only references and numbers: it is done for every task, and few events are ever read. Not the task itself, which
 * would keep its whole job when that has been deleted.
 */
export function momentOf(task: Task): TaskMoment {
  // One literal: spreading objects costs ten times as much.
  return {
    jobId: task.job.id,
    id: task.id,
    isManager: task.isManager,
    slots: task.slots,
    instances: task.rules.multiInstanceSettings?.numberOfInstances ?? 1,
    placement: task.placement,
    constraints: task.constraints,
    startTime: task.startTime,
    endTime: task.endTime,
    exitCode: task.exitCode,
    failure: task.failure,
    retryCount: task.retryCount,
    requeueCount: task.requeueCount,
  };
}

/** "Task start event". */
export const taskStart = (moment: TaskMoment): JsonObject =>
  compact({ ...head(moment), executionInfo: { retryCount: moment.retryCount } });

/** "Task complete event". */
export function taskComplete(moment: TaskMoment): JsonObject {
  return compact({ ...head(moment), executionInfo: execution(moment) });
}

/** "Task fail event": beside the completion of a task that failed. */
export function taskFail(moment: TaskMoment): JsonObject {
  const { failure } = moment;
  // An exit code is a failure of the task, not of its scheduling.
  const schedulingError = failure && failure.code !== 'FailureExitCode' ? failure : undefined;
  return compact({ ...head(moment), executionInfo: { ...execution(moment), ...compact({ schedulingError }) } });
}

/** "Task schedule fail event". */
export function taskScheduleFail(moment: TaskMoment, { category, code, message }: FailureInfo): JsonObject {
  return compact({ ...head(moment), schedulingError: { category, code, message } });
}

function head({ jobId, id, isManager, slots, instances, placement, constraints }: TaskMoment): Record<string, unknown> {
  return {
    jobId,
    id,
    taskType: isManager ? 'JobManager' : 'User',
    systemTaskVersion: 0,
    requiredSlots: slots,
    nodeInfo: { poolId: placement?.poolId ?? '', nodeId: placement?.nodeId ?? '' },
    multiInstanceSettings: { numberOfInstances: instances },
    constraints: { maxTaskRetryCount: constraints.maxTaskRetryCount },
  };
}

function execution({ startTime, endTime, exitCode, retryCount, requeueCount }: TaskMoment): JsonObject {
  return compact({
    startTime: formatOptionalTime(startTime),
    endTime: formatOptionalTime(endTime),
    exitCode,
    retryCount,
    requeueCount,
  });
}
