/** Rules for the names users give, and the names Windrow derives from them. One home for every id. */

export const NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
/** Workspaces also name a Blob container, whose rules are narrower (lower case, no double hyphen). */
export const WORKSPACE_PATTERN = /^[a-z0-9](?:-?[a-z0-9]){0,47}$/;

export const DEFAULT_EXPERIMENT = 'migrated';

/** Workspace behind the flat `/v1/jobs` paths. */
export function defaultWorkspace(region: string): string {
  return `migrated-${region}`;
}

export interface JobKey {
  workspace: string;
  experiment: string;
  job: string;
}

export interface ClusterKey {
  workspace: string;
  cluster: string;
}

export function jobWorkflowId({ workspace, experiment, job }: JobKey): string {
  return `job:${workspace}/${experiment}/${job}`;
}

export function clusterWorkflowId({ workspace, cluster }: ClusterKey): string {
  return `cluster:${workspace}/${cluster}`;
}

/**
 * An ephemeral pool is a cluster with one lease; `~` cannot occur in a user's name, so the two never meet. Each redrive
 * has one of its own, so that a pool that is still being deleted is not in its way.
 */
export function ephemeralCluster(uid: string, redrive?: number): string {
  return redrive === undefined ? `~${uid}` : `~${uid}-r${redrive}`;
}

export function isEphemeralCluster(cluster: string): boolean {
  return cluster.startsWith('~');
}

export function workspaceContainer(workspace: string): string {
  return `windrow-${workspace}`;
}

/** Containers of the installation itself: no workspace has one of these names, as those have a hyphen. */
export const SYSTEM_CONTAINER = 'windrowsystem';
export const AUDIT_CONTAINER = 'windrowaudit';

/** Whether what a job of the workspace names may be this container: those of other workspaces, and ours, are not there for it. */
export function isVisibleContainer(container: string, workspace: string): boolean {
  if (container === SYSTEM_CONTAINER || container === AUDIT_CONTAINER) return false;
  return !container.startsWith(workspaceContainer('')) || container === workspaceContainer(workspace);
}

/** Batch job of one wave. Waves count from 1; reduce levels have waves of their own (see `reduceWave`). */
export function batchJobId(uid: string, wave: string): string {
  return `windrow-${uid}-${wave}`;
}

/** Batch task ids are integers in a fixed width, so that they sort and so that ranges can be expressed. */
export function batchTaskId(index: number): string {
  return String(index).padStart(8, '0');
}

export function taskIndexOf(batchTaskId: string): number {
  return Number.parseInt(batchTaskId, 10);
}

/** Batch pool of a cluster: at most 64 characters of the service's alphabet. */
export function poolIdOf(cluster: string, uid: string): string {
  return isEphemeralCluster(cluster) ? `windrow-job-${cluster.slice(1)}` : `windrow-${cluster.slice(0, 40)}-${uid}`;
}
