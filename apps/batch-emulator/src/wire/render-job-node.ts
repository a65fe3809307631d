import type { Job } from '../model/jobs/job';
import { succeeded, type JobNode, type NodeTaskInfo } from '../model/jobs/job-node';
import { compact, type JsonObject } from '../util/json';
import { formatOptionalTime } from '../util/time';
import { nodeUrl, rootDirectory } from './render-node-info';

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
    startTime: formatOptionalTime(info.startTime),
    endTime: formatOptionalTime(info.endTime),
    state: info.state,
    ...directory,
    exitCode: info.exitCode,
    failureInfo: info.failure,
    retryCount,
    lastRetryTime: formatOptionalTime(info.lastRetryTime),
    result: resultOf(info),
  });
}

function resultOf(info: NodeTaskInfo | undefined): string | undefined {
  if (info?.state !== 'completed') return undefined;
  return succeeded(info) ? 'success' : 'failure';
}
