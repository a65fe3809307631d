import type { FailureGroup } from './ledger';
import type { JobMetrics } from './metrics';
import type { PoolTemplate, Priority } from './spec';
import type { ClusterState, JobState } from './states';

export interface TaskCounts {
  total: number;
  /** Planned, not (or not again) handed to Batch. */
  pending: number;
  active: number;
  running: number;
  succeeded: number;
  failed: number;
}

/** Why a job or cluster is not getting on, in words. */
export interface Waiting {
  code: string;
  message: string;
  since: string;
}

export interface JobError {
  code: string;
  message: string;
  /** Place in the specification, as a JSON path, where one is to blame. */
  path?: string;
  /** The Batch error beneath. */
  batch?: { code: string; message: string };
}

/** A redrive that could not begin. Nothing of the job was changed by it. */
export interface RefusedRedrive extends JobError {
  time: string;
}

export interface PhaseTiming {
  phase: string;
  startTime: string;
  endTime?: string;
}

/** Work done within the present phase, for a progress bar. */
export interface PhaseProgress {
  done: number;
  total: number;
  unit: 'items' | 'tasks' | 'files' | 'nodes';
}

/** Nodes that a job has used: time of its own pool, or its share of a cluster's, by slots. Approximate. */
export interface JobUsage {
  dedicatedNodeSeconds: number;
  spotNodeSeconds: number;
  /** Where the deployment has prices for the sizes used. */
  cost?: { amount: number; currency: string };
  updatedTime: string;
}

/** The values in force: those of the specification, and what was changed since. */
export interface JobExecution {
  maxParallelTasks?: number;
  priority: Priority;
  timeout: string;
  deadline?: string;
  toleratedFailures: { count: number; percent: number };
}

/** What the owner of a job or cluster calls it. Changed by the API, laid over what the worker writes. */
export interface OwnerNote {
  /** Null: taken away. */
  displayName: string | null;
  labels: Record<string, string>;
}

/** A job in the catalogue: the durable read model behind GET and LIST. */
export interface JobRow {
  workspace: string;
  experiment: string;
  job: string;
  uid: string;
  displayName?: string;
  labels: Record<string, string>;
  state: JobState;
  phase: string;
  progress?: PhaseProgress;
  cluster?: string;
  createdTime: string;
  startTime?: string;
  endTime?: string;
  /** When the row was last written. */
  updatedTime: string;
  /** What reports progress at this moment: `plan` or a wave. Progress of anything else is out of date. */
  live?: string;
  items?: number;
  counts: TaskCounts;
  waiting?: Waiting;
  failures: FailureGroup[];
  nodes?: { target: number; current: number; usable: number };
  nodeSeconds?: number;
  usage?: JobUsage;
  /** How often the job was redriven. Start, end and timings are those of the last run. */
  redrives?: number;
  /** Why the last redrive did not begin: the job is as it was before. */
  redriveRefused?: RefusedRedrive;
  /** Known once the job is planned. */
  execution?: JobExecution;
  /** Of jobs with `metrics` that have gathered. */
  metrics?: JobMetrics;
  timings: PhaseTiming[];
  error?: JobError;
  /** It is being deleted: nothing can be done with it any more. */
  deleting?: boolean;
}

/** {@link JobRow.live} while the plan is made; otherwise it is the name of a wave. */
export const PLAN_LIVE = 'plan';

/** What the plan and the watches write beside the row; laid over it while the row says that they are live. */
export interface JobProgress {
  live: string;
  counts: TaskCounts;
  progress: PhaseProgress;
  nodeSeconds: number;
  updatedTime: string;
}

/** Nodes of one kind: those wanted of Batch, and those there. */
export interface NodeKind {
  target: number;
  current: number;
}

/** A cluster in the catalogue. */
export interface ClusterRow {
  workspace: string;
  cluster: string;
  displayName?: string;
  labels?: Record<string, string>;
  template: PoolTemplate;
  state: ClusterState;
  poolId: string;
  vmSize: string;
  nodes: { target: number; current: number; usable: number; failed: number };
  /** The same nodes by kind. Nodes that were evicted and not replaced are none. */
  kinds?: { dedicated: NodeKind; spot: NodeKind };
  leases: { job: string; slots: number; expires: string }[];
  queued: { job: string; slots: number; since: string }[];
  waiting?: Waiting;
  /** The last time that a pool which stood still was pushed on, and how often that was needed. */
  kicked?: { times: number; reason: string; time: string };
  createdTime: string;
  updatedTime: string;
}
