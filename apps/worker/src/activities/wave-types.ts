/** Inputs and results of the activities of a wave. Types only: workflows import them. */
import type { JobInput, JobProgress, PauseRequest, Priority } from '@windrow/contract';

/** Where a range of tasks is read from; `from` and `to` count tasks of the source, `to` excluded. */
export type TaskSource =
  | { kind: 'plan'; stage: string; from: number; to: number }
  /** Tasks of `stage`, see `RetryLine`, one a line in `blob`. */
  | { kind: 'list'; stage: string; blob: string; from: number; to: number };

/** What a Batch job is bounded by; may change while it runs. */
export interface WaveLimits {
  maxParallelTasks: number;
  priority: Priority;
  /** The job's own time limit (ISO 8601); Batch ends what outlives it. */
  endsBefore: string;
}

export interface SubmitInput {
  input: JobInput;
  wave: string;
  attempt: number;
  poolId: string;
  limits: WaveLimits;
  source: TaskSource;
  /** Set `onAllTasksComplete` when done: only right when nobody else adds tasks to this Batch job. */
  seal: boolean;
}

export interface SteerInput {
  input: JobInput;
  wave: string;
  /** Present: no further task is to start, and this is what happens to those that run. */
  stop?: PauseRequest['running'];
  limits: WaveLimits;
}

export interface GiveBackInput {
  input: JobInput;
  wave: string;
  slotsPerTask: number;
  /** Slots to keep to; the Batch job starts no task above them. */
  slots: number;
  /** Number of the grant that says so. */
  grant: number;
  lease: LeaseRef;
}

export interface LeaseRef {
  workflowId: string;
  leaseId: string;
}

export interface WatchInput {
  input: JobInput;
  wave: string;
  attempt: number;
  /** First wave of this run of the job: 1, or that of its redrive. */
  first: number;
  tasks: number;
  /** Tasks of the whole job: the indexes of the wave's tasks are below it. */
  planned: number;
  /** Of the largest task of the wave. */
  slotsPerTask: number;
  lease: LeaseRef;
  base: Pick<JobProgress, 'counts' | 'nodeSeconds'>;
  seal: boolean;
  /** The Batch job is being disabled: return once nothing runs. */
  stop: boolean;
  maxParallelTasks?: number;
  /** Final failures that the job may have from here on; beyond them the wave ends. Absent: it goes on to its end. */
  tolerated?: number;
}

/**
 * Why a watch ended: all tasks have; those left wait for tasks that failed; more failed than is tolerated; or the wave
 * was to stop and nothing runs any more.
 */
export type WaveEnd = 'complete' | 'blocked' | 'exceeded' | 'idle';

export interface WaveTotals {
  succeeded: number;
  failed: number;
  /** Of the failures: those that no retry rule gives another attempt. */
  final: number;
  nodeSeconds: number;
}

export interface WaveOutcome extends WaveTotals {
  end: WaveEnd;
}

export interface RetryInput {
  input: JobInput;
  /** First wave of this run. */
  first: number;
  /** The wave that has just ended. */
  attempt: number;
  /** Tasks of the job. */
  tasks: number;
}

export interface RetryDecision {
  /** Tasks of the next wave, listed in `blob`. */
  retry: number;
  blob: string;
  backoffMs: number;
  /** Of the largest of them. */
  slots: number;
  /** Tasks of the job that have failed for good. */
  failed: number;
  /** Tasks that will never run, because they wait for one of those. */
  blocked: number;
}
