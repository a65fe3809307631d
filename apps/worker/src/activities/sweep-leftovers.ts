/**
 * The sweeper's part in storage, by the markers of jobs (see `libs/contract`, `Leftover`): staged blobs that no redrive
 * can need any more are deleted, and jobs whose workflow was ended from outside get the row that it did not write.
 */
import { cancellationSignal, log } from '@temporalio/activity';
import type { JobRow, Leftover, SweeperReport } from '@windrow/contract';
import {
  durationMs,
  FailureType,
  isTerminal,
  jobWorkflowId,
  LEFTOVERS,
  parseLeftover,
  workspaceContainer,
} from '@windrow/contract';
import type { ActivityDeps } from './deps';
import { removeStaged, writeMarker } from './leftovers';
import { count } from './sweep-report';

/** Temporal's word for how a workflow ended, and when; `UNKNOWN`: Temporal has forgotten it. */
export interface WorkflowEnd {
  status: string;
  time?: string;
}

interface Surroundings {
  /** What is younger is left alone. Milliseconds. */
  graceMs: number;
  endOf: (workflowId: string) => Promise<WorkflowEnd | undefined>;
}

/** Containers of workspaces begin so; the markers decide, this only narrows the listing. */
const WORKSPACES = workspaceContainer('');

/** Returns the number of markers of this installation; what was done goes into `report`. */
export async function sweepLeftovers(
  { storage: { blobs, catalogue }, deployment }: Pick<ActivityDeps, 'storage' | 'deployment'>,
  { graceMs, endOf }: Surroundings,
  report: Pick<SweeperReport, 'staged' | 'corrected'>,
): Promise<number> {
  let examined = 0;
  for await (const container of blobs.listContainers(WORKSPACES)) {
    for await (const { name, lastModified, metadata } of blobs.list(container, { prefix: LEFTOVERS })) {
      cancellationSignal().throwIfAborted();
      const leftover = parseLeftover(name, metadata);
      if (!leftover || leftover.deployment !== deployment || container !== workspaceContainer(leftover.workspace))
        continue;
      examined += 1;
      const { expires } = leftover;
      const isOld = lastModified.getTime() < Date.now() - graceMs;
      const isOver = expires === undefined ? isOld : Date.parse(expires) < Date.now() - graceMs;
      if (!isOver) continue;
      // A redrive may have begun meanwhile: then the job lives, and its marker is about to say so.
      const end = await endOf(jobWorkflowId(leftover));
      if (!end) continue;
      if (expires === undefined) await endLate(leftover, end);
      else await remove(leftover);
    }
  }
  return examined;

  async function remove(leftover: Leftover): Promise<void> {
    report.staged.blobs += await removeStaged(blobs, leftover);
    count(report.staged, leftover.uid);
    log.warn('swept what was staged', { uid: leftover.uid, expired: leftover.expires });
  }

  /** The workflow ran no release: its row is put right, and from now on its retention counts. */
  async function endLate(leftover: Leftover, end: WorkflowEnd): Promise<void> {
    if ((await catalogue.changeJob(leftover, (row) => endedRow(row, end))) === 'changed') {
      count(report.corrected, leftover.uid);
      log.warn('row of an ended job corrected', { uid: leftover.uid, status: end.status });
    }
    const expires = new Date(Date.now() + durationMs(leftover.retention)).toISOString();
    await writeMarker(blobs, { ...leftover, expires });
  }
}

/** Undefined when the row tells the end already. */
function endedRow(row: JobRow, { status, time }: WorkflowEnd): JobRow | undefined {
  if (isTerminal(row.state)) return undefined;
  const now = new Date().toISOString();
  const { waiting: _waiting, progress: _progress, live: _live, ...rest } = row;
  const { counts } = row;
  const pending = counts.total - counts.succeeded - counts.failed;
  return {
    ...rest,
    state: 'failed',
    phase: 'failed',
    endTime: time ?? now,
    updatedTime: now,
    // Nothing runs, or is to run, any more.
    counts: { ...counts, pending, active: 0, running: 0 },
    timings: row.timings.map((timing) => ({ ...timing, endTime: timing.endTime ?? time ?? now })),
    error: {
      code: FailureType.terminated,
      message: `The workflow of the job was ended from outside (${status.toLowerCase()}), so nothing was gathered. What had ended by then is kept: redrive the job, which runs the rest.`,
    },
  };
}
