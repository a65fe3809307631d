/** The marker of what a job may leave behind (see `libs/contract`), and the end of what it speaks of. */
import { activityInfo, heartbeat } from '@temporalio/activity';
import type { CleanupSpec, JobInput, Leftover } from '@windrow/contract';
import {
  completeCleanup,
  durationMs,
  jobPaths,
  leftoverMarker,
  leftoverMetadata,
  workspaceContainer,
} from '@windrow/contract';
import type { BlobStore } from '@windrow/storage';
import type { ActivityDeps } from './deps';
import { readSpec } from './job-files';
import { beating } from './poll';

export interface SettleInput {
  input: JobInput;
  /** Some task failed or never ran: what is staged is kept for a redrive until the retention is over. */
  redrivable: boolean;
}

/** The job runs: nothing of it expires. Written before anything is staged, and again when it is redriven. */
export async function markRunning(
  blobs: BlobStore,
  deployment: string,
  input: JobInput,
  cleanup: Required<CleanupSpec>,
): Promise<void> {
  await writeMarker(blobs, leftoverOf(input, deployment, cleanup));
}

export async function writeMarker(blobs: BlobStore, leftover: Leftover): Promise<void> {
  const metadata = leftoverMetadata(leftover);
  await blobs.writeText(workspaceContainer(leftover.workspace), leftoverMarker(leftover.uid), '', { metadata });
}

/** What is staged goes first: a marker without it costs one more look, staged blobs without a marker stay for ever. */
export async function removeStaged(
  blobs: BlobStore,
  job: Pick<Leftover, 'workspace' | 'uid' | 'staged'>,
): Promise<number> {
  const container = workspaceContainer(job.workspace);
  const deleted = job.staged === 'keep' ? 0 : await blobs.deletePrefix(container, jobPaths(job.uid).staged);
  await blobs.delete(container, leftoverMarker(job.uid));
  return deleted;
}

export function createLeftoverActivities({ storage: { blobs }, deployment }: ActivityDeps) {
  /** The end of a run: deletes what nothing can need any more, and notes how long the rest is kept. */
  async function settleStaged({ input, redrivable }: SettleInput): Promise<void> {
    heartbeat();
    await beating(async () => {
      const cleanup = completeCleanup(await readSpec(blobs, input));
      const leftover = leftoverOf(input, deployment, cleanup);
      if (!redrivable) return removeStaged(blobs, leftover);
      // By the schedule of the activity, so that a second attempt says the same.
      const expires = new Date(activityInfo().scheduledTimestampMs + durationMs(cleanup.retention)).toISOString();
      return writeMarker(blobs, { ...leftover, expires });
    });
  }

  return { settleStaged };
}

function leftoverOf(input: JobInput, deployment: string, cleanup: Required<CleanupSpec>): Leftover {
  const { workspace, experiment, job, uid, createdTime } = input;
  const { retention, staged } = cleanup;
  return { workspace, experiment, job, uid, createdTime, deployment, retention, staged };
}
