/** The job's side of the lease protocol. Updates cannot be sent from a workflow, so activities send them. */
import { WithStartWorkflowOperation } from '@temporalio/client';
import type { Workflow } from '@temporalio/common';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { ClusterInput, JobInput, LeaseAnswer, LeaseRequest, PoolTemplate, RenewMessage } from '@windrow/contract';
import {
  ClusterSignal,
  ClusterUpdate,
  clusterWorkflowId,
  LEASE_RENEW_MS,
  TaskQueue,
  WorkflowType,
} from '@windrow/contract';
import type { ActivityDeps } from './deps';
import { pollUntil } from './poll';

export interface AcquireInput {
  input: JobInput;
  cluster: string;
  /** Present for a pool of the job's own, which is started with the claim. */
  template?: PoolTemplate;
  keepPool?: boolean;
  request: LeaseRequest;
}

export function createLeaseActivities({ temporal }: ActivityDeps) {
  async function acquireLease({ input, cluster, template, keepPool, request }: AcquireInput): Promise<LeaseAnswer> {
    const { workspace, uid, createdTime } = input;
    const workflowId = clusterWorkflowId({ workspace, cluster });
    // One update id per attempt: the entity's own state makes a repeated claim one claim.
    if (!template) {
      const handle = temporal().workflow.getHandle(workflowId);
      return handle.executeUpdate<LeaseAnswer, [LeaseRequest]>(ClusterUpdate.acquire, { args: [request] });
    }
    const start: ClusterInput = {
      workspace,
      cluster,
      uid,
      template,
      createdTime,
      ephemeral: true,
      keepPool: keepPool ?? false,
    };
    return temporal().workflow.executeUpdateWithStart<Workflow, LeaseAnswer, [LeaseRequest]>(ClusterUpdate.acquire, {
      args: [request],
      startWorkflowOperation: new WithStartWorkflowOperation(WorkflowType.cluster, {
        workflowId,
        taskQueue: TaskQueue.control,
        args: [start],
        workflowIdConflictPolicy: 'USE_EXISTING',
        staticSummary: `pool of job ${input.job}`,
      }),
    });
  }

  /** A cluster that is gone holds no lease: that is success. */
  async function releaseLease({ workflowId, leaseId }: { workflowId: string; leaseId: string }): Promise<void> {
    try {
      await temporal()
        .workflow.getHandle(workflowId)
        .executeUpdate(ClusterUpdate.release, { args: [{ leaseId }] });
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }

  /** Renews until cancelled. Never returns by itself. */
  async function renewLease({ workflowId, leaseId }: { workflowId: string; leaseId: string }): Promise<void> {
    const message: RenewMessage = { leaseId };
    await pollUntil({ pollMinMs: LEASE_RENEW_MS, pollMaxMs: LEASE_RENEW_MS }, async () => {
      await temporal().workflow.getHandle(workflowId).signal(ClusterSignal.renew, message);
      return undefined;
    });
  }

  return { acquireLease, releaseLease, renewLease };
}
