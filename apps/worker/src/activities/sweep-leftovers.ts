/**
 * The sweeper's part in storage, by the markers of jobs (see `libs/contract`, `Leftover`): staged blobs that no redrive
 * can need any more are deleted, and jobs whose workflow was ended from outside end as they should have.
 */
import { cancellationSignal, log } from '@temporalio/activity';
import type { Leftover, SweeperReport } from '@windrow/contract';
import { durationMs, jobWorkflowId, LEFTOVERS, parseLeftover, workspaceContainer } from '@windrow/contract';
import type { ActivityDeps } from './deps';
import { endLate } from './ended-outside';
import type { WorkflowEnd } from './ended-outside';
import { removeStaged, writeMarker } from './leftovers';
import { count } from './sweep-report';

interface Surroundings {
  /** What is younger is left alone. Milliseconds. */
  graceMs: number;
  endOf: (workflowId: string) => Promise<WorkflowEnd | undefined>;
}

/** Containers of workspaces begin so; the markers decide, this only narrows the listing. */
const WORKSPACES = workspaceContainer('');

/**
 * Returns the uids of jobs that could not be put right, whose Batch jobs have to stay until that has been done; what
 * was done goes into `report`. One job that fails must not keep the others from being swept.
 */
export async function sweepLeftovers(
  deps: ActivityDeps,
  { graceMs, endOf }: Surroundings,
  report: Pick<SweeperReport, 'examined' | 'staged' | 'corrected'>,
): Promise<Set<string>> {
  const { storage, deployment } = deps;
  const { blobs } = storage;
  const unsettled = new Set<string>();
  for await (const container of blobs.listContainers(WORKSPACES)) {
    for await (const { name, lastModified, metadata } of blobs.list(container, { prefix: LEFTOVERS })) {
      cancellationSignal().throwIfAborted();
      const leftover = parseLeftover(name, metadata);
      if (!leftover || leftover.deployment !== deployment || container !== workspaceContainer(leftover.workspace))
        continue;
      report.examined += 1;
      const { expires } = leftover;
      const isOld = lastModified.getTime() < Date.now() - graceMs;
      const isOver = expires === undefined ? isOld : Date.parse(expires) < Date.now() - graceMs;
      if (!isOver) continue;
      // A redrive may have begun meanwhile: then the job lives, and its marker is about to say so.
      const end = await endOf(jobWorkflowId(leftover));
      if (!end) continue;
      try {
        if (expires === undefined) await release(leftover, end);
        else await remove(leftover);
      } catch (error) {
        cancellationSignal().throwIfAborted();
        unsettled.add(leftover.uid);
        log.error('what a job left could not be swept; the next round tries again', {
          uid: leftover.uid,
          error: String(error),
        });
      }
    }
  }
  return unsettled;

  async function remove(leftover: Leftover): Promise<void> {
    report.staged.blobs += await removeStaged(blobs, leftover);
    count(report.staged, leftover.uid);
    log.warn('swept what was staged', { uid: leftover.uid, expired: leftover.expires });
  }

  /** The workflow ran no release: that is done here, and from now on its retention counts. */
  async function release(leftover: Leftover, end: WorkflowEnd): Promise<void> {
    if (await endLate(deps, leftover, end)) {
      count(report.corrected, leftover.uid);
      log.warn('row of an ended job corrected', { uid: leftover.uid, status: end.status });
    }
    const expires = new Date(Date.now() + durationMs(leftover.retention)).toISOString();
    await writeMarker(blobs, { ...leftover, expires });
  }
}
