/** The side of jobs and clusters of the admission. Updates cannot be sent from a workflow, so activities send them. */
import { WithStartWorkflowOperation } from '@temporalio/client';
import type { Workflow } from '@temporalio/common';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { AdmitAnswer, AdmitRequest, JobInput, NodesAnswer, NodesRequest } from '@windrow/contract';
import { AdmissionUpdate, admissionWorkflowId, jobWorkflowId, TaskQueue, WorkflowType } from '@windrow/contract';
import { createEnding } from './deletion-ending';
import type { ActivityDeps } from './deps';
import { readQuotas } from './quotas';

export interface Holders {
  jobs: { id: string; holder: string }[];
  pools: { holder: string; poolId: string }[];
}

export function createAdmissionActivities(deps: ActivityDeps) {
  const { temporal, storage, batch, defaultQuotas = {} } = deps;
  const { isOpenRun } = createEnding(deps);

  async function admitJob({ input, priority }: { input: JobInput; priority: number }): Promise<AdmitAnswer> {
    const { workspace, uid, job } = input;
    const quotas = await readQuotas(storage.resources, workspace, defaultQuotas);
    const request: AdmitRequest = { id: uid, holder: jobWorkflowId(input), job, priority, quotas };
    return askAdmission(deps, workspace, AdmissionUpdate.admit, request);
  }

  /** Where there is no admission nothing is held. */
  async function leaveAdmission({ workspace, id }: { workspace: string; id: string }): Promise<void> {
    await unlessGone(() =>
      temporal()
        .workflow.getHandle(admissionWorkflowId(workspace))
        .executeUpdate<void, [{ id: string }]>(AdmissionUpdate.leave, { args: [{ id }] }),
    );
  }

  /** A pool has fewer nodes than its cluster holds of the workspace's quota. */
  async function giveNodesBack({ workspace, ...held }: NodesRequest & { workspace: string }): Promise<void> {
    await unlessGone(() =>
      temporal()
        .workflow.getHandle(admissionWorkflowId(workspace))
        .executeUpdate<NodesAnswer, [NodesRequest]>(AdmissionUpdate.holdNodes, { args: [held] }),
    );
  }

  /** Jobs whose workflow does not run any more, and clusters of which that is so and whose pool is gone as well. */
  async function findEnded({ jobs, pools }: Holders): Promise<{ jobs: string[]; pools: string[] }> {
    const ended: { jobs: string[]; pools: string[] } = { jobs: [], pools: [] };
    for (const { id, holder } of jobs) if (!(await isOpenRun(holder, id))) ended.jobs.push(id);
    for (const { holder, poolId } of pools) {
      if (!(await isOpenRun(holder)) && !(await batch.pools.exists(poolId))) ended.pools.push(holder);
    }
    return ended;
  }

  return { admitJob, leaveAdmission, giveNodesBack, findEnded };
}

/** Asks the admission of a workspace, which is started where there is none. */
export function askAdmission<T, A extends object>(
  { temporal }: Pick<ActivityDeps, 'temporal'>,
  workspace: string,
  update: string,
  request: A,
): Promise<T> {
  return temporal().workflow.executeUpdateWithStart<Workflow, T, [A]>(update, {
    args: [request],
    startWorkflowOperation: new WithStartWorkflowOperation(WorkflowType.admission, {
      workflowId: admissionWorkflowId(workspace),
      taskQueue: TaskQueue.control,
      args: [{ workspace }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      staticSummary: `admission of workspace ${workspace}`,
    }),
  });
}

async function unlessGone(call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
