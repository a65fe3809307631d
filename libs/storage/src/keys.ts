import { createHash } from 'node:crypto';
import type { ClusterKey, JobState } from '@windrow/contract';
import { isEphemeralCluster } from '@windrow/contract';

/** Keys of the catalogue's table. `|` separates, as it occurs in no name and is allowed in keys. */

export function jobPartition(workspace: string, experiment: string): string {
  return `job|${workspace}|${experiment}`;
}

/** Latest first: rows are sorted by row key, and this one falls as time rises. */
export function jobRowKey(uid: string, createdTime: string): string {
  return `${timeKey(createdTime)}|${uid}`;
}

/** What the row keys of jobs of that moment begin with; `later`: of the moment so many milliseconds after it. */
export function timeKey(time: string, later = 0): string {
  const ms = Date.parse(time);
  if (Number.isNaN(ms)) throw new RangeError(`'${time}' is not a time.`);
  return String(LAST_MS - ms - later).padStart(16, '0');
}

/** Rows of jobs lie between these, and index rows, which begin with a letter, do not. */
export const FIRST_JOB = '0';
export const AFTER_JOBS = ':';

/** Index rows lie in the partition of their jobs: one for its state, one for each label, in the order of the jobs. */
export function stateIndex(state: JobState): string {
  return `s|${state}|`;
}

/** Hashed: a label may hold what a row key must not. */
export function labelIndex(label: string, value: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([label, value]))
    .digest('hex');
  return `l|${hash.slice(0, 32)}|`;
}

/** Ephemeral clusters have a partition of their own, so that no listing has to leave them out. */
export function clusterPartition({ workspace, cluster }: ClusterKey): string {
  return isEphemeralCluster(cluster) ? `ephemeral|${workspace}` : `cluster|${workspace}`;
}

/** The year 5138; far enough, and the difference is an exact integer. */
const LAST_MS = 100_000_000_000_000 - 1;
