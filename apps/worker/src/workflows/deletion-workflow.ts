/**
 * Deletes a job, an experiment with its jobs, a schedule, an application, or a workspace with all that is in it. The API
 * has marked it before.
 */
import {
  ContinueAsNew,
  continueAsNew,
  isCancellation,
  patched,
  setCurrentDetails,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { ApplicationKey, DeletionInput, DeletionProgress, ExperimentKey, PlaceKey } from '@windrow/contract';
import { applicationPlace, experimentPlace, PLACE_SETTLE_MS, workspacePlace } from '@windrow/contract';
import { bulk, control } from './proxies';

/** Jobs between two looks of a person at the progress: a minute or so. */
const JOBS_AT_A_TIME = 5000;
const HISTORY_LIMIT = 400;

/** `carried` is what the runs before did, on continue-as-new. */
export async function deletionWorkflow(
  input: DeletionInput,
  carried: DeletionProgress = { jobs: 0, experiments: 0, clusters: 0 },
): Promise<DeletionProgress> {
  const progress = { ...carried };
  const tell = (doing: string) => setCurrentDetails(describe(doing, progress));
  if (input.kind === 'job') {
    tell(`Cancelling and deleting job ${input.job}`);
    const { kind: _kind, ...job } = input;
    await bulk.deleteJob.executeWithOptions({ summary: 'end the job, and delete all that is of it' }, [job]);
    return { ...progress, jobs: 1 };
  }
  if (input.kind === 'schedule') {
    tell(`Deleting schedule ${input.schedule}`);
    const { kind: _kind, ...schedule } = input;
    await bulk.deleteSchedule.executeWithOptions({ summary: 'delete the schedule with its runs; jobs stay' }, [
      schedule,
    ]);
    return progress;
  }
  try {
    // Requests that were let in before it was marked end meanwhile.
    if (carried.jobs + carried.experiments === 0) await sleep(PLACE_SETTLE_MS, { summary: 'late requests' });
    if (input.kind === 'experiment') await emptyExperiment(input);
    else if (input.kind === 'application') await deleteApplication(input);
    else await emptyWorkspace(input.workspace);
  } catch (error) {
    if (isCancellation(error) || error instanceof ContinueAsNew) throw error;
    await control.markDeletionFailed({ place: placeOf(input) });
    throw error;
  }
  tell('Deleted');
  return progress;

  async function emptyWorkspace(workspace: string): Promise<void> {
    // First: they would go on making jobs. Deletions that began before there were schedules have none to delete.
    if (patched('schedules')) {
      tell('Deleting schedules');
      await bulk.deleteSchedules.executeWithOptions({ summary: 'delete the schedules' }, [{ workspace }]);
    }
    for (;;) {
      const { experiments } = await bulk.listExperiments({ workspace });
      // All of them first: what runs in one ends while another is deleted.
      for (const experiment of experiments) await cancel({ workspace, experiment });
      for (const experiment of experiments) await emptyExperiment({ workspace, experiment });
      if (experiments.length === 0) break;
    }
    tell('Deleting clusters');
    progress.clusters += (
      await bulk.deleteClusters.executeWithOptions({ summary: 'delete the clusters' }, [{ workspace }])
    ).removed;
    // Nothing uses them any more. Deletions that began before there were applications have none to delete.
    if (patched('applications')) {
      tell('Deleting applications');
      await bulk.deleteApplications.executeWithOptions({ summary: 'delete the applications' }, [{ workspace }]);
    }
    await control.deleteWorkspace({ workspace });
  }

  async function deleteApplication({ workspace, application }: ApplicationKey): Promise<void> {
    tell(`Deleting application ${application}`);
    const summary = 'delete the packages, and the application';
    await bulk.deleteApplication.executeWithOptions({ summary }, [{ workspace, application }]);
  }

  async function emptyExperiment({ workspace, experiment }: ExperimentKey): Promise<void> {
    if (input.kind === 'experiment') await cancel({ workspace, experiment });
    for (let more = true; more;) {
      await renewWhenLong();
      tell(`Deleting the jobs of experiment ${experiment}`);
      const summary = `delete jobs of ${experiment}`;
      const done = await bulk.deleteJobs.executeWithOptions({ summary }, [
        { workspace, experiment, most: JOBS_AT_A_TIME },
      ]);
      progress.jobs += done.removed;
      more = done.more;
    }
    await control.deleteExperiment({ workspace, experiment });
    progress.experiments += 1;
  }

  async function cancel({ workspace, experiment }: ExperimentKey): Promise<void> {
    await renewWhenLong();
    tell(`Cancelling the jobs of experiment ${experiment}`);
    await bulk.cancelJobs.executeWithOptions({ summary: `cancel what runs in ${experiment}` }, [
      { workspace, experiment },
    ]);
  }

  /** What is deleted is listed no more: a new run goes on where this one was. */
  async function renewWhenLong(): Promise<void> {
    if (workflowInfo().continueAsNewSuggested || workflowInfo().historyLength > HISTORY_LIMIT) {
      await continueAsNew<typeof deletionWorkflow>(input, { ...progress, jobs: Math.max(1, progress.jobs) });
    }
  }
}

type MarkedInput = Extract<DeletionInput, { kind: 'experiment' | 'application' | 'workspace' }>;

function placeOf(input: MarkedInput): PlaceKey {
  if (input.kind === 'experiment') return experimentPlace(input);
  return input.kind === 'application' ? applicationPlace(input) : workspacePlace(input.workspace);
}

function describe(doing: string, { jobs, experiments, clusters }: DeletionProgress): string {
  return `**${doing}**\n\nDeleted so far: ${jobs} jobs, ${experiments} experiments, ${clusters} clusters.`;
}
