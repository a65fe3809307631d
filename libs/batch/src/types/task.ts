import type { EnvironmentSetting, FailureInfo, ResourceFile, UserIdentity } from './common';

export interface TaskConstraints {
  /** ISO 8601 duration, for each attempt, from its start (downloads included). */
  maxWallClockTime?: string;
  /** How long the files stay on the node after completion, default P7D. */
  retentionTime?: string;
  /** Retries on a non-zero exit code; -1: without limit. */
  maxTaskRetryCount?: number;
}

export interface OutputFile {
  /** Relative to the working directory (`../std*.txt` for the logs), `*` and `**` allowed. */
  filePattern: string;
  destination: { container: { containerUrl: string; path?: string } };
  uploadOptions: { uploadCondition: 'tasksuccess' | 'taskfailure' | 'taskcompletion' };
}

export interface ContainerSettings {
  imageName: string;
  /** Options of `docker create`. */
  containerRunOptions?: string;
}

/** A version of a package; without one the application's default version. */
export interface ApplicationPackageReference {
  applicationId: string;
  version?: string;
}

export interface MultiInstanceSettings {
  numberOfInstances: number;
  /** Runs on every node of the task before the task's own command, which runs on the first. */
  coordinationCommandLine: string;
  /** Brought to `AZ_BATCH_TASK_SHARED_DIR` of every node; the task's own files come to the first only. */
  commonResourceFiles?: ResourceFile[];
}

export interface BatchTaskCreateOptions {
  id: string;
  displayName?: string;
  commandLine: string;
  containerSettings?: ContainerSettings;
  applicationPackageReferences?: ApplicationPackageReference[];
  multiInstanceSettings?: MultiInstanceSettings;
  resourceFiles?: ResourceFile[];
  outputFiles?: OutputFile[];
  environmentSettings?: EnvironmentSetting[];
  constraints?: TaskConstraints;
  requiredSlots?: number;
  userIdentity?: UserIdentity;
  dependsOn?: TaskDependencies;
}

/** Tasks that have to succeed before; the job must have been made with `usesTaskDependencies`. */
export interface TaskDependencies {
  /** At most 64,000 characters together. */
  taskIds?: string[];
  /** Of integer ids, both ends included; leading zeros do not count. An id that does not exist blocks. */
  taskIdRanges?: { start: number; end: number }[];
}

export type BatchTaskState = 'active' | 'preparing' | 'running' | 'completed';

export interface TaskExecutionInfo {
  startTime?: string;
  endTime?: string;
  /** Absent when the command never started. */
  exitCode?: number;
  failureInfo?: FailureInfo;
  retryCount: number;
  lastRetryTime?: string;
  requeueCount: number;
  result?: 'success' | 'failure';
}

export interface BatchTask {
  id: string;
  displayName?: string;
  eTag: string;
  lastModified: string;
  creationTime: string;
  state: BatchTaskState;
  stateTransitionTime: string;
  previousState?: BatchTaskState;
  previousStateTransitionTime?: string;
  commandLine: string;
  environmentSettings?: EnvironmentSetting[];
  constraints?: TaskConstraints;
  requiredSlots?: number;
  executionInfo?: TaskExecutionInfo;
  nodeInfo?: {
    poolId?: string;
    nodeId?: string;
    affinityId?: string;
    taskRootDirectory?: string;
  };
}

export interface BatchNodeFile {
  /** Relative to the task's directory (`stdout.txt`, `wd/out.bin`), or to the node's root. */
  name: string;
  isDirectory: boolean;
  properties?: {
    creationTime?: string;
    lastModified: string;
    contentLength: number;
    contentType?: string;
    fileMode?: string;
  };
}

/** Outcome for one task of an addtaskcollection request. */
export interface TaskAddResult {
  status: 'success' | 'clienterror' | 'servererror';
  taskId: string;
  error?: { code?: string; message?: { value?: string }; values?: { key?: string; value?: string }[] };
}
