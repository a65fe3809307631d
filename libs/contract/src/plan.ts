import type { ProgramPackage } from './applications';
import type { Json, JsonObject } from './spec';

/** One line of a plan shard. Everything a Batch task needs besides the template; holds no SAS and no secret. */
export interface PlannedTask {
  /** Counts from 0 over the whole job. */
  index: number;
  /** Number of items. */
  items: number;
  /** The only item, when it is small: it travels as `WINDROW_ITEM`. Wrapped, because an item may be null. */
  inline?: { item: Json };
  /** Blob in the workspace's container that becomes `items.jsonl`. */
  itemsBlob?: string;
  downloads?: Download[];
  /** Rows that the node fetches itself, see {@link BlobRange}. */
  range?: BlobRange;
  /** Only what templates in the job's values expanded to for this task. */
  environment?: Record<string, string>;
  commandLine?: string;
}

/** A blob brought to the node before the command runs. `path` is below the working directory. */
export interface Download {
  container: string;
  blob: string;
  path: string;
  etag?: string;
  /** Where the account keeps versions: the one that is brought, whatever becomes of the blob. */
  versionId?: string;
}

/**
 * Part of a blob that becomes the file `path`, fetched by the task itself: resource files cannot be parts. The header
 * of a CSV blob comes first.
 */
export interface BlobRange extends Required<Omit<Download, 'versionId'>> {
  versionId?: string;
  /** Bytes. */
  offset: number;
  length: number;
  /** Where the blob has its header line. Bytes. */
  header?: { offset: number; length: number };
}

/** `plan/plan.json`: the frozen facts of a job, written last, so that its presence means the plan is whole. */
export interface PlanSummary {
  items: number;
  tasks: number;
  shards: number;
  /** Tasks per shard; the last one may hold fewer. */
  shardSize: number;
  /** Files of `task.program`, as they were when the job was planned. */
  program: Download[];
  reduceProgram: Download[];
  /** Packages of `task.program`, in the version that was the default; absent in plans made before they were kept. */
  packages?: ProgramPackage[];
  reducePackages?: ProgramPackage[];
  /** What the input was when it was read: one entry for each source blob. */
  sources: SourceSnapshot[];
  /** First tasks, for the dry run. */
  sample: PlannedTask[];
}

export interface SourceSnapshot {
  container: string;
  blob: string;
  etag: string;
  versionId?: string;
  bytes: number;
}

export const SHARD_SIZE = 1000;

/** Values templates may name: `{{item.x}}`, `{{parameters.x}}`, `{{task.index}}`; in a mapping `{{itemIndex}}`. */
export interface TemplateScope {
  item?: Json;
  /** Counts from 0 over the items that are planned. */
  itemIndex?: number;
  parameters: JsonObject;
  task?: { index: number };
}
