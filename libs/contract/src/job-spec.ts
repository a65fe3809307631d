/** The job as a customer writes it (REST body and `spec.json`). Plain JSON; what it leaves out is in `defaults.ts`. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export interface JobSpec {
  displayName?: string;
  labels?: Record<string, string>;
  parameters?: JsonObject;
  input: InputSpec;
  /** Zero items are an error unless this is true. */
  allowEmpty?: boolean;
  /** Sampling run: only the first items are planned. */
  maxItems?: number;
  batching?: BatchingSpec;
  task: TaskSpec;
  pool: PoolSpec;
  execution?: ExecutionSpec;
  gather?: GatherSpec;
  cleanup?: CleanupSpec;
}

export type InputSpec = BlobsInput | RowsInput | SweepInput | ItemsInput | ManifestInput | RepeatInput;

export interface BlobsInput {
  kind: 'blobs';
  container: string;
  prefix?: string;
  /** Globs over the blob name; a blob is taken when one of them matches (all, when absent). */
  include?: string[];
  exclude?: string[];
}

export const ROW_FORMATS = ['csv', 'jsonl', 'json', 'lines', 'parquet'] as const;
export type RowFormat = (typeof ROW_FORMATS)[number];

export interface RowsInput {
  kind: 'rows';
  container: string;
  /** Source blobs, read in this order. */
  blobs: string[];
  format: RowFormat;
  /** CSV only: first row holds the column names (default true); otherwise columns are `c1`, `c2`, ... */
  header?: boolean;
  /** CSV and parquet: keep only these columns. */
  columns?: string[];
  rowsPerTask?: number;
  bytesPerTask?: string;
}

export type SweepInput = GridSweep | SelectionSweep | RandomSweep;

export const SWEEP_METHODS = ['product', 'zip', 'combinations', 'permutations', 'random'] as const;

export interface GridSweep {
  kind: 'sweep';
  method: 'product' | 'zip';
  /** Values per parameter: a list, or a range with both ends included. */
  parameters: Record<string, SweepValues>;
}

/** Each parameter becomes a list of `length` of its values; several parameters are combined as in a product. */
export interface SelectionSweep {
  kind: 'sweep';
  method: 'combinations' | 'permutations';
  parameters: Record<string, SweepValues>;
  length: number;
  /** A value may be taken more than once. */
  replacement?: boolean;
}

/** `count` points, each parameter drawn from its distribution. The same seed gives the same points. */
export interface RandomSweep {
  kind: 'sweep';
  method: 'random';
  parameters: Record<string, Distribution>;
  count: number;
  seed?: number;
}

export type SweepValues = Json[] | SweepRange;

export interface SweepRange {
  from: number;
  to: number;
  step?: number;
}

export type Distribution =
  | { distribution: 'uniform' | 'log-uniform'; from: number; to: number; integer?: boolean }
  | { distribution: 'normal'; mean: number; standardDeviation: number; integer?: boolean }
  | { distribution: 'choice'; values: Json[] };

export interface ItemsInput {
  kind: 'items';
  items: Json[];
}

/** A blob of items, one JSON value a line. */
export interface ManifestInput {
  kind: 'manifest';
  container: string;
  blob: string;
}

/** `count` items of the form `{ "index": n }`. */
export interface RepeatInput {
  kind: 'repeat';
  count: number;
}

export interface BatchingSpec {
  maxItemsPerTask?: number;
  /** Size such as `64MiB`: of the blobs for `blobs`, of the JSON text otherwise. */
  maxBytesPerTask?: string;
}

export interface ProgramSource {
  container: string;
  prefix: string;
}

export interface OutputSpec {
  /** Pattern below the working directory, `*` and `**` allowed. */
  pattern: string;
  when?: 'success' | 'failure' | 'completion';
}

export interface TaskSpec {
  commandLine: string;
  program?: ProgramSource[];
  environment?: Record<string, string>;
  requiredSlots?: number;
  /** ISO 8601 duration, per attempt. */
  timeout?: string;
  /** Retries by Batch itself on a non-zero exit code. */
  retries?: number;
  outputs?: OutputSpec[];
}

export type PoolSpec = ClusterReference | PoolTemplate;

export interface ClusterReference {
  cluster: string;
}

export interface NodesSpec {
  min?: number;
  max: number;
  /** Share of spot (low priority) nodes, 0 to 100. */
  spotPercent?: number;
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
  setupTask?: {
    commandLine: string;
    program?: ProgramSource[];
    environment?: Record<string, string>;
    retries?: number;
  };
}

export const FailureCategory = {
  /** The command ended with a non-zero exit code. */
  exitCode: 'exitCode',
  /** Killed at its time limit. */
  timeout: 'timeout',
  /** Inputs could not be brought to the node. */
  staging: 'staging',
  /** The command ran, its outputs could not be uploaded. */
  upload: 'upload',
  /** Ended by someone: terminate call, job end, node removal. */
  terminated: 'terminated',
  /** Batch could not launch the command. */
  launch: 'launch',
  /** The service's own fault. */
  service: 'service',
} as const;
export type FailureCategory = (typeof FailureCategory)[keyof typeof FailureCategory];
export const FAILURE_CATEGORIES = Object.values(FailureCategory);

export interface RetryRule {
  on: { exitCodes?: number[]; categories?: FailureCategory[]; codes?: string[] };
  /** Attempts in all, the first included. */
  attempts: number;
  backoff?: { initial?: string; coefficient?: number; max?: string };
}

export const PRIORITIES = ['low', 'normal', 'high'] as const;
export type Priority = (typeof PRIORITIES)[number];

export interface ExecutionSpec {
  maxParallelTasks?: number;
  priority?: Priority;
  timeout?: string;
  toleratedFailures?: { count?: number; percent?: number };
  retryRules?: RetryRule[];
}

export type GatherSpec = ManifestGather | ConcatGather | ReduceGather;

export interface ManifestGather {
  kind: 'manifest';
}

/** Appends one output file of each succeeded task, in task order. */
export interface ConcatGather {
  kind: 'concat';
  /** Path of the output file below the working directory, the same in each task. */
  file: string;
  /** The files' first line is a header, kept once. */
  header?: boolean;
  /** Name under `results/artefacts/` (default: the file's own name). */
  target?: string;
}

/** A tree of tasks that merge outputs; the last one's outputs are the result. */
export interface ReduceGather {
  kind: 'reduce';
  commandLine: string;
  program?: ProgramSource[];
  environment?: Record<string, string>;
  /** Outputs of the task before that are handed on, as patterns (default: all of the task's outputs). */
  inputs?: string[];
  /** How many tasks' outputs one reduce task merges, at least 2. */
  fanIn?: number;
  timeout?: string;
  retries?: number;
  requiredSlots?: number;
  outputs?: OutputSpec[];
}

export interface CleanupSpec {
  batchJob?: 'delete' | 'keep';
  pool?: 'delete' | 'keep';
  staged?: 'delete' | 'keep';
}

export function isClusterReference(pool: PoolSpec): pool is ClusterReference {
  return 'cluster' in pool;
}
