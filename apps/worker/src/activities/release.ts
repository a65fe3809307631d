/** Giving back what a job held. Not found is success everywhere. */
import { ensureJobDeleted, ensureJobTerminated } from '@windrow/batch';
import type { JobInput } from '@windrow/contract';
import { batchJobId, jobPaths, workspaceContainer } from '@windrow/contract';
import type { ActivityDeps } from './deps';
import { beating } from './poll';

export function createReleaseActivities({ storage, batch }: ActivityDeps) {
  /** Kills what runs; the jobs stay, so that outcomes can still be read. */
  async function stopBatchJobs({ input, waves }: { input: JobInput; waves: string[] }): Promise<void> {
    await Promise.all(
      waves.map((wave) => ensureJobTerminated(batch, batchJobId(input.uid, wave), 'CancelledByWindrow')),
    );
  }

  async function deleteBatchJobs({ input, waves }: { input: JobInput; waves: string[] }): Promise<void> {
    await Promise.all(waves.map((wave) => ensureJobDeleted(batch, batchJobId(input.uid, wave))));
  }

  async function deleteStaged(input: JobInput): Promise<void> {
    const prefix = jobPaths(input.uid).staged;
    await beating(() => storage.blobs.deletePrefix(workspaceContainer(input.workspace), prefix));
  }

  return { stopBatchJobs, deleteBatchJobs, deleteStaged };
}
