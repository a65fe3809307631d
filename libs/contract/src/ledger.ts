import type { EndState } from './states';
import type { FailureCategory, Json } from './spec';

/** One line of the ledger: the outcome of one attempt of one task. Written at least once, read deduplicated. */
export interface LedgerEntry {
  task: number;
  /** Batch wave the attempt belongs to, from 1; those of redrives are counted on. */
  attempt: number;
  outcome: 'succeeded' | 'failed';
  exitCode?: number;
  category?: FailureCategory;
  /** Batch's own code, such as `FailureExitCode`. */
  code?: string;
  message?: string;
  /** Last part of stderr; only for failures, and only for the first ones of a wave. */
  stderrTail?: string;
  startTime?: string;
  endTime?: string;
  node?: string;
  /** Retries that Batch itself made within this attempt. */
  batchRetries: number;
}

/** Failures that share category, code and exit code. */
export interface FailureGroup {
  category: FailureCategory;
  code: string;
  exitCode?: number;
  count: number;
  /** At most three. */
  examples: { task: number; message?: string; stderrTail?: string }[];
}

/** `results/manifest.json`. */
export interface ResultManifest {
  job: { workspace: string; experiment: string; job: string; uid: string };
  outcome: EndState;
  counts: { total: number; succeeded: number; failed: number; pending: number };
  /** Blob names in the workspace's container. */
  files: { succeeded: string[]; failed: string[]; pending: string[] };
  /** The gathered artefacts. */
  artefacts: { name: string; bytes: number }[];
  failures: FailureGroup[];
  /** With `task.resultFile`: succeeded tasks whose result is in their line, and those whose line says why it is not. */
  results?: { carried: number; omitted: number };
  createdTime: string;
}

/** One line of `SUCCEEDED_n.jsonl`, `FAILED_n.jsonl` and `PENDING_n.jsonl`. */
export interface ResultLine {
  task: number;
  outcome: 'succeeded' | 'failed' | 'pending';
  attempts: number;
  exitCode?: number;
  category?: FailureCategory;
  code?: string;
  message?: string;
  stderrTail?: string;
  /** Prefix of the task's outputs in the workspace's container. */
  outputs: string;
  /** Content of the task's `resultFile`. */
  result?: Json;
  /** Why there is none: `missing`, `too large`, `not JSON`. */
  resultOmitted?: string;
}
