/** Ending the workflows of what is deleted, and waiting until they have. A workflow that is not there has ended. */
import { cancellationSignal, sleep } from '@temporalio/activity';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { ClusterUpdate, clusterWorkflowId, jobWorkflowId, SearchAttribute, WorkflowType } from '@windrow/contract';
import type { JobRef } from '@windrow/storage';
import type { ActivityDeps } from './deps';

const LOOK_EVERY_MS = 300;
const PAGE = 1000;

export function createEnding({ temporal, storage }: Pick<ActivityDeps, 'temporal' | 'storage'>) {
  const handle = (workflowId: string) => temporal().workflow.getHandle(workflowId);

  /** Undefined: it has ended, or the name has been taken by another job since. */
  async function runOf(job: JobRef): Promise<string | undefined> {
    const found = await unlessAbsent(() => handle(jobWorkflowId(job)).describe());
    const uid = found?.memo?.['uid'] ?? job.uid;
    return found && isOpen(found) && uid === job.uid ? found.runId : undefined;
  }

  /** Asks the run that there is to end, and tells which one that is. */
  async function cancelJob(job: JobRef): Promise<string | undefined> {
    const runId = await runOf(job);
    if (runId !== undefined) {
      await unlessAbsent(() => temporal().workflow.getHandle(jobWorkflowId(job), runId).cancel());
    }
    return runId;
  }

  /** Returns when the workflow has ended: it writes no more rows, and has released what it held. */
  async function endJob(job: JobRef): Promise<void> {
    let cancelled = await cancelJob(job);
    while (cancelled !== undefined) {
      await pause();
      const runId = await runOf(job);
      // A run may just have been continued by another one, which has to hear of it, too.
      cancelled = runId === undefined || runId === cancelled ? runId : await cancelJob(job);
    }
  }

  /** Deletes the clusters of a workspace, those without a row too, and returns their number when all have ended. */
  async function deleteClusters(workspace: string): Promise<number> {
    const ids = await clustersOf(workspace);
    let waiting = ids;
    while (waiting.length > 0) {
      const left: string[] = [];
      for (const id of waiting) if (await isOpenRun(id)) left.push(id);
      // Refused while leases of jobs that have ended are still to expire; accepted once more when it is deleting.
      await Promise.all(left.map(askToDelete));
      waiting = left;
      if (left.length > 0) await pause();
    }
    return ids.length;
  }

  async function clustersOf(workspace: string): Promise<string[]> {
    const ids = new Set<string>();
    let token = {};
    do {
      const page = await storage.catalogue.listClusters({ workspace, pageSize: PAGE, ...token });
      for (const { cluster } of page.rows) ids.add(clusterWorkflowId({ workspace, cluster }));
      token = page.nextPageToken === undefined ? {} : { pageToken: page.nextPageToken };
    } while ('pageToken' in token);
    const query = `${SearchAttribute.workspace} = '${workspace}' AND WorkflowType = '${WorkflowType.cluster}' AND ExecutionStatus = 'Running'`;
    for await (const { workflowId } of temporal().workflow.list({ query })) ids.add(workflowId);
    return [...ids];
  }

  async function askToDelete(workflowId: string): Promise<void> {
    try {
      await unlessAbsent(() => handle(workflowId).startUpdate(ClusterUpdate.delete, { waitForStage: 'ACCEPTED' }));
    } catch (error) {
      if (!(error instanceof WorkflowUpdateFailedError)) throw error;
    }
  }

  /** Whether the workflow runs; of a job with this uid, where one is given. */
  async function isOpenRun(workflowId: string, uid?: string): Promise<boolean> {
    const found = await unlessAbsent(() => handle(workflowId).describe());
    return found !== undefined && isOpen(found) && (uid === undefined || (found.memo?.['uid'] ?? uid) === uid);
  }

  return { cancelJob, endJob, deleteClusters, isOpenRun };
}

function isOpen({ status }: { status: { name: string } }): boolean {
  return ['RUNNING', 'CONTINUED_AS_NEW', 'PAUSED'].includes(status.name);
}

async function pause(): Promise<void> {
  cancellationSignal().throwIfAborted();
  await sleep(LOOK_EVERY_MS);
}

async function unlessAbsent<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
