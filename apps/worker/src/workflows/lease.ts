import { CancellationScope, isCancellation, log, workflowInfo } from '@temporalio/workflow';
import type { JobInput, JobPlan, LeaseAnswer } from '@windrow/contract';
import { clusterWorkflowId, ephemeralCluster, isClusterReference, PRIORITIES, slotsPerNode } from '@windrow/contract';
import type { JobRecord } from './job-record';
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
}

interface GrantSignal {
  granted: () => LeaseAnswer | undefined;
  wait: () => Promise<void>;
}

/** What a job claims: slots of the named cluster, or a pool of its own. */
export function claimFor(input: JobInput, plan: JobPlan): Lease {
  const cluster = isClusterReference(plan.pool) ? plan.pool.cluster : ephemeralCluster(input.uid);
  const wanted = Math.min(plan.tasks, plan.execution.maxParallelTasks ?? Infinity) * plan.requiredSlots;
  const slots = isClusterReference(plan.pool)
    ? wanted
    : Math.min(wanted, plan.pool.nodes.max * slotsPerNode(plan.pool));
  return {
    leaseId: input.uid,
    workflowId: clusterWorkflowId({ workspace: input.workspace, cluster }),
    cluster,
    slots,
    poolId: '',
  };
}

/** Returns when the claim is granted, however long that takes; `lease` then holds the slots and the pool. */
export async function acquireLease(
  lease: Lease,
  input: JobInput,
  plan: JobPlan,
  record: JobRecord,
  signal: GrantSignal,
): Promise<void> {
  record.row.cluster = lease.cluster;
  const answer = await control.acquireLease.executeWithOptions(
    {
      startToCloseTimeout: '1m',
      scheduleToCloseTimeout: '24h',
      summary: `claim ${lease.slots} slots of ${lease.cluster}`,
    },
    [
      {
        input,
        cluster: lease.cluster,
        ...(!isClusterReference(plan.pool) && { template: plan.pool, keepPool: plan.cleanup.pool === 'keep' }),
        request: {
          leaseId: lease.leaseId,
          holder: workflowInfo().workflowId,
          job: input.job,
          slots: lease.slots,
          minSlots: plan.requiredSlots,
          priority: PRIORITIES.indexOf(plan.execution.priority),
        },
      },
    ],
  );
  lease.poolId = answer.poolId;
  if (answer.state === 'granted') {
    lease.slots = answer.slots;
    return;
  }
  await record.waitFor({
    code: 'ClusterFull',
    message: `All slots of cluster ${lease.cluster} are leased; this job is number ${answer.position} in its queue.`,
    since: new Date().toISOString(),
  });
  const queue = new CancellationScope();
  holdLease(lease, queue);
  await signal.wait();
  queue.cancel();
  lease.slots = signal.granted()!.slots;
  await record.waitFor(undefined);
}

/** Keeps the claim alive, beside the phases, for as long as the scope lives. */
export function holdLease(lease: Lease, scope: CancellationScope): void {
  void scope
    .run(() =>
      watch.renewLease.executeWithOptions(
        { startToCloseTimeout: '30d', heartbeatTimeout: '15s', summary: `renew the lease on ${lease.cluster}` },
        [{ workflowId: lease.workflowId, leaseId: lease.leaseId }],
      ),
    )
    .catch((error: unknown) => {
      if (!isCancellation(error)) log.warn('lease is no longer renewed', { error: String(error) });
    });
}
