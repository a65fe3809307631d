/** The state of a cluster, carried from run to run of its workflow. Plain JSON. */
import type { LeaseRequest, PoolTemplate, Waiting } from '@windrow/contract';
import type { NodePrice, NodeTargets, PoolStatus, Stuck } from '../activities/pool-types';
import type { UsageSum } from './cluster-usage';

export type { PoolStatus };

export interface Lease {
  leaseId: string;
  holder: string;
  job: string;
  /** Slots that the holder's tasks may take up; they count against the capacity until the holder gave them back. */
  slots: number;
  /** Slots it was told to keep to. Below `slots` while tasks above its share run to their end. */
  limit: number;
  /** Slots the job could use if it had them. */
  wanted: number;
  minSlots: number;
  priority: number;
  since: number;
  expiresAt: number;
  /** Number of the grant last told, see `LeaseAnswer.grant`. */
  grant: number;
  /** How often its holder was told of another number of slots. */
  told: number;
  /** Its time was up once; the next time it is dropped. */
  suspect?: boolean;
  budget?: LeaseRequest['budget'];
  usage: UsageSum;
}

export interface QueuedRequest extends LeaseRequest {
  since: number;
  expiresAt: number;
  suspect?: boolean;
}

export interface ClusterData {
  template: PoolTemplate;
  leases: Lease[];
  queue: QueuedRequest[];
  /** Nodes last asked of Batch, or, where a formula decides, those it wants; undefined before the pool exists. */
  target?: number;
  /** Dedicated nodes that stand in for spot nodes that cannot be had (`spotFallback`). */
  standIns: number;
  /** What was last asked of Batch. */
  asked?: NodeTargets | 'formula';
  /** Index into `template.vmSizes`. */
  vmSize: number;
  /** Service time of our last resize (ISO); resize errors of an older date are stale. */
  resizedAt?: string;
  status: PoolStatus;
  waiting?: Waiting;
  broken?: { code: string; message: string };
  /** Since when nodes are wanted and none is usable. */
  noneSince?: number;
  /** When the cluster last had demand for its present size. */
  idleSince?: number;
  /** Earliest time of the next attempt after a quota or capacity error. */
  retryAt?: number;
  retries: number;
  /** The next sizing is asked for even if Batch seems to have it already, because the pool stands still. */
  kick?: Stuck;
  kicked?: { times: number; reason: string; time: string };
  /** Earliest time of the next watch after one that failed. */
  watchAgainAt?: number;
  /** When we last asked Batch for a size, by our own clock. */
  sizedAt: number;
  /** Up to when the time of nodes was counted, by our own clock. */
  chargedAt?: number;
  /** Of the present VM size, where the deployment has one. */
  price?: NodePrice;
  /** Nodes of the workspace's quota that are held for the pool, where there is one. */
  held?: number;
  deleting: boolean;
  /** Somebody has asked for slots; before that an ephemeral cluster is not over but has not begun. */
  claimed: boolean;
}

const NONE = { target: 0, current: 0 };

export const NO_STATUS: PoolStatus = {
  allocationState: 'steady',
  current: 0,
  usable: 0,
  failed: 0,
  evicted: 0,
  dedicated: NONE,
  spot: NONE,
  errors: [],
};

export function newCluster(template: PoolTemplate): ClusterData {
  return {
    template,
    leases: [],
    queue: [],
    standIns: 0,
    vmSize: 0,
    status: NO_STATUS,
    retries: 0,
    sizedAt: 0,
    deleting: false,
    claimed: false,
  };
}
