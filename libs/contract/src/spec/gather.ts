import type { OutputSpec, ProgramSource } from './task';

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
