import type { FailureInfo } from '../wire/types';
import type { AutoScaleRun } from './pools/autoscale-state';
import type { Job } from './jobs/job';
import type { Pool } from './pools/pool';
import type { Task } from './tasks/task';

export type JobEvent =
  | 'JobStart'
  | 'JobDisableStart'
  | 'JobDisableComplete'
  | 'JobTerminateStart'
  | 'JobTerminateComplete'
  | 'JobDeleteStart'
  | 'JobDeleteComplete';

/**
 * What happens in the account, for diagnostics ("Batch metrics, alerts, and logs for diagnostic evaluation"). The model
 * calls this at the moment of the change; nothing comes back, and with nobody listening nothing is done.
 */
export interface Events {
  poolCreated(pool: Pool): void;
  resizeStarted(pool: Pool): void;
  resizeCompleted(pool: Pool): void;
  poolDeleteStarted(pool: Pool): void;
  poolDeleted(pool: Pool): void;
  autoscaled(pool: Pool, run: AutoScaleRun): void;
  job(job: Job, event: JobEvent): void;
  /** With every attempt. */
  taskStarted(task: Task): void;
  taskCompleted(task: Task): void;
  /** A task could not run where it was to run, for example because the job preparation task failed there. */
  taskScheduleFailed(task: Task, error: FailureInfo): void;
}

const ignore = (): void => undefined;

/** For when nobody listens. */
export const noEvents: Events = {
  poolCreated: ignore,
  resizeStarted: ignore,
  resizeCompleted: ignore,
  poolDeleteStarted: ignore,
  poolDeleted: ignore,
  autoscaled: ignore,
  job: ignore,
  taskStarted: ignore,
  taskCompleted: ignore,
  taskScheduleFailed: ignore,
};
