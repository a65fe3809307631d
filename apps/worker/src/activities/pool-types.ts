/** Inputs and results of the pool activities. Types only: workflows import them. */
import type { ClusterInput, PoolTemplate } from '@windrow/contract';

export interface PoolStatus {
  allocationState: string;
  current: number;
  usable: number;
  failed: number;
  /** Resize errors newer than our own last resize. */
  errors: { code: string; message: string }[];
}

export interface SizeInput {
  input: ClusterInput;
  template: PoolTemplate;
  poolId: string;
  vmSize: number;
  target: number;
  workflowId: string;
}

export interface SizeAnswer {
  /** Service time of the resize: errors the pool shows from before are stale. */
  resizedAt?: string;
  /** The account's pool quota is used up: not a failure, the cluster waits. */
  refused?: { code: string; message: string };
}

export interface WatchPoolInput {
  poolId: string;
  known: PoolStatus;
  target: number;
  resizedAt?: string;
}
