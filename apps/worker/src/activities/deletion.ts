/**
 * Deleting jobs and what holds them. Rows, name records and files of a job go in an order in which each attempt finds
 * what is still to be done: the name record, which a new job of that name would need, is the last.
 */
import { cancellationSignal } from '@temporalio/activity';
import type { ExperimentKey, JobKey, JobRow, Place, PlaceKey } from '@windrow/contract';
import {
  experimentPlace,
  idempotencyRecords,
  isTerminal,
  jobMetricsOf,
  JOB_NAMES,
  jobNameRecord,
  jobNameRecords,
  jobPaths,
  leftoverMarker,
  workspaceContainer,
  workspacePlace,
} from '@windrow/contract';
import { ContainerNotFoundError, Lanes, ResourceMissingError } from '@windrow/storage';
import type { JobRef } from '@windrow/storage';
import { deleteGrants } from './deletion-access';
import { createEnding } from './deletion-ending';
import type { ActivityDeps } from './deps';
import { beating } from './poll';

/** Jobs that are deleted side by side; those that run are waited for. */
const JOB_LANES = 16;
/** What ended so long ago has ended for good: its deletion refuses redrives. Milliseconds. */
const LONG_MS = 120_000;
/** Rows in a page of a listing: the most that the service gives. */
const PAGE = 1000;

/** Experiments listed at a time: a few kilobytes of names. */
const EXPERIMENTS = 50;

/** What one call did; `more`: there may be further ones. */
export interface Removed {
  removed: number;
  more: boolean;
}

interface NameRecord {
  uid: string;
  createdTime: string;
}

