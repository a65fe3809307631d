/** Inputs and results of the pool activities. Types only: workflows import them. */
import type { ClusterInput, NodeKind, PoolTemplate } from '@windrow/contract';

export interface Reason {
  code: string;
  message: string;
}

export interface PoolStatus {
  allocationState: string;
  /** Nodes there, evicted ones left out. */
  current: number;
  usable: number;
  failed: number;
  /** Spot nodes taken away and not yet replaced. */
  evicted: number;
  /** Target and nodes there of each kind, as Batch has them. */
  dedicated: NodeKind;
  spot: NodeKind;
  /** Resize errors newer than our own last resize. */
  errors: Reason[];
  /** The formula could not be evaluated, in Batch's own words; only when newer than our own last enabling. */
  formulaError?: Reason;
  /** Steady with fewer nodes than its target since then, as the watch saw it (ISO). */
  shortSince?: string;
  /** The pool stands still, and why one can tell. */
  stuck?: Stuck;
}

/**
 * `resizing`: for longer than its resize time-out. `short`: steady below its target, and no error says why.
 * `formula`: its formula is no longer evaluated.
 */
export type Stuck = 'resizing' | 'short' | 'formula';

export interface NodeTargets {
  dedicated: number;
  spot: number;
}

export interface SizeInput {
  input: ClusterInput;
  template: PoolTemplate;
  poolId: string;
  vmSize: number;
  /** `formula`: the template's formula sizes the pool. */
  targets: NodeTargets | 'formula';
  workflowId: string;
  /** Ask even if Batch seems to have this size already: the pool stands still. */
  kick: boolean;
}

export interface SizeAnswer {
  /** Service time of the resize: errors the pool shows from before are stale. */
  resizedAt?: string;
  /** The account's pool quota, or the workspace's of nodes, is used up: not a failure, the cluster waits. */
  refused?: Reason;
  /** Nodes of the workspace's quota that the pool now holds, where there is one. */
  held?: number;
  /** What was asked of Batch, where the workspace's quota gave less than was wanted. */
  given?: NodeTargets;
  /** Of the VM size asked for, where the deployment has one. */
  price?: NodePrice;
}

/** Of one node of a VM size, for an hour. */
export interface NodePrice {
  currency: string;
  dedicated: number;
  spot: number;
}

export interface WatchPoolInput {
  poolId: string;
  known: PoolStatus;
  target: number;
  resizedAt?: string;
}
