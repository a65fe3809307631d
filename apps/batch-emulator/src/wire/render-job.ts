import type { Job } from '../model/jobs/job';
import type { Counts } from '../model/tasks/task-table';
import { compact, type JsonObject } from '../util/json';
import { etagOf, formatOptionalTime, formatTime } from '../util/time';

export const jobUrl = (baseUrl: string, jobId: string): string => `${baseUrl}/jobs/${jobId}`;

/** "Job - Get", members in the order in which the service writes them. */
export function renderJob(job: Job, baseUrl: string): JsonObject {
  const { spec } = job;
  return compact({
    id: job.id,
    displayName: spec.displayName,
    url: jobUrl(baseUrl, job.id),
    eTag: etagOf(job.modified),
    lastModified: formatTime(job.modified),
    creationTime: formatTime(job.created),
    state: job.state,
    stateTransitionTime: formatTime(job.stateTime),
    previousState: job.previousState,
    previousStateTransitionTime: formatOptionalTime(job.previousStateTime),
    priority: spec.priority,
    maxParallelTasks: spec.maxParallelTasks,
    usesTaskDependencies: spec.usesTaskDependencies,
    allowTaskPreemption: spec.allowTaskPreemption,
    constraints: spec.constraints,
    jobManagerTask: spec.jobManagerTask,
    jobPreparationTask: spec.jobPreparationTask,
    jobReleaseTask: spec.jobReleaseTask,
    commonEnvironmentSettings: spec.commonEnvironmentSettings,
    poolInfo: spec.poolInfo,
    metadata: spec.metadata,
    networkConfiguration: spec.networkConfiguration,
    executionInfo: compact({
      startTime: formatTime(job.startTime),
      endTime: formatOptionalTime(job.endTime),
      poolId: job.poolId,
      schedulingError: job.schedulingError,
      terminateReason: job.terminateReason,
    }),
    onAllTasksComplete: spec.onAllTasksComplete,
    onTaskFailure: spec.onTaskFailure,
  });
}

/** "Job - Get Task Counts". */
export function renderTaskCounts(job: Job): JsonObject {
  const copy = ({ active, running, completed, succeeded, failed }: Counts): JsonObject => ({
    active,
    running,
    completed,
    succeeded,
    failed,
  });
  return { taskCounts: copy(job.tasks.counts), taskSlotCounts: copy(job.tasks.slotCounts) };
}
