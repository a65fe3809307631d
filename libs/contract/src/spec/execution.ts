import type { ImageSpec } from './pool';
import type { ContainerSpec } from './task';

export const FailureCategory = {
  /** The command ended with a non-zero exit code. */
  exitCode: 'exitCode',
  /** Killed at its time limit. */
  timeout: 'timeout',
  /** Inputs could not be brought to the node. */
  staging: 'staging',
  /** The command ran, its outputs could not be uploaded. */
  upload: 'upload',
  /** Ended by someone: terminate call, job end, node removal. */
  terminated: 'terminated',
  /** Batch could not launch the command. */
  launch: 'launch',
  /** The service's own fault. */
  service: 'service',
} as const;

export type FailureCategory = (typeof FailureCategory)[keyof typeof FailureCategory];

export const FAILURE_CATEGORIES = Object.values(FailureCategory);

export interface RetryRule {
  on: { exitCodes?: number[]; categories?: FailureCategory[]; codes?: string[] };
  /** Attempts in all, the first included. */
  attempts: number;
  backoff?: { initial?: string; coefficient?: number; max?: string };
  /** What is different for the further attempts. Environment is added to that of the task. */
  change?: { requiredSlots?: number; environment?: Record<string, string> };
}

export const PRIORITIES = ['low', 'normal', 'high'] as const;

export type Priority = (typeof PRIORITIES)[number];

export interface ExecutionSpec {
  maxParallelTasks?: number;
  priority?: Priority;
  timeout?: string;
  /** Point in time (ISO 8601) by which the job has to have ended. */
  deadline?: string;
  toleratedFailures?: { count?: number; percent?: number };
  retryRules?: RetryRule[];
  budget?: BudgetSpec;
  autoRedrive?: AutoRedriveSpec;
}

/** What a job may use; when it is used up no task starts any more, those that run end, and the job fails. */
export interface BudgetSpec {
  /** Hours of nodes, dedicated and spot ones together. */
  nodeHours?: number;
  /** In the currency of the deployment's prices. */
  cost?: number;
}

/** Redrives a job that failed for the failures of its tasks. */
export interface AutoRedriveSpec {
  /** Redrives at most after each start by hand. */
  max: number;
  /** Wait before each of them (ISO 8601 duration). */
  delay?: string;
  /** Only failures that it matches are run again, and with them what never ran, or was ended, because of failures. */
  onlyIf?: TaskFilter;
}

/** Tasks that match each member given. */
export interface TaskFilter {
  /** Task indexes and ranges, such as `0-9,12`. */
  tasks?: string;
  exitCodes?: number[];
  categories?: FailureCategory[];
  codes?: string[];
}

/** Body of `POST .../jobs/{job}:redrive`: which of the tasks that failed or never ran, and what is to be different. */
export interface RedriveSpec {
  /** Without it: every task that failed or never ran. Tasks that never ran match `tasks` only. */
  filter?: TaskFilter;
  task?: {
    commandLine?: string;
    container?: ContainerSpec;
    requiredSlots?: number;
    timeout?: string;
    /** Added to the environment of the task. */
    environment?: Record<string, string>;
  };
  /** For jobs that reduce. */
  gather?: {
    commandLine?: string;
    requiredSlots?: number;
    timeout?: string;
    /** Added to the environment of the reduce tasks. */
    environment?: Record<string, string>;
  };
  /** For jobs with a pool of their own. */
  pool?: { vmSizes?: string[]; image?: ImageSpec; slotsPerNode?: number };
  /** A job that ran out of time or budget is redriven with more of it. The budget is that of all runs together. */
  execution?: Pick<
    ExecutionSpec,
    'timeout' | 'deadline' | 'budget' | 'toleratedFailures' | 'maxParallelTasks' | 'retryRules'
  >;
}
