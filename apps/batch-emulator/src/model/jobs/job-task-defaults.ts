import type { JobManagerSpec, JobPreparationSpec, JobReleaseSpec, JobSpec, JobSpecification } from '../../wire/types';
import { DEFAULT_IDENTITY, withConstraintDefaults } from './common-defaults';

/** "JobReleaseTask.maxWallClockTime": the default is also the maximum. */
export const MAX_RELEASE_TIME = 'PT15M';

export type JobTasks = Pick<JobSpec, 'jobManagerTask' | 'jobPreparationTask' | 'jobReleaseTask'>;

/** What "Job - Add" fills in for the tasks that belong to the job itself. */
export function withJobTaskDefaults(spec: JobSpecification): JobTasks {
  const { jobManagerTask, jobPreparationTask, jobReleaseTask } = spec;
  const retries = spec.constraints?.maxTaskRetryCount ?? 0;
  return {
    ...(jobManagerTask && { jobManagerTask: managerDefaults(jobManagerTask, retries) }),
    ...(jobPreparationTask && { jobPreparationTask: preparationDefaults(jobPreparationTask) }),
    ...(jobReleaseTask && { jobReleaseTask: releaseDefaults(jobReleaseTask) }),
  };
}

function managerDefaults(spec: JobManagerSpec, retries: number): JobManagerSpec {
  return {
    ...spec,
    userIdentity: spec.userIdentity ?? DEFAULT_IDENTITY,
    constraints: withConstraintDefaults(spec.constraints, retries),
    requiredSlots: spec.requiredSlots ?? 1,
    killJobOnCompletion: spec.killJobOnCompletion ?? true,
    runExclusive: spec.runExclusive ?? true,
    allowLowPriorityNode: spec.allowLowPriorityNode ?? true,
  };
}

function preparationDefaults(spec: JobPreparationSpec): JobPreparationSpec {
  return {
    ...spec,
    id: spec.id ?? 'jobpreparation',
    userIdentity: spec.userIdentity ?? DEFAULT_IDENTITY,
    constraints: withConstraintDefaults(spec.constraints, 0),
    waitForSuccess: spec.waitForSuccess ?? true,
    rerunOnNodeRebootAfterSuccess: spec.rerunOnNodeRebootAfterSuccess ?? true,
  };
}

function releaseDefaults(spec: JobReleaseSpec): JobReleaseSpec {
  return {
    ...spec,
    id: spec.id ?? 'jobrelease',
    userIdentity: spec.userIdentity ?? DEFAULT_IDENTITY,
    maxWallClockTime: spec.maxWallClockTime ?? MAX_RELEASE_TIME,
    retentionTime: spec.retentionTime ?? 'P7D',
  };
}
