/** Release: gives back and deletes all that the job holds. Runs in a non-cancellable scope; every step is idempotent. */
import { log } from '@temporalio/workflow';
import type { EndState } from '@windrow/contract';
import { attemptOf } from '@windrow/contract';
import type { JobRun } from './job-workflow';
import { bulk, control } from './proxies';

export async function releaseJob(run: JobRun, outcome: EndState): Promise<void> {
  const { input, waves, lease, plan, record } = run;
  record.releasing();
  if (outcome !== 'succeeded' && waves.length > 0) {
    // First of all nothing may run on: a cancelled job's tasks are killed before their outcome is written down.
    await step('stop', () =>
      control.stopBatchJobs.executeWithOptions({ summary: 'kill the tasks' }, [{ input, waves }]),
    );
    const wave = waves.at(-1)!;
    const attempt = attemptOf(wave);
    if (attempt !== undefined && !run.manifestWritten) {
      const summary = 'record what had completed, and what was killed';
      await step('ledger', () => bulk.recordRemaining.executeWithOptions({ summary }, [{ input, wave, attempt }]));
    }
  }
  const { counts } = record.row;
  // A redrive that was refused has no plan in its hands; that of the first run is there all the same.
  const tasks = plan?.tasks ?? (input.redrive ? counts.total : 0);
  const redrivable = tasks > 0 && counts.succeeded < tasks;
  const keepBatchJob = plan?.cleanup.batchJob === 'keep';
  await Promise.all([
    lease &&
      step('lease', async () => {
        const summary = `release the lease on ${lease.cluster}`;
        const { workflowId, leaseId } = lease;
        const { usage } = await control.releaseLease.executeWithOptions({ summary }, [{ workflowId, leaseId }]);
        if (usage) record.row.usage = usage;
      }),
    waves.length > 0 &&
      !keepBatchJob &&
      step('batchJob', () =>
        control.deleteBatchJobs.executeWithOptions({ summary: `delete ${waves.length} Batch jobs` }, [
          { input, waves },
        ]),
      ),
    step('staged', () => {
      const summary = redrivable ? 'keep what is staged, for a redrive' : 'delete the staged blobs';
      return bulk.settleStaged.executeWithOptions({ summary }, [{ input, redrivable }]);
    }),
    !run.manifestWritten &&
      tasks > 0 &&
      step('manifest', async () => {
        const manifest = await bulk.gatherResults.executeWithOptions({ summary: 'results manifest of what was done' }, [
          { input, tasks, outcome, concat: undefined },
        ]);
        record.row.failures = manifest.failures;
        if (manifest.metrics) record.row.metrics = manifest.metrics;
        record.row.counts = { ...manifest.counts, active: 0, running: 0 };
      }),
  ]);
  // The last of all: whoever comes next finds what this job held.
  await step('admission', () => run.admission.leave());
}

/** One failing step must not keep the others, nor the last row, from happening; the sweeper gets what is left. */
async function step(name: string, action: () => Promise<unknown>): Promise<void> {
  try {
    await action();
  } catch (error) {
    log.error('release step failed', { step: name, error: String(error) });
  }
}
