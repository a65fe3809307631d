import type { Job } from '../model/job';
import { succeeded, type JobNode, type NodeTaskInfo } from '../model/job-node';
import { compact, type JsonObject } from '../util/json';
import { formatTime, type Micros } from '../util/time';
import { nodeUrl, rootDirectory } from './render-node-info';

const time = (value: Micros | undefined): string | undefined => (value === undefined ? undefined : formatTime(value));

/** "Job - List Preparation And Release Task Status": one node. */
export function renderJobNode(job: Job, node: JobNode, baseUrl: string): JsonObject {
  const { placement, preparation, release } = node;
  const { jobPreparationTask, jobReleaseTask } = job.spec;
  const directory = (id = ''): JsonObject => rootDirectory(placement, job.id, id, baseUrl);
  return compact({
    poolId: placement.poolId,
    nodeId: placement.nodeId,
    nodeUrl: nodeUrl(baseUrl, placement.poolId, placement.nodeId),
    jobPreparationTaskExecutionInfo:
      preparation && renderInfo(preparation, directory(jobPreparationTask?.id), preparation.retryCount),
    jobReleaseTaskExecutionInfo: release && renderInfo(release, directory(jobReleaseTask?.id), undefined),
  });
}

/** Release tasks are not retried and show no count. */
function renderInfo(info: NodeTaskInfo, directory: JsonObject, retryCount: number | undefined): JsonObject {
  return compact({
    startTime: time(info.startTime),
    endTime: time(info.endTime),
    state: info.state,
    ...directory,
    exitCode: info.exitCode,
    failureInfo: info.failure,
    retryCount,
    lastRetryTime: time(info.lastRetryTime),
    result: resultOf(info),
  });
}

function resultOf(info: NodeTaskInfo | undefined): string | undefined {
  if (info?.state !== 'completed') return undefined;
  return succeeded(info) ? 'success' : 'failure';
}
