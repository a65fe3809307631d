import type { Task } from '../model/task';
import type { FailureInfo } from '../wire/types';
import { compact, type JsonObject } from '../util/json';
import { formatTime, type Micros } from '../util/time';

const time = (value: Micros | undefined): string | undefined => (value === undefined ? undefined : formatTime(value));

function head(task: Task): Record<string, unknown> {
  const { job, body, placement, constraints } = task;
  return {
    jobId: job.id,
    id: task.id,
    taskType: job.spec.jobManagerTask?.['id'] === task.id ? 'JobManager' : 'User',
    systemTaskVersion: 0,
    requiredSlots: task.slots,
    nodeInfo: { poolId: placement?.poolId ?? '', nodeId: placement?.nodeId ?? '' },
    multiInstanceSettings: { numberOfInstances: body.multiInstanceSettings?.['numberOfInstances'] ?? 1 },
    constraints: { maxTaskRetryCount: constraints.maxTaskRetryCount },
  };
}

/** "Task start event". */
export const taskStart = (task: Task): JsonObject =>
  compact({ ...head(task), executionInfo: { retryCount: task.retryCount } });

/** "Task complete event". */
export function taskComplete(task: Task): JsonObject {
  return compact({ ...head(task), executionInfo: execution(task) });
}

/** "Task fail event": beside the completion of a task that failed. */
export function taskFail(task: Task): JsonObject {
  const { failure } = task;
  // An exit code is a failure of the task, not of its scheduling.
  const schedulingError = failure && failure.code !== 'FailureExitCode' ? failure : undefined;
  return compact({ ...head(task), executionInfo: { ...execution(task), ...compact({ schedulingError }) } });
}

/** "Task schedule fail event". */
export function taskScheduleFail(task: Task, { category, code, message }: FailureInfo): JsonObject {
  return compact({ ...head(task), schedulingError: { category, code, message } });
}

function execution(task: Task): JsonObject {
  return compact({
    startTime: time(task.startTime),
    endTime: time(task.endTime),
    exitCode: task.exitCode,
    retryCount: task.retryCount,
    requeueCount: task.requeueCount,
  });
}
