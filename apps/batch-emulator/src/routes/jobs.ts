import type { JobHandlers } from '../handlers/jobs';
import type { Route } from '../http/route';
import { JOB, route } from './route';

export function jobRoutes(jobs: JobHandlers): Route[] {
  const { modified } = jobs;
  return [
    route('JobAdd', 'POST', '/jobs', jobs.add, { body: 'BatchJobCreateOptions' }),
    route('JobList', 'GET', '/jobs', jobs.list),
    route('JobDelete', 'DELETE', JOB, jobs.delete, { modified }),
    route('JobGet', 'GET', JOB, jobs.get, { modified }),
    route('JobPatch', 'PATCH', JOB, jobs.patch, { body: 'BatchJobUpdateOptions', modified }),
    route('JobUpdate', 'PUT', JOB, jobs.update, { body: 'BatchJob', modified }),
    route('JobDisable', 'POST', `${JOB}/disable`, jobs.disable, { body: 'BatchJobDisableOptions', modified }),
    route('JobEnable', 'POST', `${JOB}/enable`, jobs.enable, { modified }),
    route('JobListPreparationAndReleaseTaskStatus', 'GET', `${JOB}/jobpreparationandreleasetaskstatus`, jobs.nodeTasks),
    route('JobGetTaskCounts', 'GET', `${JOB}/taskcounts`, jobs.taskCounts),
    route('JobTerminate', 'POST', `${JOB}/terminate`, jobs.terminate, {
      body: 'BatchJobTerminateOptions',
      optionalBody: true,
      modified,
    }),
  ];
}
