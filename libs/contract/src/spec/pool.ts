import type { MountSpec } from '../file-servers';
import type { ProgramSource } from './task';

export type PoolSpec = ClusterReference | PoolTemplate;

export interface ClusterReference {
  cluster: string;
}

export interface NodesSpec {
  min?: number;
  max: number;
  /** Share of spot (low priority) nodes, 0 to 100. */
  spotPercent?: number;
  /** Where spot nodes cannot be had for a while: wait for them (the default), or take dedicated ones instead. */
  spotFallback?: 'wait' | 'dedicated';
}

export interface ImageSpec {
  publisher: string;
  offer: string;
  sku: string;
  version?: string;
  nodeAgentSkuId: string;
}

/** A pool of one's own (ephemeral), and the template of a named cluster. */
export interface PoolTemplate {
  /** Ordered: the next one is tried when the one before has no quota or capacity. */
  vmSizes: string[];
  image?: ImageSpec;
  nodes: NodesSpec;
  slotsPerNode?: number;
  /** Azure Batch autoscale formula; without one Windrow computes the size from the slots that jobs have leased. */
  autoscaleFormula?: string;
  /** ISO 8601 duration between two evaluations, `PT5M` to `PT168H`. */
  autoscaleInterval?: string;
  /** How long a cluster without jobs keeps its nodes above the minimum (ISO 8601 duration). */
  idleTimeout?: string;
  /** Images that nodes fetch when they start; needed for tasks with `container`. */
  containerImages?: string[];
  /** Nodes can talk to each other, as multi-instance tasks need it. */
  interNodeCommunication?: boolean;
  /** File servers of the workspace that every node mounts. */
  mounts?: MountSpec[];
  setupTask?: {
    commandLine: string;
    program?: ProgramSource[];
    environment?: Record<string, string>;
    retries?: number;
  };
}

export function isClusterReference(pool: PoolSpec): pool is ClusterReference {
  return 'cluster' in pool;
}
