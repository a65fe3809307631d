/** Deletes what this installation created in Batch and what no workflow owns any more. */
import { cancellationSignal, log } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import { ensureJobDeleted, ensurePoolDeleted } from '@windrow/batch';
import type { MetadataItem } from '@windrow/batch';
import { OWNER, ResourceTag } from '@windrow/contract';
import type { SweeperInput, SweeperReport, SweptKind } from '@windrow/contract';
import type { ActivityDeps } from './deps';
import { beating } from './poll';

/** All ids that Windrow gives begin so; the tags decide, this only narrows the listing. */
const MINE = { filter: "startswith(id,'windrow-')", select: 'id,state,creationTime,metadata' };
const SHOWN = 20;

/** What a listing tells of a Batch job or a pool. */
interface Resource {
  id: string;
  state: string;
  creationTime: string;
  metadata?: MetadataItem[];
}

export function createSweepActivities({ batch, temporal, deployment }: ActivityDeps) {
  async function sweep({ graceMs }: SweeperInput): Promise<SweeperReport> {
    return beating(async () => {
      const report: SweeperReport = { examined: 0, batchJobs: none(), pools: none() };
      const isLiving = remembering(isRunning);
      const examine = async (resource: Resource, kind: SweptKind, remove: () => Promise<unknown>): Promise<void> => {
        cancellationSignal().throwIfAborted();
        if (tag(resource, ResourceTag.owner) !== OWNER || tag(resource, ResourceTag.deployment) !== deployment) return;
        report.examined += 1;
        if (!isDue(resource, graceMs) || (await isLiving(tag(resource, ResourceTag.workflowId) ?? ''))) return;
        log.warn('swept', { id: resource.id, owner: tag(resource, ResourceTag.workflowId) });
        await remove();
        kind.deleted += 1;
        if (kind.ids.length < SHOWN) kind.ids.push(resource.id);
      };
      // Jobs first: a pool goes faster when nothing waits for it.
      for await (const job of batch.jobs.list(MINE)) {
        await examine(job, report.batchJobs, () => ensureJobDeleted(batch, job.id));
      }
      for await (const pool of batch.pools.list(MINE)) {
        await examine(pool, report.pools, () => ensurePoolDeleted(batch, pool.id));
      }
      return report;
    });
  }

  async function isRunning(workflowId: string): Promise<boolean> {
    try {
      const { status } = await temporal().workflow.getHandle(workflowId).describe();
      return status.name === 'RUNNING';
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      // Not knowing is no reason to delete.
      throw error;
    }
  }

  return { sweep };
}

function isDue(resource: Resource, graceMs: number): boolean {
  if (resource.state === 'deleting') return false;
  if (Date.parse(resource.creationTime) > Date.now() - graceMs) return false;
  return tag(resource, ResourceTag.keep) !== 'true';
}

function tag({ metadata }: Resource, name: string): string | undefined {
  return metadata?.find((item) => item.name === name)?.value;
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

const none = (): SweptKind => ({ deleted: 0, ids: [] });
