/** Inputs and results of the activities of a wave. Types only: workflows import them. */
import type { JobInput, JobProgress, RetryRule } from '@windrow/contract';

/** Where a range of tasks is read from; `from` and `to` count tasks of the source, `to` excluded. */
export type TaskSource =
  | { kind: 'plan'; stage: string; from: number; to: number }
  /** Indexes of `stage`, one a line in `blob`. */
  | { kind: 'list'; stage: string; blob: string; from: number; to: number };

export interface SubmitInput {
  input: JobInput;
  wave: string;
  attempt: number;
  poolId: string;
  /** Slots of the lease: bounds the Batch job's maxParallelTasks. */
  slots: number;
  source: TaskSource;
  /** Set `onAllTasksComplete` when done: only right when nobody else adds tasks to this Batch job. */
  seal: boolean;
}

export interface ParallelInput {
  input: JobInput;
  wave: string;
  slots: number;
  requiredSlots: number;
  /** The job's own limit. */
  maxParallelTasks?: number;
}

export interface GiveBackInput {
  /** Slots to keep to. */
  slots: number;
  /** Number of the grant that says so. */
  grant: number;
  lease: Pick<LeaseRef, 'workflowId' | 'leaseId'>;
  /** The wave that runs; without one nothing of the job does. */
  change?: ParallelInput;
}

export interface LeaseRef {
  workflowId: string;
  leaseId: string;
  /** Slots granted. */
  slots: number;
}

export interface WatchInput {
  input: JobInput;
  wave: string;
  attempt: number;
  tasks: number;
  lease: LeaseRef;
  base: Pick<JobProgress, 'counts' | 'nodeSeconds'>;
  seal: boolean;
}

export interface WaveOutcome {
  succeeded: number;
  failed: number;
  nodeSeconds: number;
}

export interface RetryInput {
  input: JobInput;
  wave: string;
  attempt: number;
  rules: RetryRule[];
}

export interface RetryDecision {
  /** Tasks worth another attempt, listed in `blob`. */
  retry: number;
  blob: string;
  backoffMs: number;
}
