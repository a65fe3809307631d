/** Deletes what this installation created and what no workflow owns any more: in Batch here, in storage beside. */
import { cancellationSignal, log } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import { ensureJobDeleted, ensurePoolDeleted } from '@windrow/batch';
import type { MetadataItem } from '@windrow/batch';
import { OWNER, ResourceTag } from '@windrow/contract';
import type { SweeperInput, SweeperReport, SweptKind } from '@windrow/contract';
import type { ActivityDeps } from './deps';
import type { WorkflowEnd } from './ended-outside';
import { beating } from './poll';
import { isKept, tag } from './resource-tags';
import { sweepLeftovers } from './sweep-leftovers';
import { count, emptyReport } from './sweep-report';

/** All ids that Windrow gives begin so; the tags decide, this only narrows the listing. */
const MINE = { filter: "startswith(id,'windrow-')", select: 'id,state,creationTime,metadata' };

/** What a listing tells of a Batch job or a pool. */
interface Resource {
  id: string;
  state: string;
  creationTime: string;
  metadata?: MetadataItem[];
}

export function createSweepActivities(deps: ActivityDeps) {
  const { batch, temporal, deployment } = deps;

  async function sweep({ graceMs }: SweeperInput): Promise<SweeperReport> {
    return beating(async () => {
      const report = emptyReport();
      const isLiving = remembering(async (id: string) => (await endOf(id)) === undefined);
      const examine = async (resource: Resource, kind: SweptKind, remove: () => Promise<unknown>): Promise<void> => {
        cancellationSignal().throwIfAborted();
        if (tag(resource, ResourceTag.owner) !== OWNER || tag(resource, ResourceTag.deployment) !== deployment) return;
        report.examined += 1;
        if (!isDue(resource, graceMs) || (await isLiving(tag(resource, ResourceTag.workflowId) ?? ''))) return;
        log.warn('swept', { id: resource.id, owner: tag(resource, ResourceTag.workflowId) });
        await remove();
        count(kind, resource.id);
      };
      // Markers first, as what had ended is known to Batch alone; then jobs: a pool goes faster when nothing waits for it.
      const unsettled = await sweepLeftovers(deps, { graceMs, endOf }, report);
      for await (const job of batch.jobs.list(MINE)) {
        if (unsettled.has(tag(job, ResourceTag.jobUid) ?? '')) continue;
        await examine(job, report.batchJobs, () => ensureJobDeleted(batch, job.id));
      }
      for await (const pool of batch.pools.list(MINE)) {
        await examine(pool, report.pools, () => ensurePoolDeleted(batch, pool.id));
      }
      return report;
    });
  }

  /** How a workflow ended; undefined while it runs. */
  async function endOf(workflowId: string): Promise<WorkflowEnd | undefined> {
    try {
      const { status, closeTime } = await temporal().workflow.getHandle(workflowId).describe();
      // A run that was continued is followed by another, which the next round sees.
      if (status.name === 'RUNNING' || status.name === 'CONTINUED_AS_NEW') return undefined;
      return { status: status.name, ...(closeTime && { time: closeTime.toISOString() }) };
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return { status: 'UNKNOWN' };
      // Not knowing is no reason to delete.
      throw error;
    }
  }

  return { sweep };
}

function isDue(resource: Resource, graceMs: number): boolean {
  if (resource.state === 'deleting') return false;
  if (Date.parse(resource.creationTime) > Date.now() - graceMs) return false;
  return !isKept(resource);
}

/** One question per owner and round, however many resources it has. */
function remembering(ask: (id: string) => Promise<boolean>): (id: string) => Promise<boolean> {
  const answers = new Map<string, Promise<boolean>>();
  return (id) => {
    const known = answers.get(id) ?? ask(id);
    answers.set(id, known);
    return known;
  };
}
