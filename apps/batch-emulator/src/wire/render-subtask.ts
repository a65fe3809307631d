import { subtasksOf } from '../model/tasks/subtask';
import type { Task } from '../model/tasks/task';
import { compact, type JsonObject } from '../util/json';
import { formatOptionalTime } from '../util/time';
import { renderNodeInfo } from './render-node-info';

/** "Task - List Subtasks": the instances of a multi-instance task beside the primary; other tasks have none. */
export function renderSubtasks(task: Task, baseUrl: string): JsonObject[] {
  return subtasksOf(task).map((subtask) =>
    compact({
      id: subtask.id,
      nodeInfo: renderNodeInfo(subtask.placement, task, baseUrl, subtask.id),
      startTime: formatOptionalTime(subtask.startTime),
      endTime: formatOptionalTime(subtask.endTime),
      exitCode: subtask.exitCode,
      failureInfo: subtask.failure,
      state: subtask.state,
      stateTransitionTime: formatOptionalTime(subtask.stateTime),
      previousState: subtask.previousState,
      previousStateTransitionTime: formatOptionalTime(subtask.previousStateTime),
      result:
        subtask.state === 'completed'
          ? subtask.exitCode === 0 && !subtask.failure
            ? 'success'
            : 'failure'
          : undefined,
    }),
  );
}
