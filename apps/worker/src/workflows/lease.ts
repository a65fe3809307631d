import { CancellationScope, isCancellation, log, workflowInfo } from '@temporalio/workflow';
import type { JobInput, JobPlan, LeaseAnswer } from '@windrow/contract';
import { clusterWorkflowId, ephemeralCluster, isClusterReference, PRIORITIES, slotsPerNode } from '@windrow/contract';
import type { AcquireInput } from '../activities/lease-types';
import type { JobRecord } from './job-record';
import { jobError } from './job-error';
import { control, watch } from './proxies';

export interface Lease {
  leaseId: string;
  /** The cluster's workflow. */
  workflowId: string;
  cluster: string;
  /** Slots asked for, and once it is granted, slots granted. */
  slots: number;
  /** Known once the cluster has answered. */
  poolId: string;
  /** What was asked for, to ask again if it is lost. */
  claim: AcquireInput;
}

interface GrantSignal {
  granted: () => LeaseAnswer | undefined;
  wait: () => Promise<void>;
  /** The cluster is gone, or refuses: the job cannot go on. */
  lost: (reason: string) => void;
}

/** What a job claims: slots of the named cluster, or a pool of its own. */
export function claimFor(input: JobInput, plan: JobPlan): Lease {
  const { pool, execution, requiredSlots } = plan;
  const named = isClusterReference(pool);
  const cluster = named ? pool.cluster : ephemeralCluster(input.uid);
  const wanted = Math.min(plan.tasks, execution.maxParallelTasks ?? Infinity) * requiredSlots;
  const slots = named ? wanted : Math.min(wanted, pool.nodes.max * slotsPerNode(pool));
  const request = {
    leaseId: input.uid,
    holder: workflowInfo().workflowId,
    job: input.job,
    slots,
    minSlots: requiredSlots,
    ...(plan.instances !== undefined && { nodesPerTask: plan.instances }),
    priority: PRIORITIES.indexOf(execution.priority),
  };
  const own = !named && { template: pool, keepPool: plan.cleanup.pool === 'keep' };
  return {
    leaseId: input.uid,
    workflowId: clusterWorkflowId({ workspace: input.workspace, cluster }),
    cluster,
    slots,
    poolId: '',
    claim: { input, cluster, request, ...own },
  };
}

/** Returns when the claim is granted, however long that takes; `lease` then holds the slots and the pool. */
export async function acquireLease(lease: Lease, record: JobRecord, signal: GrantSignal): Promise<void> {
  record.row.cluster = lease.cluster;
  const summary = `claim ${lease.slots} slots of ${lease.cluster}`;
  const answer = await control.acquireLease.executeWithOptions({ summary }, [lease.claim]);
  lease.poolId = answer.poolId;
  if (answer.state === 'granted') {
    lease.slots = answer.slots;
    return;
  }
  await record.waitFor('step', {
    code: 'ClusterFull',
    message: `All slots of cluster ${lease.cluster} are leased; this job is number ${answer.position} in its queue.`,
    since: new Date().toISOString(),
  });
  const queue = new CancellationScope();
  holdLease(lease, queue, signal.lost);
  await signal.wait();
  queue.cancel();
  lease.slots = signal.granted()!.slots;
  await record.waitFor('step', undefined);
}

/** Before a further wave: as many slots as its tasks can use, of those that are free. */
export async function adjustLease(lease: Lease, slots: number): Promise<void> {
  const wanted = Math.min(slots, lease.claim.request.slots);
  const claim = { ...lease.claim, request: { ...lease.claim.request, slots: wanted } };
  const summary = `claim ${wanted} slots of ${lease.cluster} for the next wave`;
  const answer = await control.acquireLease.executeWithOptions({ summary }, [claim]);
  if (answer.state === 'granted') lease.slots = answer.slots;
}

/** Keeps the claim alive, beside the phases, for as long as the scope lives. */
export function holdLease(lease: Lease, scope: CancellationScope, lost: (reason: string) => void): void {
  const summary = `renew the lease on ${lease.cluster}`;
  void scope
    .run(() => watch.renewLease.executeWithOptions({ summary }, [lease.claim]))
    .catch((error: unknown) => {
      if (isCancellation(error)) return;
      log.error('lease is no longer renewed', { error: String(error) });
      lost(jobError(error).message);
    });
}
