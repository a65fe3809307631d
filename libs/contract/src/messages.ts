/** What crosses Temporal: workflow types, task queues, inputs, updates and signals. References only, never lists. */
import type { ClusterKey, JobKey } from './names';
import type { BudgetSpec, CleanupSpec, ExecutionSpec, GatherSpec, PoolSpec, PoolTemplate } from './spec';
import type { completeExecution } from './defaults';
import type { Download, PlannedTask, SourceSnapshot } from './plan';
import type { JobRow, JobUsage, Waiting } from './rows';
import type { EndState } from './states';

export const TaskQueue = {
  /** Workflows and short activities. */
  control: 'windrow-control',
  /** Reading, planning, submitting, gathering: heavy, few at a time. */
  bulk: 'windrow-bulk',
  /** Long heartbeating watches: light, very many at a time. */
  watch: 'windrow-watch',
} as const;

export const WorkflowType = {
  job: 'jobWorkflow',
  cluster: 'clusterWorkflow',
  plan: 'planWorkflow',
  sweeper: 'sweeperWorkflow',
  deletion: 'deletionWorkflow',
  admission: 'admissionWorkflow',
  event: 'eventWorkflow',
  webhook: 'webhookWorkflow',
  scheduledRun: 'scheduledRunWorkflow',
  arrivalScan: 'arrivalScanWorkflow',
} as const;

/** Temporal schedule and workflow id of the sweeper. */
export const SWEEPER_ID = 'windrow-sweeper';

/** Input of `jobWorkflow` and `planWorkflow`; the specification itself lies in Blob. */
export interface JobInput extends JobKey {
  uid: string;
  createdTime: string;
  /** Present for a run that redrives the job. */
  redrive?: RedriveRef;
}

export interface EndedJob extends Pick<JobRow, 'error'> {
  state: EndState;
}

export interface RedriveRef {
  /** Names the request in Blob (`jobPaths.redrive`). Absent: nothing is different from the first run. */
  id?: string;
  /** Counts the redrives of the job, from 1. */
  number: number;
  /** How many automatic ones there were since the last start by hand, this one included. */
  automatic: number;
  /** What the runs before came to. */
  before: Pick<JobRow, 'counts' | 'nodeSeconds' | 'usage'>;
  /** How the run before ended: so the job stays when this one cannot begin. */
  ended?: EndedJob;
  /** What the owner changed in the run before; automatic redrives only. */
  changes?: ExecutionChange;
}

/** What the plan phase hands to the workflow: counts and the small parts of the specification, never the lists. */
export interface JobPlan {
  items: number;
  tasks: number;
  shards: number;
  displayName?: string;
  labels: Record<string, string>;
  /** Slots that one task takes in all, those of its instances together. */
  requiredSlots: number;
  /** Nodes that one task takes, where they are several. */
  instances?: number;
  /** Some tasks wait for others. */
  dependencies: boolean;
  /** With what the task asks of a pool of its own. */
  pool: PoolSpec;
  execution: ReturnType<typeof completeExecution>;
  gather: GatherSpec;
  cleanup: Required<CleanupSpec>;
  /** The workspace has a quota of jobs: the job asks before it provisions. */
  limited?: boolean;
}

/** The tasks that a redrive runs, and what the runs before it left. */
export interface RedriveChoice {
  /** Its first wave: those of all runs are counted together. */
  wave: number;
  /** Tasks to run, listed in `blob` (see `RetryLine`). */
  tasks: number;
  blob: string;
  succeeded: number;
  /** Failed before, and not to be run. */
  failed: number;
  /** Never run, and not to be run now: the filter leaves them out, or they depend on failed ones. */
  skipped: number;
}

/** Answer of the dry run (`planWorkflow`). */
export interface PlanResult {
  items: number;
  tasks: number;
  /** Slots that one task takes in all. */
  requiredSlots: number;
  slotsPerNode: number;
  /** Nodes that would run all tasks at once, within the pool's limits. */
  nodesNeeded: number;
  maxNodes: number;
  sample: PlannedTask[];
  program: Download[];
  sources: SourceSnapshot[];
  estimate?: CostEstimate;
}

/** The most that the tasks of a job can take of nodes. An upper bound, not a forecast. */
export interface CostEstimate {
  nodeHoursAtMost: number;
  /** Where the deployment has prices for each of the pool's VM sizes. */
  costAtMost?: number;
  currency?: string;
  /** How it was reckoned, in words. */
  basis: string;
}

/** Result of a job that succeeded; one that failed ends as a failed workflow, whose type is the error's code. */
export interface JobResult {
  state: 'succeeded';
  counts: JobRow['counts'];
}

export interface ClusterInput extends ClusterKey {
  /** Distinguishes a cluster from an earlier one of the same name; part of the Batch pool's id. */
  uid: string;
  displayName?: string;
  labels?: Record<string, string>;
  template: PoolTemplate;
  createdTime: string;
  /** An ephemeral cluster deletes itself with its last lease. */
  ephemeral: boolean;
  /** Keep the pool when the cluster ends (`cleanup.pool: keep`). */
  keepPool?: boolean;
}

