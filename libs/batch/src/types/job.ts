import type { EnvironmentSetting, MetadataItem, NameValuePair } from './common';

export interface JobConstraints {
  /** ISO 8601 duration, from the job's creation. */
  maxWallClockTime?: string;
  /** Retries of a task whose command ends with a non-zero code; for tasks that give none of their own. */
  maxTaskRetryCount?: number;
}

export interface BatchJobCreateOptions {
  id: string;
  displayName?: string;
  /** -1000 to 1000, default 0. */
  priority?: number;
  /** -1: no limit. */
  maxParallelTasks?: number;
  constraints?: JobConstraints;
  commonEnvironmentSettings?: EnvironmentSetting[];
  poolInfo: { poolId: string };
  usesTaskDependencies?: boolean;
  /** `terminatejob` ends a job without tasks at once: set it after the tasks were added. */
  onAllTasksComplete?: 'noaction' | 'terminatejob';
  onTaskFailure?: 'noaction' | 'performexitoptionsjobaction';
  metadata?: MetadataItem[];
}

/** Only what is given is replaced. */
export interface BatchJobUpdateOptions {
  priority?: number;
  maxParallelTasks?: number;
  constraints?: JobConstraints;
  poolInfo?: { poolId: string };
  onAllTasksComplete?: 'noaction' | 'terminatejob';
  metadata?: MetadataItem[];
}

export type BatchJobState = 'active' | 'disabling' | 'disabled' | 'enabling' | 'terminating' | 'completed' | 'deleting';

export interface BatchJob {
  id: string;
  displayName?: string;
  eTag: string;
  lastModified: string;
  creationTime: string;
  state: BatchJobState;
  stateTransitionTime: string;
  previousState?: BatchJobState;
  priority?: number;
  maxParallelTasks?: number;
  constraints?: JobConstraints;
  poolInfo?: { poolId?: string };
  executionInfo?: {
    startTime: string;
    endTime?: string;
    poolId?: string;
    terminateReason?: string;
    schedulingError?: { category: string; code?: string; message?: string; details?: NameValuePair[] };
  };
  onAllTasksComplete?: 'noaction' | 'terminatejob';
  metadata?: MetadataItem[];
}

export interface TaskStateCounts {
  active: number;
  /** Preparing ones included. */
  running: number;
  /** `succeeded` and `failed` together. */
  completed: number;
  succeeded: number;
  failed: number;
}

/** Eventually consistent. Slot counts of completed tasks are not to be relied upon. */
export interface BatchTaskCountsResult {
  taskCounts: TaskStateCounts;
  taskSlotCounts: TaskStateCounts;
}
