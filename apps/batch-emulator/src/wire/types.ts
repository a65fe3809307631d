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

/** What all commands that run on nodes have in common. */
export interface ContainerSettings {
  imageName: string;
  containerRunOptions?: string;
  workingDirectory?: 'taskWorkingDirectory' | 'containerImageDefault';
  containerHostBatchBindMounts?: { source?: string; isReadOnly?: boolean }[];
}

export interface CommandSpec {
  commandLine: string;
  containerSettings?: ContainerSettings;
  resourceFiles?: ResourceFile[];
  environmentSettings?: NameValue[];
  userIdentity?: JsonObject;
  applicationPackageReferences?: PackageReference[];
}

export interface JobPreparationSpec extends CommandSpec {
  id?: string;
  constraints?: TaskConstraints;
  waitForSuccess?: boolean;
  rerunOnNodeRebootAfterSuccess?: boolean;
}

export interface JobReleaseSpec extends CommandSpec {
  id?: string;
  maxWallClockTime?: string;
  retentionTime?: string;
}

export interface JobManagerSpec extends CommandSpec {
  id: string;
  displayName?: string;
  outputFiles?: OutputFile[];
  constraints?: TaskConstraints;
  requiredSlots?: number;
  killJobOnCompletion?: boolean;
  runExclusive?: boolean;
  applicationPackageReferences?: PackageReference[];
  allowLowPriorityNode?: boolean;
  authenticationTokenSettings?: JsonObject;
}

export interface MultiInstanceSettings {
  numberOfInstances?: number;
  coordinationCommandLine: string;
  commonResourceFiles?: ResourceFile[];
}

export interface TaskSpec {
  id: string;
  displayName?: string;
  commandLine: string;
  containerSettings?: ContainerSettings;
  resourceFiles?: ResourceFile[];
  outputFiles?: OutputFile[];
  environmentSettings?: NameValue[];
  affinityInfo?: { affinityId: string };
  constraints?: TaskConstraints;
  requiredSlots?: number;
  userIdentity?: JsonObject;
  exitConditions?: ExitConditions;
  dependsOn?: { taskIds?: string[]; taskIdRanges?: { start: number; end: number }[] };
  multiInstanceSettings?: MultiInstanceSettings;
  applicationPackageReferences?: PackageReference[];
  authenticationTokenSettings?: JsonObject;
}

export interface StartTaskSpec extends CommandSpec {
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

export interface AutoPoolSpec {
  autoPoolIdPrefix?: string;
  poolLifetimeOption: 'jobschedule' | 'job';
  keepAlive?: boolean;
  pool?: Omit<PoolSpec, 'id'>;
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
  jobManagerTask?: JobManagerSpec;
  jobPreparationTask?: JobPreparationSpec;
  jobReleaseTask?: JobReleaseSpec;
  commonEnvironmentSettings?: NameValue[];
  poolInfo: { poolId?: string; autoPoolSpecification?: AutoPoolSpec };
  onAllTasksComplete?: 'noaction' | 'terminatejob';
  onTaskFailure?: 'noaction' | 'performexitoptionsjobaction';
  networkConfiguration?: JsonObject;
  metadata?: NameValue[];
}

/** What a job schedule makes jobs of. */
export type JobSpecification = Omit<JobSpec, 'id'>;

export interface Recurrence {
  doNotRunUntil?: string;
  doNotRunAfter?: string;
  startWindow?: string;
  recurrenceInterval?: string;
}

export interface JobScheduleSpec {
  id: string;
  displayName?: string;
  schedule: Recurrence;
  jobSpecification: JobSpecification;
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

/** Why a job could not run at all. */
export type SchedulingError = FailureInfo;

export interface ResizeError {
  code: string;
  message: string;
  values?: NamedValue[];
}

export type DeallocationOption = 'requeue' | 'terminate' | 'taskcompletion' | 'retaineddata';
