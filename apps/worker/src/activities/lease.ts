/** The job's side of the lease protocol. Updates cannot be sent from a workflow, so activities send them. */
import { activityInfo, cancellationDetails } from '@temporalio/activity';
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
import type { AcquireInput, RenewalEnd } from './lease-types';
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
   * Renews until cancelled by the workflow, and returns only then. A cluster that gave the lease up, or ended, while all
   * workers were down is asked again: claiming is idempotent, and a pool of the job's own comes back under its old name.
   * Tells whether it has claimed: the claim may have crossed the release of the lease.
   */
  async function renewLease(claim: AcquireInput): Promise<RenewalEnd> {
    const { workspace } = claim.input;
    const workflowId = clusterWorkflowId({ workspace, cluster: claim.cluster });
    const message: RenewMessage = { leaseId: claim.request.leaseId };
    // What an attempt before this one did, nobody knows.
    let claimed = activityInfo().attempt > 1;
    let lost = claimed;
    const renew = async () => {
      try {
        if (!lost) await temporal().workflow.getHandle(workflowId).signal(ClusterSignal.renew, message);
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
        lost = true;
      }
      if (!lost) return undefined;
      claimed = true;
      await claimAgain(claim);
      lost = false;
      return undefined;
    };
    try {
      return await pollUntil<RenewalEnd>({ pollMinMs: LEASE_RENEW_MS, pollMaxMs: LEASE_RENEW_MS }, renew);
    } catch (error) {
      if (cancellationDetails()?.cancelRequested) return { claimed };
      throw error;
    }
  }

  /** The answer goes to the job by signal: it may be waiting for just that. */
  async function claimAgain(claim: AcquireInput): Promise<void> {
    const answer = await acquireLease(claim);
    if (answer.state !== 'granted') return;
    await temporal().workflow.getHandle(claim.request.holder).signal(JobSignal.leaseGranted, answer);
  }

  return { acquireLease, releaseLease, renewLease };
}
