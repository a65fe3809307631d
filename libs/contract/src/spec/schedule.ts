/** A schedule as a customer writes it (REST body): when, and a whole job whose texts may hold `{{schedule.x}}`. */
import type { JobSpec } from './job-spec';

export interface ScheduleBody {
  displayName?: string;
  labels?: Record<string, string>;
  spec: ScheduleSpec;
  /** What happens when a time comes while a job of an earlier one runs. */
  overlap?: OverlapPolicy;
  /** ISO 8601 duration: times that were missed longer ago are given up. */
  catchUpWindow?: string;
  /** A job that fails pauses the schedule. */
  pauseOnFailure?: boolean;
  /** So many runs, and no more. */
  limitedRuns?: number;
  /** As it is created; afterwards `:pause` and `:resume`. */
  paused?: boolean;
  note?: string;
  /** Of its jobs. */
  experiment?: string;
  job: JobSpec;
}

export interface ScheduleSpec {
  /** Expressions of five fields. */
  cron?: string[];
  interval?: { every: string; offset?: string };
  calendar?: CalendarEntry[];
  /** Name of the IANA database, for `cron` and `calendar`; UTC when absent. */
  timeZone?: string;
  /** First and last moment, both inclusive (ISO 8601). */
  start?: string;
  end?: string;
  /** ISO 8601 duration: up to so much later, so that not all start at once. */
  jitter?: string;
  blobArrival?: BlobArrival;
}

/** Numbers that match: one, or a range. */
export type CalendarRange = number | { start: number; end?: number; step?: number };

/** Each field given has to match; absent ones are 0 (second, minute, hour) or match everything. */
export interface CalendarEntry {
  year?: CalendarRange[];
  /** 1 to 12. */
  month?: CalendarRange[];
  dayOfMonth?: CalendarRange[];
  /** 0, Sunday, to 6. */
  dayOfWeek?: CalendarRange[];
  hour?: CalendarRange[];
  minute?: CalendarRange[];
  second?: CalendarRange[];
}

/** A job for each new blob, or group of blobs. */
export interface BlobArrival {
  container: string;
  prefix?: string;
  include?: string[];
  exclude?: string[];
  /** Pattern over the blob's name, such as `in/{group}/*.csv`: blobs with the same `{group}` make one job. */
  groupBy?: string;
  /** ISO 8601 duration: a blob counts when it was not changed for so long. */
  settle?: string;
  /** ISO 8601 duration between two looks. */
  every?: string;
  /** Whether a blob that is written anew is a new one. */
  onChange?: 'ignore' | 'submit';
  /** Jobs at a time with `overlap: allowAll`. */
  maxActiveJobs?: number;
  /** Jobs that one look submits at most. */
  maxJobsPerScan?: number;
}

export const OVERLAP_POLICIES = [
  'skip',
  'bufferOne',
  'bufferAll',
  'cancelOther',
  'terminateOther',
  'allowAll',
] as const;
export type OverlapPolicy = (typeof OVERLAP_POLICIES)[number];

export const DEFAULT_CATCH_UP = 'PT1H';
export const ARRIVAL_DEFAULTS = {
  settle: 'PT10S',
  every: 'PT1M',
  onChange: 'ignore',
  maxActiveJobs: 10,
  maxJobsPerScan: 100,
} as const;

/** Of blobs all count, and none is skipped: whoever wants one job after the other says `bufferAll`. */
export function overlapOf({ overlap, spec }: Pick<ScheduleBody, 'overlap' | 'spec'>): OverlapPolicy {
  return overlap ?? (spec.blobArrival ? 'allowAll' : 'skip');
}
