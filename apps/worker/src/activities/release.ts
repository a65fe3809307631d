/** Giving back what a job held. Not found is success everywhere. */
import { ensureJobDeleted, ensureJobTerminated } from '@windrow/batch';
import type { JobInput } from '@windrow/contract';
import { batchJobId } from '@windrow/contract';
import type { ActivityDeps } from './deps';

export function createReleaseActivities({ batch }: ActivityDeps) {
  /** Kills what runs; the jobs stay, so that outcomes can still be read. */
  async function stopBatchJobs({ input, waves }: { input: JobInput; waves: string[] }): Promise<void> {
    await Promise.all(
      waves.map((wave) => ensureJobTerminated(batch, batchJobId(input.uid, wave), 'CancelledByWindrow')),
    );
  }

  async function deleteBatchJobs({ input, waves }: { input: JobInput; waves: string[] }): Promise<void> {
    await Promise.all(waves.map((wave) => ensureJobDeleted(batch, batchJobId(input.uid, wave))));
  }

  return { stopBatchJobs, deleteBatchJobs };
}