export interface LeaseRequest {
  /** The job's uid: asking twice is one claim. */
  leaseId: string;
  /** Workflow that gets the `leaseGranted` and `clusterStatus` signals. */
  holder: string;
  job: string;
  slots: number;
  /** Slots of the largest single task, on all its nodes together. */
  minSlots: number;
  /** Nodes over which that task's slots are spread, where they are several. */
  nodesPerTask?: number;
  priority: number;
  /** What the job may use of nodes; the cluster counts and says when it is used up. */
  budget?: BudgetSpec;
  /** None of the job's tasks runs at this moment: whatever it held is free. */
  idle?: boolean;
  /** What the job used before, under a lease that it gave back or lost. */
  used?: JobUsage;
}

export interface LeaseAnswer {
  state: 'granted' | 'queued';
  /** Slots granted. A later grant may be a smaller one: its holder starts no task above it, and kills none. */
  slots: number;
  poolId: string;
  /** Place in the queue, from 1. */
  position?: number;
  /** Counts the grants of this lease. What is said of an older one is out of date. */
  grant?: number;
}

/** Answer to the release of a lease: what it cost, for the job's last row. */
export interface ReleaseAnswer {
  usage?: JobUsage;
}

export interface ResizeRequest {
  min: number;
  max: number;
}

export const ClusterUpdate = { acquire: 'acquire', release: 'release', resize: 'resize', delete: 'delete' } as const;
export const ClusterSignal = { renew: 'renew', nodesFreed: 'nodesFreed' } as const;
/** Updates of `jobWorkflow`; refused once the job has ended, or is about to. */
export const JobUpdate = { pause: 'pause', resume: 'resume', change: 'change' } as const;
export const JobSignal = {
  leaseGranted: 'leaseGranted',
  clusterStatus: 'clusterStatus',
  progress: 'progress',
  /** Why a step of the job waits; without a value: it no longer does. */
  waiting: 'waiting',
  /** The workspace's quota lets the job run, or its place in the queue is another. */
  admission: 'admission',
} as const;

export interface PauseRequest {
  /** What happens to tasks that run: they end (`wait`), or are stopped and run again later (`requeue`). */
  running: 'wait' | 'requeue';
}

/** Body of `PATCH .../jobs/{job}` below `execution`; what is absent stays as it is. */
export type ExecutionChange = Pick<
  ExecutionSpec,
  'maxParallelTasks' | 'priority' | 'toleratedFailures' | 'deadline' | 'timeout'
>;

export interface RenewMessage {
  leaseId: string;
  /** Slots the job can still use; lets the cluster shrink as the job drains. Absent: as before. */
  slots?: number;
  /** After a smaller grant, of this number: slots that the job's tasks hold at most from now on. */
  held?: { grant: number; slots: number };
}

export interface ClusterStatusMessage {
  nodes: { target: number; current: number; usable: number };
  waiting?: Waiting;
  /** Set when the breaker tripped: the nodes' own error text and the start task's stderr. */
  broken?: { code: string; message: string };
  /** Nodes that the job has used so far. */
  usage?: JobUsage;
  /** Set when the job's budget is used up: in words, what it was and what was used. */
  spent?: string;
}

/** How long a lease lives without renewal. Milliseconds. */
export const LEASE_TTL_MS = 600_000;
/** How often a holder renews its lease. Milliseconds. */
export const LEASE_RENEW_MS = 120_000;

/** Search attributes set on every workflow. Upper bound on SQL visibility: 10 Keyword, 3 Int. */
export const SearchAttribute = {
  workspace: 'WindrowWorkspace',
  experiment: 'WindrowExperiment',
  job: 'WindrowJob',
  state: 'WindrowState',
  cluster: 'WindrowCluster',
  tasks: 'WindrowTasks',
  failedTasks: 'WindrowFailedTasks',
} as const;
/** Value types as Temporal's CLI and operator service name them. */
export const SEARCH_ATTRIBUTE_TYPES = {
  WindrowWorkspace: 'Keyword',
  WindrowExperiment: 'Keyword',
  WindrowJob: 'Keyword',
  WindrowState: 'Keyword',
  WindrowCluster: 'Keyword',
  WindrowTasks: 'Int',
  WindrowFailedTasks: 'Int',
} as const;

export interface SweeperInput {
  /** Younger resources are left alone: their owner may just be starting. Milliseconds. */
  graceMs: number;
}

export interface SweeperReport {
  /** Resources that this installation created. */
  examined: number;
  batchJobs: SweptKind;
  pools: SweptKind;
  /** Jobs whose staged blobs were deleted, because they can no longer be redriven; and how many blobs that were. */
  staged: SweptKind & { blobs: number };
  /** Jobs whose workflow was ended from outside, and whose row was put right. */
  corrected: SweptKind;
}

export interface SweptKind {
  deleted: number;
  /** The first of them, for a person to read. */
  ids: string[];
}