export function createDeletionActivities(deps: ActivityDeps) {
  const { blobs, catalogue, resources } = deps.storage;
  const ending = createEnding(deps);

  /** Cancels the job where it runs, waits for its end, and deletes all that there is of it. */
  async function deleteJob(job: JobRef): Promise<void> {
    await beating(async () => {
      await ending.endJob(job);
      await removeJob(job);
    });
  }

  /** Asks every job of the experiment that runs to end, so that all of them end side by side. */
  async function cancelJobs({ workspace, experiment }: ExperimentKey): Promise<void> {
    await beating(async () => {
      for await (const jobs of pages({ workspace, experiment })) {
        await each(
          jobs.filter(({ state }) => !isTerminal(state)),
          ending.cancelJob,
        );
      }
    });
  }

  /**
   * Deletes jobs of the experiment, so many at the most: those of the catalogue, then those that have a name and no row.
   * What is deleted is listed no more, so that another attempt needs no cursor.
   */
  async function deleteJobs({ workspace, experiment, most }: ExperimentKey & { most: number }): Promise<Removed> {
    return beating(async () => {
      let removed = 0;
      for await (const jobs of pages({ workspace, experiment })) {
        await each(jobs, async (job) => {
          if (!isLongOver(job)) await ending.endJob(job);
          await removeJob(job);
        });
        removed += jobs.length;
        if (removed >= most) return { removed, more: true };
      }
      const rowless = await named({ workspace, experiment });
      await each(rowless, ending.cancelJob);
      await each(rowless, async (job) => {
        await ending.endJob(job);
        await removeJob(job);
      });
      removed += rowless.length;
      return { removed, more: false };
    });
  }

  /** Names of experiments of the workspace: those that were made, and those that only have names of jobs. */
  async function listExperiments({ workspace }: { workspace: string }): Promise<{ experiments: string[] }> {
    return beating(async () => {
      const { rows } = await resources.list(experimentPlace({ workspace, experiment: '' }), { pageSize: EXPERIMENTS });
      const names = new Set(rows.map(({ name }) => name));
      for await (const name of blobNames(workspace, JOB_NAMES)) {
        if (names.size >= EXPERIMENTS) break;
        const [experiment = ''] = name.slice(JOB_NAMES.length).split('/');
        if (!experiment.startsWith('~')) names.add(experiment);
      }
      return { experiments: [...names] };
    });
  }

  async function deleteClusters({ workspace }: { workspace: string }): Promise<{ removed: number }> {
    return beating(async () => ({ removed: await ending.deleteClusters(workspace) }));
  }

  /** What is left of an experiment without jobs. */
  async function deleteExperiment(key: ExperimentKey): Promise<void> {
    await beating(async () => {
      await blobs.deletePrefix(workspaceContainer(key.workspace), idempotencyRecords(key.experiment));
      await resources.delete(experimentPlace(key));
    });
  }

  /** What is left of a workspace without experiments and clusters: its container, and itself. */
  async function deleteWorkspace({ workspace }: { workspace: string }): Promise<void> {
    await beating(() => deleteGrants(resources, workspace));
    await blobs.deleteContainer(workspaceContainer(workspace));
    await resources.delete(workspacePlace(workspace));
  }

  /** It can be deleted again, and nothing be put into it. */
  async function markDeletionFailed({ place }: { place: PlaceKey }): Promise<void> {
    try {
      await resources.change<Place>(place, (value) => ({ ...value, provisioningState: 'failed' }));
    } catch (error) {
      if (!(error instanceof ResourceMissingError)) throw error;
    }
  }

  async function removeJob(job: JobRef): Promise<void> {
    const container = workspaceContainer(job.workspace);
    await blobs.deletePrefix(container, jobPaths(job.uid).root);
    await blobs.delete(container, leftoverMarker(job.uid));
    await resources.delete({ ...jobMetricsOf(job), name: job.uid });
    await catalogue.deleteJob(job, job.uid, job.createdTime);
    const name = jobNameRecord(job.experiment, job.job);
    // A further attempt may come when the name has been taken anew.
    const record = await blobs.readJsonIfPresent<NameRecord>(container, name);
    if (record?.uid === job.uid) await blobs.delete(container, name);
  }

  async function* pages({ workspace, experiment }: ExperimentKey) {
    let pageToken: string | undefined;
    do {
      cancellationSignal().throwIfAborted();
      const token = pageToken === undefined ? {} : { pageToken };
      const page = await catalogue.listJobs({ workspace, experiment, pageSize: PAGE, ...token });
      yield page.rows;
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined);
  }

  /** Jobs by their name records, some of them. */
  async function named({ workspace, experiment }: ExperimentKey): Promise<JobRef[]> {
    const jobs: JobRef[] = [];
    const prefix = jobNameRecords(experiment);
    for await (const name of blobNames(workspace, prefix)) {
      const record = await blobs.readJsonIfPresent<NameRecord>(workspaceContainer(workspace), name);
      const job: JobKey = { workspace, experiment, job: name.slice(prefix.length).replace(/\.json$/, '') };
      if (record) jobs.push({ ...job, uid: record.uid, createdTime: record.createdTime });
    }
    return jobs;
  }

  async function* blobNames(workspace: string, prefix: string): AsyncGenerator<string> {
    try {
      for await (const { name } of blobs.list(workspaceContainer(workspace), { prefix })) yield name;
    } catch (error) {
      if (!(error instanceof ContainerNotFoundError)) throw error;
    }
  }

  return {
    deleteJob,
    cancelJobs,
    deleteJobs,
    listExperiments,
    deleteClusters,
    deleteExperiment,
    deleteWorkspace,
    markDeletionFailed,
  };
}

/** A workflow ends a moment after its last row: of most jobs Temporal need not be asked. */
function isLongOver({ state, updatedTime }: JobRow): boolean {
  return isTerminal(state) && Date.parse(updatedTime) < Date.now() - LONG_MS;
}

async function each<T>(all: T[], work: (one: T) => Promise<unknown>): Promise<void> {
  const lanes = new Lanes(JOB_LANES);
  for (const one of all) {
    cancellationSignal().throwIfAborted();
    await lanes.run(() => work(one));
  }
  await lanes.drain();
}
