import type { JobSchedule } from '../model/jobs/job-schedule';
import { compact, type JsonObject } from '../util/json';
import { etagOf, formatOptionalTime, formatTime } from '../util/time';
import { jobUrl } from './render-job';

export const scheduleUrl = (baseUrl: string, id: string): string => `${baseUrl}/jobschedules/${id}`;

/** "Job Schedule - Get", members in the order in which the service writes them. */
export function renderSchedule(schedule: JobSchedule, baseUrl: string): JsonObject {
  const { spec, recentJobId } = schedule;
  return compact({
    id: schedule.id,
    displayName: spec.displayName,
    url: scheduleUrl(baseUrl, schedule.id),
    eTag: etagOf(schedule.modified),
    lastModified: formatTime(schedule.modified),
    creationTime: formatTime(schedule.created),
    state: schedule.state,
    stateTransitionTime: formatTime(schedule.stateTime),
    previousState: schedule.previousState,
    previousStateTransitionTime: formatOptionalTime(schedule.previousStateTime),
    schedule: spec.schedule,
    jobSpecification: renderSpecification(schedule),
    metadata: spec.metadata,
    executionInfo: compact({
      nextRunTime: formatOptionalTime(schedule.nextRun),
      recentJob: recentJobId && { url: jobUrl(baseUrl, recentJobId), id: recentJobId },
      endTime: formatOptionalTime(schedule.endTime),
    }),
  });
}

/** The order differs from that of a job. */
function renderSpecification({ spec }: JobSchedule): JsonObject {
  const { displayName, priority, maxParallelTasks, allowTaskPreemption, usesTaskDependencies, ...rest } =
    spec.jobSpecification;
  const { onAllTasksComplete, onTaskFailure, constraints, ...others } = rest;
  return compact({
    displayName,
    priority,
    maxParallelTasks,
    allowTaskPreemption,
    usesTaskDependencies,
    onAllTasksComplete,
    onTaskFailure,
    constraints,
    ...others,
  });
}
