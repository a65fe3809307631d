/** What people and jobs get to see of a cluster. */
import type { ClusterInput, ClusterRow, ClusterState, ClusterStatusMessage, Waiting } from '@windrow/contract';
import type { ClusterData, Lease, QueuedRequest } from './cluster-data';
import { isAutoscaled } from './cluster-size';

export function clusterState(data: ClusterData): ClusterState {
  if (data.deleting) return 'deleting';
  if (data.broken) return 'broken';
  if (data.waiting) return 'waiting';
  return data.target === undefined || data.status.allocationState !== 'steady' ? 'resizing' : 'steady';
}

export function nodeCounts(data: ClusterData) {
  const { current, usable, failed } = data.status;
  return { target: data.target ?? 0, current, usable, failed };
}

export function clusterRow(input: ClusterInput, data: ClusterData, poolId: string): ClusterRow {
  return {
    workspace: input.workspace,
    cluster: input.cluster,
    ...(input.displayName !== undefined && { displayName: input.displayName }),
    ...(input.labels && { labels: input.labels }),
    template: data.template,
    state: clusterState(data),
    poolId,
    vmSize: data.template.vmSizes[data.vmSize] ?? '',
    nodes: nodeCounts(data),
    kinds: { dedicated: data.status.dedicated, spot: data.status.spot },
    leases: data.leases.map(({ job, slots, expiresAt }) => ({
      job,
      slots,
      expires: new Date(expiresAt).toISOString(),
    })),
    queued: data.queue.map(({ job, slots, since }) => ({ job, slots, since: new Date(since).toISOString() })),
    ...reasonOf(data),
    ...(data.kicked && { kicked: data.kicked }),
    createdTime: input.createdTime,
    updatedTime: new Date().toISOString(),
  };
}

/** Why the cluster is not as it should be, and, where a person has to act, how. */
function reasonOf({ broken, waiting, sizedAt }: ClusterData): { waiting?: Waiting } {
  if (!broken) return waiting ? { waiting } : {};
  const message = `${broken.message} Mend the cause, then resize the cluster to try again.`;
  return { waiting: { code: broken.code, message, since: new Date(sizedAt).toISOString() } };
}

export function statusMessage(data: ClusterData): ClusterStatusMessage {
  const { target, current, usable } = nodeCounts(data);
  const waiting = data.waiting ?? starting(data);
  return {
    nodes: { target, current, usable },
    ...(waiting && { waiting }),
    ...(data.broken && { broken: data.broken }),
  };
}

function starting(data: ClusterData): Waiting | undefined {
  if (data.noneSince === undefined) return undefined;
  const since = new Date(data.noneSince).toISOString();
  if (data.target) {
    return { code: 'NodesStarting', message: `Waiting for the first of ${data.target} nodes to become usable.`, since };
  }
  if (!isAutoscaled(data)) return undefined;
  return {
    code: 'FormulaWantsNone',
    message: "The cluster's autoscale formula asks for no nodes at the moment.",
    since,
  };
}

/** The same words from the job, which has its answer first, and from the cluster, which sees it move up. */
export function waitingInQueue(cluster: string, position: number | undefined, since: number): Waiting {
  const message = `All slots of cluster ${cluster} are leased; this job is number ${position} in its queue.`;
  return { code: 'ClusterFull', message, since: new Date(since).toISOString() };
}

/** For a job that waits for slots. */
export function queueMessage(
  cluster: string,
  data: ClusterData,
  { since }: QueuedRequest,
  position: number,
): ClusterStatusMessage {
  const { target, current, usable } = nodeCounts(data);
  return { nodes: { target, current, usable }, waiting: waitingInQueue(cluster, position, since) };
}

function slotsOf({ slots, limit }: Lease): string {
  return limit < slots ? `${slots}, going down to ${limit}` : String(slots);
}

/** Markdown for the Temporal UI. */
export function describeCluster(input: ClusterInput, data: ClusterData): string {
  const { target, current, usable, failed } = nodeCounts(data);
  const lines = [
    `**${clusterState(data)}** · ${usable} of ${target} nodes usable (${current} allocated, ${failed} failed)`,
    `${data.leases.length} leases: ${data.leases.map((lease) => `${lease.job} (${slotsOf(lease)} slots)`).join(', ') || 'none'}`,
  ];
  if (data.queue.length > 0)
    lines.push(`${data.queue.length} waiting: ${data.queue.map((entry) => entry.job).join(', ')}`);
  if (data.kicked) {
    lines.push(`Pushed on ${data.kicked.times} times, last at ${data.kicked.time}: the pool ${data.kicked.reason}`);
  }
  if (data.waiting) lines.push(`Waiting since ${data.waiting.since}: ${data.waiting.message}`);
  if (data.broken) lines.push(`Broken: ${data.broken.message}`);
  return lines.join('\n\n');
}
