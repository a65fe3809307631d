import type {
  EnvironmentSetting,
  FailureInfo,
  MetadataItem,
  NameValuePair,
  ResourceFile,
  UserIdentity,
} from './common';
import type { ApplicationPackageReference } from './task';

export interface ImageReference {
  publisher?: string;
  offer?: string;
  sku?: string;
  version?: string;
  virtualMachineImageId?: string;
}

export interface VirtualMachineConfiguration {
  imageReference: ImageReference;
  nodeAgentSKUId: string;
  /** Images that nodes fetch when they start; needed for tasks with container settings. */
  containerConfiguration?: { type: 'dockerCompatible' | 'criCompatible'; containerImageNames?: string[] };
}

export interface StartTask {
  commandLine: string;
  resourceFiles?: ResourceFile[];
  environmentSettings?: EnvironmentSetting[];
  userIdentity?: UserIdentity;
  maxTaskRetryCount?: number;
  waitForSuccess?: boolean;
}

/** Exactly one kind. Keys and SAS are never shown again. */
export interface MountConfiguration {
  azureBlobFileSystemConfiguration?: {
    accountName: string;
    containerName: string;
    accountKey?: string;
    /** Query string, without `?`. */
    sasKey?: string;
    blobfuseOptions?: string;
    relativeMountPath: string;
  };
  azureFileShareConfiguration?: {
    accountName: string;
    accountKey: string;
    azureFileUrl: string;
    relativeMountPath: string;
    mountOptions?: string;
  };
  nfsMountConfiguration?: { source: string; relativeMountPath: string; mountOptions?: string };
}

/** `requeue` runs the tasks of a removed node again, `taskcompletion` waits for them. */
export type NodeDeallocationOption = 'requeue' | 'terminate' | 'taskcompletion' | 'retaineddata';

export interface BatchPoolCreateOptions {
  id: string;
  displayName?: string;
  vmSize: string;
  virtualMachineConfiguration: VirtualMachineConfiguration;
  /** ISO 8601 duration, at least PT5M. */
  resizeTimeout?: string;
  targetDedicatedNodes?: number;
  targetLowPriorityNodes?: number;
  enableAutoScale?: boolean;
  autoScaleFormula?: string;
  autoScaleEvaluationInterval?: string;
  startTask?: StartTask;
  /** Brought to each node that joins. */
  applicationPackageReferences?: ApplicationPackageReference[];
  /** Nodes can talk to each other, as multi-instance tasks need it. */
  enableInterNodeCommunication?: boolean;
  /** At most 10. */
  mountConfiguration?: MountConfiguration[];
  taskSlotsPerNode?: number;
  taskSchedulingPolicy?: { nodeFillType: 'spread' | 'pack'; jobDefaultOrder?: 'none' | 'creationtime' };
  metadata?: MetadataItem[];
}

/** Only what is given is replaced. */
export interface BatchPoolUpdateOptions {
  /** Only while the pool is empty (since 2024-07-01). */
  vmSize?: string;
  startTask?: StartTask;
  /** Only while the pool is empty. */
  mountConfiguration?: MountConfiguration[];
  metadata?: MetadataItem[];
}

export interface BatchPoolResizeOptions {
  targetDedicatedNodes?: number;
  targetLowPriorityNodes?: number;
  resizeTimeout?: string;
  nodeDeallocationOption?: NodeDeallocationOption;
}

export interface ResizeError {
  /** For example `AccountCoreQuotaReached`, `AllocationFailed`, `AllocationTimedOut`. */
  code?: string;
  message?: string;
  values?: NameValuePair[];
}

export interface BatchPool {
  id: string;
  displayName?: string;
  eTag: string;
  lastModified: string;
  creationTime: string;
  state: 'active' | 'deleting';
  stateTransitionTime: string;
  allocationState?: 'steady' | 'resizing' | 'stopping';
  allocationStateTransitionTime?: string;
  vmSize: string;
  virtualMachineConfiguration?: VirtualMachineConfiguration;
  resizeTimeout?: string;
  /** Absent when there are none, and while a resize is under way. */
  resizeErrors?: ResizeError[];
  currentDedicatedNodes: number;
  currentLowPriorityNodes: number;
  targetDedicatedNodes?: number;
  targetLowPriorityNodes?: number;
  enableAutoScale?: boolean;
  autoScaleFormula?: string;
  autoScaleEvaluationInterval?: string;
  autoScaleRun?: AutoScaleRun;
  startTask?: StartTask;
  applicationPackageReferences?: ApplicationPackageReference[];
  taskSlotsPerNode?: number;
  metadata?: MetadataItem[];
}

/** The last evaluation of a formula. */
export interface AutoScaleRun {
  timestamp: string;
  results?: string;
  /** `values` has the place in the formula, for example `Line 1, Col 1: Undefined symbol: $x`. */
  error?: { code?: string; message?: string; values?: NameValuePair[] };
}

export interface EnableAutoScaleOptions {
  autoScaleFormula?: string;
  /** ISO 8601 duration, PT5M to PT168H. */
  autoScaleEvaluationInterval?: string;
}

/** Nodes by state; every counter is present, zero included. */
export interface NodeCounts {
  creating: number;
  idle: number;
  offline: number;
  preempted: number;
  rebooting: number;
  reimaging: number;
  running: number;
  starting: number;
  startTaskFailed: number;
  leavingPool: number;
  unknown: number;
  unusable: number;
  waitingForStartTask: number;
  deallocated?: number;
  deallocating?: number;
  upgradingOS?: number;
  total: number;
}

export interface BatchPoolNodeCounts {
  poolId: string;
  dedicated?: NodeCounts;
  lowPriority?: NodeCounts;
}

export type BatchNodeState =
  | 'idle'
  | 'rebooting'
  | 'reimaging'
  | 'running'
  | 'unusable'
  | 'creating'
  | 'starting'
  | 'waitingforstarttask'
  | 'starttaskfailed'
  | 'unknown'
  | 'leavingpool'
  | 'offline'
  | 'preempted'
  | 'upgradingos'
  | 'deallocated'
  | 'deallocating';

export interface StartTaskInfo {
  state: 'running' | 'completed';
  startTime: string;
  endTime?: string;
  exitCode?: number;
  failureInfo?: FailureInfo;
  retryCount: number;
  result?: 'success' | 'failure';
}

export interface BatchNode {
  id: string;
  state: BatchNodeState;
  schedulingState?: 'enabled' | 'disabled';
  stateTransitionTime: string;
  lastBootTime?: string;
  allocationTime: string;
  ipAddress?: string;
  affinityId?: string;
  vmSize: string;
  totalTasksRun?: number;
  runningTasksCount?: number;
  runningTaskSlotsCount?: number;
  totalTasksSucceeded?: number;
  startTask?: StartTask;
  startTaskInfo?: StartTaskInfo;
  errors?: { code?: string; message?: string; errorDetails?: NameValuePair[] }[];
  isDedicated?: boolean;
}

/** An application of the account and its packages' versions that can be used. */
export interface BatchApplication {
  id: string;
  displayName?: string;
  versions: string[];
}

export interface BatchSupportedImage {
  nodeAgentSKUId: string;
  imageReference: ImageReference;
  osType: 'linux' | 'windows';
  verificationType: 'verified' | 'unverified';
  capabilities?: string[];
  batchSupportEndOfLife?: string;
}
