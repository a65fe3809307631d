/** The job's side of the lease protocol. Updates cannot be sent from a workflow, so activities send them. */
import { activityInfo } from '@temporalio/activity';
import { WithStartWorkflowOperation } from '@temporalio/client';
import type { Workflow } from '@temporalio/common';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { ClusterInput, LeaseAnswer, LeaseRequest, ReleaseAnswer, RenewMessage } from '@windrow/contract';
import {
  ClusterSignal,
  ClusterUpdate,
  JobSignal,
  clusterWorkflowId,
  LEASE_RENEW_MS,
  TaskQueue,
  WorkflowType,
} from '@windrow/contract';
import type { ActivityDeps } from './deps';
import type { AcquireInput } from './lease-types';
import { pollUntil } from './poll';

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

  /** A cluster that is gone holds no lease: that is success. Tells what was used under it. */
  async function releaseLease({
    workflowId,
    leaseId,
  }: {
    workflowId: string;
    leaseId: string;
  }): Promise<ReleaseAnswer> {
    try {
      return await temporal()
        .workflow.getHandle(workflowId)
        .executeUpdate<ReleaseAnswer, [{ leaseId: string }]>(ClusterUpdate.release, { args: [{ leaseId }] });
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      return {};
    }
  }

  /**
   * Renews until cancelled. Never returns by itself. A cluster that gave the lease up, or ended, while all workers were
   * down is asked again: claiming is idempotent, and a pool of the job's own comes back under its old name.
   */
  async function renewLease(claim: AcquireInput): Promise<void> {
    const { workspace } = claim.input;
    const workflowId = clusterWorkflowId({ workspace, cluster: claim.cluster });
    const message: RenewMessage = { leaseId: claim.request.leaseId };
    let lost = activityInfo().attempt > 1;
    await pollUntil({ pollMinMs: LEASE_RENEW_MS, pollMaxMs: LEASE_RENEW_MS }, async () => {
      if (lost) await claimAgain(claim);
      lost = false;
      try {
        await temporal().workflow.getHandle(workflowId).signal(ClusterSignal.renew, message);
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
        await claimAgain(claim);
      }
      return undefined;
    });
  }

  /** The answer goes to the job by signal: it may be waiting for just that. */
  async function claimAgain(claim: AcquireInput): Promise<void> {
    const answer = await acquireLease(claim);
    if (answer.state !== 'granted') return;
    await temporal().workflow.getHandle(claim.request.holder).signal(JobSignal.leaseGranted, answer);
  }

  return { acquireLease, releaseLease, renewLease };
}
