/** The activities of a deletion on a real Azurite; what Temporal knows is the test's. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { WorkflowNotFoundError } from '@temporalio/common';
import { jobNameRecord, jobPaths, jobWorkflowId, leftoverMarker, workspaceContainer } from '@windrow/contract';
import type { JobRow, JobState } from '@windrow/contract';
import { createStorage, storageConfigFromConnectionString, StorageUnavailableError } from '@windrow/storage';
import type { Storage } from '@windrow/storage';
import { createActivities } from '@windrow/worker';
import type { Activities, ActivityDeps } from '@windrow/worker';
import { startAzurite } from '../support';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let storage: Storage;
let activities: Activities;
/** Workflows that run, by id: the uid of their job. Cancelled ones end. */
const running = new Map<string, string>();
const cancelled: string[] = [];

beforeAll(async () => {
  azurite = await startAzurite();
  storage = createStorage(storageConfigFromConnectionString(azurite.connectionString));
  await storage.catalogue.ensure();
  const handle = (workflowId: string) => ({
    describe: async () => {
      const uid = running.get(workflowId);
      if (uid === undefined) throw new WorkflowNotFoundError('none', workflowId, undefined);
      return { status: { name: 'RUNNING' }, runId: uid, memo: { uid } };
    },
    cancel: async () => {
      cancelled.push(workflowId);
      running.delete(workflowId);
    },
  });
  activities = createActivities({
    storage,
    temporal: () => ({ workflow: { getHandle: handle } }),
    timing: { pollMinMs: 10, pollMaxMs: 20, patienceMs: 1000 },
    deployment: 'd',
  } as unknown as ActivityDeps);
});

afterAll(async () => {
  storage.close();
  await azurite.stop();
});

beforeEach(() => {
  running.clear();
  cancelled.length = 0;
  jest.restoreAllMocks();
});

function run<T>(activity: () => Promise<T>): Promise<T> {
  return new MockActivityEnvironment().run(activity);
}
const container = workspaceContainer('w');
const names = async (prefix: string) => {
  const found: string[] = [];
  for await (const { name } of storage.blobs.list(container, { prefix })) found.push(name);
  return found;
};

/** A job with all that there is of one. */
async function job(experiment: string, name: string, state: JobState, { row = true } = {}): Promise<JobRow> {
  const createdTime = new Date(Date.UTC(2026, 0, 1)).toISOString();
  const made: JobRow = {
    ...{ workspace: 'w', experiment, job: name, uid: `${experiment}${name}`, labels: { a: 'b' } },
    ...{ state, phase: state, createdTime, updatedTime: createdTime, failures: [], timings: [] },
    counts: { total: 0, pending: 0, active: 0, running: 0, succeeded: 0, failed: 0 },
  };
  await storage.blobs.ensureContainer(container);
  if (row) await storage.catalogue.putJob(made);
  for (const blob of [jobPaths(made.uid).spec, jobPaths(made.uid).manifest, leftoverMarker(made.uid)]) {
    await storage.blobs.writeText(container, blob, '{}');
  }
  await storage.blobs.writeJson(container, jobNameRecord(experiment, name), { uid: made.uid, createdTime });
  if (state === 'running') running.set(jobWorkflowId(made), made.uid);
  return made;
}

const rows = async (experiment: string) =>
  (await storage.catalogue.listJobs({ workspace: 'w', experiment, pageSize: 100 })).rows.map((one) => one.job);

it('deletes rows, index rows, files and names of an experiment, of running jobs and of those without a row', async () => {
  await job('all', 'ended', 'succeeded');
  await job('all', 'runs', 'running');
  await job('all', 'rowless', 'running', { row: false });
  await job('kept', 'other', 'succeeded');
  const removed = await run(() => activities.deleteJobs({ workspace: 'w', experiment: 'all', most: 100 }));
  expect(removed).toEqual({ removed: 3, more: false });
  expect(cancelled.sort()).toEqual(['job:w/all/rowless', 'job:w/all/runs']);
  expect(await rows('all')).toEqual([]);
  const labels = [{ label: 'a', value: 'b' }];
  expect((await storage.catalogue.listJobs({ workspace: 'w', experiment: 'all', labels, pageSize: 9 })).rows).toEqual(
    [],
  );
  expect([...(await names('jobs/all')), ...(await names('names/all')), ...(await names('leftovers/all'))]).toEqual([]);
  expect(await rows('kept')).toEqual(['other']);
  expect(await names('jobs/keptother')).toHaveLength(2);
});

it('an attempt that died in the middle is made up for by the next one', async () => {
  for (const name of ['a', 'b', 'c', 'd']) await job('died', name, 'failed');
  const { deleteJob } = storage.catalogue;
  let calls = 0;
  jest.spyOn(storage.catalogue, 'deleteJob').mockImplementation(async (...args) => {
    if (++calls === 3) throw new StorageUnavailableError('gone', { code: 'ECONNRESET' });
    return deleteJob.apply(storage.catalogue, args);
  });
  const input = { workspace: 'w', experiment: 'died', most: 100 };
  await expect(run(() => activities.deleteJobs(input))).rejects.toThrow('gone');
  expect((await rows('died')).length).toBeGreaterThan(0);
  await run(() => activities.deleteJobs(input));
  expect([await rows('died'), await names('names/died'), await names('jobs/died')]).toEqual([[], [], []]);
});

it('a job that took the name of a deleted one is neither cancelled nor loses its name', async () => {
  const old = await job('names', 'same', 'succeeded');
  const record = { uid: 'another', createdTime: old.createdTime };
  await storage.blobs.writeJson(container, jobNameRecord('names', 'same'), record);
  running.set(jobWorkflowId(old), 'another');
  await run(() => activities.deleteJob(old));
  expect(cancelled).toEqual([]);
  expect(await rows('names')).toEqual([]);
  expect(await storage.blobs.readJson(container, jobNameRecord('names', 'same'))).toEqual(record);
});

it('says when there are more than it was to delete', async () => {
  await job('more', 'a', 'succeeded');
  const input = { workspace: 'w', experiment: 'more', most: 1 };
  expect(await run(() => activities.deleteJobs(input))).toEqual({ removed: 1, more: true });
  expect(await run(() => activities.deleteJobs(input))).toEqual({ removed: 0, more: false });
  expect(await run(() => activities.deleteJobs({ ...input, workspace: 'nowhere' }))).toEqual({
    removed: 0,
    more: false,
  });
});

it('takes the grants of a workspace with it, and those alone', async () => {
  const { resources } = storage;
  const key = (name: string) => ({ kind: 'apiKey', scope: [], name });
  const grant = (workspace: string) => ({ kind: 'roleAssignment', scope: [workspace], name: 'ann' });
  await storage.blobs.ensureContainer(workspaceContainer('gone'));
  await resources.put(key('own'), { roles: { gone: 'owner' }, workspace: 'gone' });
  await resources.put(key('both'), { roles: { gone: 'reader', stays: 'reader' } });
  for (const workspace of ['gone', 'stays']) await resources.put(grant(workspace), {});
  for (let time = 0; time < 2; time++) await run(() => activities.deleteWorkspace({ workspace: 'gone' }));
  expect(await resources.get(key('own'))).toBeUndefined();
  expect((await resources.get(key('both')))?.value).toEqual({ roles: { stays: 'reader' } });
  expect(await resources.get(grant('gone'))).toBeUndefined();
  expect(await resources.get(grant('stays'))).toBeDefined();
});
