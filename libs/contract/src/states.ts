export const JobState = {
  queued: 'queued',
  planning: 'planning',
  provisioning: 'provisioning',
  running: 'running',
  retrying: 'retrying',
  gathering: 'gathering',
  /** By its owner; from any of the former, to which it goes back. */
  paused: 'paused',
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
} as const;
export type JobState = (typeof JobState)[keyof typeof JobState];

export const JOB_STATES = Object.values(JobState);

export type EndState = 'succeeded' | 'failed' | 'cancelled';

export function isTerminal(state: JobState): state is EndState {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled';
}

/** `pending`: planned and not handed to Batch (or to be attempted again); the others are Batch's own words. */
export const TaskState = {
  pending: 'pending',
  active: 'active',
  running: 'running',
  succeeded: 'succeeded',
  failed: 'failed',
} as const;
export type TaskState = (typeof TaskState)[keyof typeof TaskState];

export const TASK_STATES = Object.values(TaskState);

export const ClusterState = {
  steady: 'steady',
  resizing: 'resizing',
  waiting: 'waiting',
  broken: 'broken',
  deleting: 'deleting',
  deleted: 'deleted',
} as const;
export type ClusterState = (typeof ClusterState)[keyof typeof ClusterState];
