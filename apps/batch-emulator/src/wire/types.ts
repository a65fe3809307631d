import type { JsonObject } from '../util/json';

/** The parts of the Batch wire models that the emulator acts upon; whatever else was sent is kept and returned as it is. */
export interface NameValue {
  name: string;
  value?: string;
}

export interface ResourceFile {
  autoStorageContainerName?: string;
  storageContainerUrl?: string;
  httpUrl?: string;
  blobPrefix?: string;
  filePath?: string;
  fileMode?: string;
}

export interface OutputFile {
  filePattern: string;
  destination: {
    container?: { path?: string; containerUrl: string; uploadHeaders?: NameValue[] };
  };
  uploadOptions: { uploadCondition: 'TaskSuccess' | 'TaskFailure' | 'TaskCompletion' };
}

/** "ApplicationPackageReference"; without a version the default one is meant. */
export interface PackageReference {
  applicationId: string;
  version?: string;
}

export interface TaskConstraints {
  maxWallClockTime?: string;
  retentionTime?: string;
  maxTaskRetryCount?: number;
}

export interface ExitOptions {
  jobAction?: 'none' | 'disable' | 'terminate';
  dependencyAction?: 'satisfy' | 'block';
}

export interface ExitConditions {
  exitCodes?: { code: number; exitOptions: ExitOptions }[];
  exitCodeRanges?: { start: number; end: number; exitOptions: ExitOptions }[];
  preProcessingError?: ExitOptions;
  fileUploadError?: ExitOptions;
  default?: ExitOptions;
}

export interface TaskSpec {
  id: string;
  displayName?: string;
  commandLine: string;
  containerSettings?: JsonObject;
  resourceFiles?: ResourceFile[];
  outputFiles?: OutputFile[];
  environmentSettings?: NameValue[];
  affinityInfo?: { affinityId: string };
  constraints?: TaskConstraints;
  requiredSlots?: number;
  userIdentity?: JsonObject;
  exitConditions?: ExitConditions;
  dependsOn?: { taskIds?: string[]; taskIdRanges?: { start: number; end: number }[] };
  multiInstanceSettings?: JsonObject;
  applicationPackageReferences?: PackageReference[];
  authenticationTokenSettings?: JsonObject;
}

export interface StartTaskSpec {
  commandLine: string;
  containerSettings?: JsonObject;
  resourceFiles?: ResourceFile[];
  environmentSettings?: NameValue[];
  userIdentity?: JsonObject;
  maxTaskRetryCount?: number;
  waitForSuccess?: boolean;
}

export interface PoolSpec {
  id: string;
  displayName?: string;
  vmSize: string;
  virtualMachineConfiguration?: JsonObject;
  resizeTimeout?: string;
  targetDedicatedNodes?: number;
  targetLowPriorityNodes?: number;
  enableAutoScale?: boolean;
  autoScaleFormula?: string;
  autoScaleEvaluationInterval?: string;
  enableInterNodeCommunication?: boolean;
  networkConfiguration?: JsonObject;
  startTask?: StartTaskSpec;
  applicationPackageReferences?: PackageReference[];
  taskSlotsPerNode?: number;
  taskSchedulingPolicy?: { nodeFillType?: 'Spread' | 'Pack'; jobDefaultOrder?: string };
  userAccounts?: JsonObject[];
  metadata?: NameValue[];
  mountConfiguration?: JsonObject[];
  upgradePolicy?: JsonObject;
  resourceTags?: JsonObject;
  certificateReferences?: JsonObject[];
  targetNodeCommunicationMode?: string;
}

export interface JobConstraints {
  maxWallClockTime?: string;
  maxTaskRetryCount?: number;
}

export interface JobSpec {
  id: string;
  displayName?: string;
  usesTaskDependencies?: boolean;
  priority?: number;
  allowTaskPreemption?: boolean;
  maxParallelTasks?: number;
  constraints?: JobConstraints;
  jobManagerTask?: JsonObject;
  jobPreparationTask?: JsonObject;
  jobReleaseTask?: JsonObject;
  commonEnvironmentSettings?: NameValue[];
  poolInfo: { poolId?: string; autoPoolSpecification?: JsonObject };
  onAllTasksComplete?: 'noaction' | 'terminatejob';
  onTaskFailure?: 'noaction' | 'performexitoptionsjobaction';
  networkConfiguration?: JsonObject;
  metadata?: NameValue[];
}

export interface NamedValue {
  name: string;
  value: string;
}

export interface FailureInfo {
  category: 'usererror' | 'servererror';
  code: string;
  message: string;
  details?: NamedValue[];
}

export interface ResizeError {
  code: string;
  message: string;
  values?: NamedValue[];
}

export type DeallocationOption = 'requeue' | 'terminate' | 'taskcompletion' | 'retaineddata';
