/**
 * One marker blob for each job that may have left something behind: a job that runs, or that can still be redriven. It
 * lies under one prefix of the workspace's container, and all it says is in its metadata, so that one listing tells the
 * sweeper what there is to do. It is written before anything is staged, and deleted after everything staged is.
 */
import type { JobKey } from './names';

export const LEFTOVERS = 'leftovers/';

export function leftoverMarker(uid: string): string {
  return `${LEFTOVERS}${uid}`;
}

export interface Leftover extends JobKey {
  uid: string;
  createdTime: string;
  /** Installation that staged it. */
  deployment: string;
  /** `cleanup.retention` and `cleanup.staged` of the job. */
  retention: string;
  staged: 'delete' | 'keep';
  /** When what is staged goes (ISO 8601). Absent while the job runs. */
  expires?: string;
}

/** Metadata of the marker: ASCII, and names without capitals, as Blob storage wants it. */
export function leftoverMetadata(leftover: Leftover): Record<string, string> {
  return Object.fromEntries(Object.entries(leftover).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

/** Undefined for a blob that is none of ours: it lacks what a marker says, or its name is not that of its job. */
export function parseLeftover(name: string, metadata: Record<string, string> = {}): Leftover | undefined {
  const {
    workspace,
    experiment,
    job,
    uid,
    createdtime: createdTime,
    deployment,
    retention,
    staged,
    expires,
  } = metadata;
  if (!workspace || !experiment || !job || !uid || !createdTime || !deployment || !retention) return undefined;
  if (name !== leftoverMarker(uid) || !/^[A-Za-z0-9]+$/.test(uid)) return undefined;
  const kept = staged === 'keep' ? 'keep' : 'delete';
  const known = { workspace, experiment, job, uid, createdTime, deployment, retention, staged: kept } as const;
  return expires ? { ...known, expires } : known;
}
