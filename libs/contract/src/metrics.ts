/** Numbers that tasks export: how they are summed up, and where the best of them stand. */
import type { JobKey } from './names';

/** Of `$.metrics` of a job. */
export interface MetricsSpec {
  /** JSON file that tasks leave in their working directory (default {@link DEFAULT_METRICS_FILE}). */
  file?: string;
  objective?: Objective;
}

export interface Objective {
  metric: string;
  goal: Goal;
}

export const GOALS = ['minimize', 'maximize'] as const;
export type Goal = (typeof GOALS)[number];

export const DEFAULT_METRICS_FILE = 'metrics.json';
/** Metrics of one job; further ones are ignored. */
export const MAX_METRICS = 50;
/** Tasks that are kept in order at each end of each metric. */
export const TOP_TASKS = 100;
/** Longest name of a metric, and longest text that counts as a parameter. Characters. */
export const MAX_METRIC_NAME = 100;
export const MAX_PARAMETER = 200;

export type Scalar = string | number | boolean;

/** One line of `METRICS_n.jsonl`: what a task was given and what it came to. */
export interface MetricLine {
  task: number;
  /** Scalars of its only item. */
  parameters: Record<string, Scalar>;
  metrics: Record<string, number>;
}

export interface MetricSummary {
  /** Tasks that have it. */
  count: number;
  min: number;
  max: number;
  mean: number;
}

/** What a job's metrics come to, in its row. */
export interface JobMetrics {
  /** Succeeded tasks with metrics, and those without a file that could be used. */
  tasks: number;
  omitted: number;
  /** Values that are no finite number, nested or too many. */
  ignored: number;
  /** By metric, in the order of {@link metricNames}. */
  values: Record<string, MetricSummary>;
  objective?: Objective;
  /** The best task by the objective. */
  best?: MetricLine;
}

/** `results/metrics/{n}.json`: the tasks at both ends of one metric, {@link TOP_TASKS} at most. */
export interface MetricTops {
  metric: string;
  lowest: MetricLine[];
  highest: MetricLine[];
}

/** Says that a job has metrics, and what its experiment lists of them. */
export interface JobMetricsRecord extends JobKey {
  uid: string;
  createdTime: string;
  /** Scalars of the job's own parameters. */
  parameters: Record<string, Scalar>;
  metrics: JobMetrics;
}

export function jobMetricsOf({ workspace, experiment }: Pick<JobKey, 'workspace' | 'experiment'>) {
  return { kind: 'jobMetrics', scope: [workspace, experiment] };
}

/** Metrics in the order in which their blobs are numbered. */
export function metricNames({ values }: Pick<JobMetrics, 'values'>): string[] {
  return Object.keys(values).sort();
}

/** What of a value can be shown as parameters: its scalars, or itself. */
export function scalarsOf(value: unknown): Record<string, Scalar> {
  if (isScalar(value)) return { item: value };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const entries = Object.entries(value).filter((entry): entry is [string, Scalar] => isScalar(entry[1]));
  return Object.fromEntries(entries.slice(0, MAX_METRICS));
}

function isScalar(value: unknown): value is Scalar {
  if (typeof value === 'string') return value.length <= MAX_PARAMETER;
  return typeof value === 'number' || typeof value === 'boolean';
}
