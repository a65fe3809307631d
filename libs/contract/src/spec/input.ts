import type { Json } from './json';
import type { SweepInput } from './sweep';

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
  /**
   * `byteRanges`: each task is a range of a source of some `bytesPerTask`, cut at line ends, and reads it by itself; of
   * the source only the surroundings of the cuts are read. For csv, jsonl and lines, without line ends within fields.
   */
  split?: 'rows' | 'byteRanges';
}

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

export interface SampleSpec {
  /** Share of the items, above 0 and at most 100. */
  percent: number;
  seed?: number;
}
