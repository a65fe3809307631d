import { taskRootDirectory } from '../nodes/node-layout';
import type { Placement, Task } from '../model/tasks/task';
import type { JsonObject } from '../util/json';

export const nodeUrl = (baseUrl: string, poolId: string, nodeId: string): string =>
  `${baseUrl}/pools/${poolId}/nodes/${nodeId}`;

/** Directory of a task of a job relative to its node, and its URL. */
export function rootDirectory(
  { poolId, nodeId }: Placement,
  jobId: string,
  taskId: string,
  baseUrl: string,
): { taskRootDirectory: string; taskRootDirectoryUrl: string } {
  const directory = taskRootDirectory(jobId, taskId);
  return {
    taskRootDirectory: directory,
    taskRootDirectoryUrl: `${nodeUrl(baseUrl, poolId, nodeId)}/files/${directory}`,
  };
}

/** Where a task, or a subtask of it, runs or ran ("ComputeNodeInformation"). */
export function renderNodeInfo(placement: Placement, task: Task, baseUrl: string, subtaskId = 0): JsonObject {
  const { poolId, nodeId } = placement;
  return {
    affinityId: `TVM:${nodeId}`,
    nodeUrl: nodeUrl(baseUrl, poolId, nodeId),
    poolId,
    nodeId,
    ...rootDirectory(placement, task.job.id, subtaskId > 0 ? `${task.id}/${subtaskId}` : task.id, baseUrl),
  };
}
