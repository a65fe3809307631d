import type { Task } from './task';

/** How a task stood, without the task: what keeps it does not keep the task and its whole job. */
export type TaskExecution = Pick<
  Task,
  | 'state'
  | 'startTime'
  | 'endTime'
  | 'exitCode'
  | 'failure'
  | 'succeeded'
  | 'retryCount'
  | 'lastRetryTime'
  | 'requeueCount'
  | 'lastRequeueTime'
>;

/** What a node tells of a task that it ran ("Compute Node - Get", recentTasks). */
export interface TaskSummary extends TaskExecution {
  readonly jobId: string;
  readonly taskId: string;
}

export function summaryOf(task: Task): TaskSummary {
  const { state, startTime, endTime, exitCode, failure, succeeded } = task;
  const { retryCount, lastRetryTime, requeueCount, lastRequeueTime } = task;
  return {
    jobId: task.job.id,
    taskId: task.id,
    ...{ state, startTime, endTime, exitCode, failure, succeeded },
    ...{ retryCount, lastRetryTime, requeueCount, lastRequeueTime },
  };
}
