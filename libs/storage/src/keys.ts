import type { ClusterKey } from '@windrow/contract';
import { isEphemeralCluster } from '@windrow/contract';

/** Keys of the catalogue's table. `|` separates, as it occurs in no name and is allowed in keys. */

export function jobPartition(workspace: string, experiment: string): string {
  return `job|${workspace}|${experiment}`;
}

/** Latest first: rows are sorted by row key, and this one falls as time rises. */
export function jobRowKey(uid: string, createdTime: string): string {
  const ms = Date.parse(createdTime);
  if (Number.isNaN(ms)) throw new RangeError(`'${createdTime}' is not a time.`);
  return `${String(LAST_MS - ms).padStart(16, '0')}|${uid}`;
}

/** Ephemeral clusters have a partition of their own, so that no listing has to leave them out. */
export function clusterPartition({ workspace, cluster }: ClusterKey): string {
  return isEphemeralCluster(cluster) ? `ephemeral|${workspace}` : `cluster|${workspace}`;
}

/** The year 5138; far enough, and the difference is an exact integer. */
const LAST_MS = 100_000_000_000_000 - 1;
