/** What is kept of a schedule and of its runs, and how all that is named. */
import type { JobKey } from '../names';
import type { ProvisioningState } from '../places';
import type { JobError } from '../rows';
import type { ScheduleBody } from '../spec/schedule';
import type { JobState } from '../states';
import { isoSeconds } from './templates';

export interface ScheduleKey {
  workspace: string;
  schedule: string;
}

/** A schedule as it is stored. Whether it is paused is Temporal's to say. */
export interface Schedule {
  /** Tells it from an earlier one of the same name. */
  uid: string;
  body: ScheduleBody;
  createdTime: string;
  updatedTime: string;
  provisioningState: ProvisioningState;
  /** Fingerprint of the body it was created with. */
  specHash: string;
}

/** A schedule's name is a part of the names of its jobs. */
export const SCHEDULE_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_-]{0,46}$/;

export const RUN_STATES = ['starting', 'running', 'succeeded', 'failed', 'cancelled'] as const;
/** `starting`: its job is being created. */
export type RunState = (typeof RUN_STATES)[number];

export type RunTrigger =
  | { kind: 'time' }
  | { kind: 'blob'; container: string; blob: string; etag: string }
  | { kind: 'group'; container: string; group: string; blobs: number };

/** One nominal time, or one arrival, of a schedule. */
export interface ScheduleRun {
  /** Nominal time, or when the blob was last changed. */
  scheduledTime: string;
  trigger: RunTrigger;
  state: RunState;
  experiment: string;
  job: string;
  /** Of the job, and chosen before it is created: whoever goes on with the run makes that very job. */
  uid: string;
  startedTime: string;
  endTime?: string;
  error?: JobError;
  /** The job's workflow was started. */
  created?: boolean;
}

/** Input of `scheduledRunWorkflow` and `arrivalScanWorkflow`. */
export interface ScheduledInput extends ScheduleKey {
  uid: string;
}

/** How a job of a schedule ended, as its run tells Temporal. */
export interface RunEnd {
  state: Extract<JobState, 'succeeded' | 'failed' | 'cancelled'>;
  job?: string;
  error?: JobError;
}

export function schedulePlace({ workspace, schedule }: ScheduleKey) {
  return { kind: 'schedule', scope: [workspace], name: schedule };
}

/** Runs lie by the uid of their schedule; those of one that was deleted are nobody's any more. */
export function runPlace({ workspace, uid }: Pick<ScheduledInput, 'workspace' | 'uid'>, run: string) {
  return { kind: 'scheduleRun', scope: [workspace, uid], name: run };
}

/** Beside the runs that have not ended: how many there are, and which, without reading all. */
export function activeRunPlace({ workspace, uid }: Pick<ScheduledInput, 'workspace' | 'uid'>, run: string) {
  return { kind: 'scheduleActive', scope: [workspace, uid], name: run };
}

/** Which run is that of something that arrived, whatever became of it since; the first to write it decides. */
export function arrivalPlace({ workspace, uid }: Pick<ScheduledInput, 'workspace' | 'uid'>, mark: string) {
  return { kind: 'scheduleArrival', scope: [workspace, uid], name: mark };
}

/** Seconds of the last moment that has ten digits, in the year 2286. */
const LAST_SECOND = 9_999_999_999;

/** Sorts the latest first. `arrival`: what came, where it was no nominal time. */
export function runName(time: Date, arrival?: string): string {
  const inverted = String(LAST_SECOND - Math.floor(time.getTime() / 1000)).padStart(10, '0');
  return arrival === undefined ? inverted : `${inverted}-${arrival}`;
}

/** One job for each nominal time: whoever asks for it again asks for the same one. */
export function scheduledJobName(schedule: string, time: Date): string {
  return `${schedule}-${isoSeconds(time).replace(/[-:]/g, '')}`;
}

export function arrivalJobName(schedule: string, arrival: string): string {
  return `${schedule}-${arrival}`;
}

export function runJob({ workspace }: Pick<ScheduleKey, 'workspace'>, run: ScheduleRun): JobKey {
  return { workspace, experiment: run.experiment, job: run.job };
}

/** Temporal's schedule. */
export function scheduleId({ workspace, schedule }: ScheduleKey): string {
  return `schedule:${workspace}/${schedule}`;
}

/** Workflow of a run; Temporal appends `-` and the nominal time, for arrivals we append what came. */
export function scheduledRunId({ workspace, schedule }: ScheduleKey): string {
  return `run:${workspace}/${schedule}`;
}

const NOMINAL_TIME = /-(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z)$/;

/** The nominal time that Temporal appended to a workflow's id; undefined: it appended none. */
export function nominalTimeOf(workflowId: string): string | undefined {
  return NOMINAL_TIME.exec(workflowId)?.[1];
}

/** Beside the jobs: fingerprints of what arrived and has its run, a line each. Losing it loses nothing but time. */
export function arrivalLog(uid: string): string {
  return `schedules/${uid}/arrivals`;
}
