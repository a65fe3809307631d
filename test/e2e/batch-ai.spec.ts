/** The resource model of Batch AI (2018-05-01), operation by operation, under the names that service gave them. */
import type { JobRow } from '@windrow/contract';
import { jobPaths, workspaceContainer } from '@windrow/contract';
import { historyText, shellJob, TestStack, waitFor } from '../support';

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start();
});

afterAll(() => stack.stop());

const W = '/v1/workspaces/aero';
const E = `${W}/experiments/blades`;
const ONE = { kind: 'repeat', count: 1 } as const;
const POOL = { vmSizes: ['standard_d2s_v3'], nodes: { max: 1 } };
const QUICK = shellJob('true', { input: ONE, pool: POOL });
const LONG = shellJob('sleep 600', { input: ONE, pool: POOL });
const CONTAINER = workspaceContainer('aero');

const get = async (url: string) => (await stack.call('GET', url)).body;
const list = async (url: string): Promise<string[]> =>
  (await get(url)).value.map(
    (one: Record<string, string>) =>
      one['cluster'] ?? one['job'] ?? one['fileServer'] ?? one['experiment'] ?? one['workspace'],
  );
const gone = (url: string) =>
  waitFor(`${url} to be gone`, async () => (await stack.call('GET', url)).status === 404, 60_000);
const inState = (url: string, state: string) =>
  waitFor(
    `${url} to be ${state}`,
    async () => {
      const job = (await get(url)) as JobRow;
      return job.state === state && job;
    },
    60_000,
  );
const running = (url: string) => waitFor(`${url} to run`, async () => (await get(url)).counts.running === 1, 60_000);

it('Workspaces_Create: once, with the same body again, and not with another one', async () => {
  expect(await stack.call('PUT', `${W}/experiments/early`)).toMatchObject({
    status: 404,
    body: { code: 'WorkspaceNotFound' },
  });
  const made = await stack.call('PUT', W, { displayName: 'Aero', labels: { team: 'aero', old: 'x' } });
  expect(made).toMatchObject({
    status: 201,
    body: { workspace: 'aero', displayName: 'Aero', provisioningState: 'succeeded', labels: { team: 'aero' } },
  });
  expect(made.headers.get('location')).toBe(made.body.url);
  const again = await stack.call('PUT', W, { labels: { old: 'x', team: 'aero' }, displayName: 'Aero' });
  expect(again.status).toBe(200);
  expect(again.headers.get('etag')).toBe(made.headers.get('etag'));
  expect(await stack.call('PUT', W)).toMatchObject({ status: 409, body: { code: 'WorkspaceExists' } });
  expect(await stack.call('PUT', W, { colour: 'red' })).toMatchObject({ status: 400 });
});

it('Workspaces_Update: a merge patch, of the version that If-Match names', async () => {
  const before = (await stack.call('GET', W)).headers.get('etag')!;
  const patch = (body: object, ifMatch: string) => stack.call('PATCH', W, body, { 'if-match': ifMatch });
  const changed = await patch({ labels: { old: null, year: '2027' }, displayName: null }, before);
  expect(changed).toMatchObject({ status: 200, body: { labels: { team: 'aero', year: '2027' } } });
  expect(changed.body).not.toHaveProperty('displayName');
  expect(changed.body.labels).not.toHaveProperty('old');
  expect(await patch({ displayName: 'late' }, before)).toMatchObject({
    status: 412,
    body: { code: 'PreconditionFailed' },
  });
  expect(await patch({ displayName: 'late' }, 'no tag')).toMatchObject({ status: 400 });
  expect(await patch({ displayName: 'Wind' }, '*')).toMatchObject({ status: 200 });
  expect((await stack.call('DELETE', W, undefined, { 'if-match': before })).status).toBe(412);
});

it('Workspaces_Get and _List: by name, the one behind the flat paths among them', async () => {
  expect(await get(W)).toMatchObject({ workspace: 'aero', displayName: 'Wind' });
  expect(await list('/v1/workspaces')).toEqual(['aero', 'migrated-local']);
});

it('Experiments_Create, _Get, _ListByWorkspace: without a body; one also comes into being with its first job', async () => {
  expect(await stack.call('PUT', E)).toMatchObject({ status: 201, body: { experiment: 'blades', workspace: 'aero' } });
  expect((await stack.call('PUT', E)).status).toBe(200);
  expect((await stack.call('PUT', `${W}/experiments/by-job/jobs/first`, QUICK)).status).toBe(201);
  expect(await list(`${W}/experiments`)).toEqual(['blades', 'by-job']);
  expect(await get(E)).toMatchObject({
    provisioningState: 'succeeded',
    links: { jobs: expect.stringMatching(/jobs$/) },
  });
});

it('Clusters_Create, _Get, _ListByWorkspace, _Update: nodes, labels and title', async () => {
  const C = `${W}/clusters/wind`;
  expect((await stack.call('PUT', C, { ...POOL, labels: { tier: 'one' } })).status).toBe(201);
  const row = await waitFor('its row', async () => (await list(`${W}/clusters`)).length === 1 && stack.call('GET', C));
  expect(row.body).toMatchObject({ labels: { tier: 'one' }, template: { nodes: { max: 1 } } });
  const change = { nodes: { max: 3 }, displayName: 'Wind', labels: { tier: null } };
  const ifMatch = { 'if-match': row.headers.get('etag')! };
  expect(await stack.call('PATCH', C, change, ifMatch)).toMatchObject({ status: 200, body: { displayName: 'Wind' } });
  const changed = await waitFor('the new size', async () => {
    const now = await get(C);
    return now.template.nodes.max === 3 && now;
  });
  expect(changed).toMatchObject({ displayName: 'Wind', labels: {} });
  expect((await stack.call('PATCH', C, change, ifMatch)).status).toBe(412);
});

const F = `${W}/fileServers/shared`;

it('FileServers_Create, _Get, _ListByWorkspace, _Delete: with the container that is asked for', async () => {
  const body = { displayName: 'Shared', blobContainer: { container: 'shared-data', create: true } };
  const made = await stack.call('PUT', F, body);
  expect(made).toMatchObject({ status: 201, body: { fileServer: 'shared', provisioningState: 'succeeded' } });
  expect(await stack.blobs.getContainerClient('shared-data').exists()).toBe(true);
  expect((await stack.call('PUT', F, body)).status).toBe(200);
  const other = { nfs: { source: 'host:/export' } };
  expect(await stack.call('PUT', F, other)).toMatchObject({ status: 409, body: { code: 'FileServerExists' } });
  expect((await stack.call('PUT', `${W}/fileServers/old`, other)).status).toBe(201);
  expect(await list(`${W}/fileServers`)).toEqual(['old', 'shared']);
  expect((await stack.call('DELETE', `${W}/fileServers/old`)).status).toBe(204);
  expect(await list(`${W}/fileServers`)).toEqual(['shared']);
});

it('mountVolumes: what a job on one cluster writes, a job with a pool of its own reads', async () => {
  const mounts = [{ fileServer: 'shared', path: 'data/all' }];
  const C = `${W}/clusters/mounting`;
  const absent = [{ fileServer: 'nowhere', path: 'data' }];
  expect(await stack.call('PUT', C, { ...POOL, mounts: absent })).toMatchObject({
    status: 422,
    body: { errors: [{ path: '$.mounts[0].fileServer', code: 'FileServerNotFound' }] },
  });
  expect((await stack.call('PUT', C, { ...POOL, mounts })).status).toBe(201);
  const folder = '$AZ_BATCH_NODE_MOUNTS_DIR/data/all';
  const writer = shellJob(`echo written > ${folder}/file`, { input: ONE, pool: { cluster: 'mounting' } });
  expect((await stack.call('PUT', `${E}/jobs/writer`, writer)).status).toBe(201);
  await inState(`${E}/jobs/writer`, 'succeeded');
  expect(await stack.call('DELETE', F)).toMatchObject({ status: 409, body: { code: 'FileServerInUse' } });
  const reader = shellJob(`cat ${folder}/file`, { input: ONE, pool: { ...POOL, mounts } });
  await stack.call('PUT', `${E}/jobs/reader`, reader);
  await inState(`${E}/jobs/reader`, 'succeeded');
  expect(await get(`${E}/jobs/reader/tasks/0/files/stdout.txt`)).toBe('written\n');
  expect((await stack.call('DELETE', C)).status).toBe(202);
  await gone(C);
  // What it made known of itself in Temporal holds no link.
  const history = await stack.temporal.workflow.getHandle('cluster:aero/mounting').fetchHistory();
  expect(historyText(history)).toContain('data/all');
  expect(historyText(history)).not.toContain('sig=');
  for (const job of ['writer', 'reader']) await stack.call('DELETE', `${E}/jobs/${job}`);
  await gone(`${E}/jobs/reader`);
  await gone(`${E}/jobs/writer`);
});

it('Usages_List: of a workspace against its quotas, and of the Batch account', async () => {
  const change = { quotas: { nodes: 50, concurrentJobs: 20 } };
  expect(await stack.call('PATCH', W, change)).toMatchObject({ status: 200, body: { quotas: change.quotas } });
  const usage = await get(`${W}/usage`);
  expect(usage.value).toEqual([
    { name: { value: 'nodes', localizedValue: expect.any(String) }, currentValue: 0, limit: 50, unit: 'Count' },
    expect.objectContaining({ name: expect.objectContaining({ value: 'concurrentJobs' }), limit: 20 }),
    expect.objectContaining({ name: expect.objectContaining({ value: 'queuedJobs' }), currentValue: 0 }),
    expect.objectContaining({ name: expect.objectContaining({ value: 'storageLinks' }), currentValue: 1 }),
  ]);
  const account = await get('/v1/account');
  expect(account).toMatchObject({ name: 'devbatchaccount1', location: 'local' });
  const names = account.usage.map(({ name, limit }: { name: { value: string }; limit: number }) => [name.value, limit]);
  expect(names.map(([name]: [string]) => name)).toEqual([
    ...['dedicatedCores', 'lowPriorityCores', 'pools', 'activeJobsAndSchedules'],
  ]);
  expect(names.every(([, limit]: [string, number]) => limit > 0)).toBe(true);
  await stack.call('PATCH', W, { quotas: { nodes: null, concurrentJobs: null } });
});

const NAME = `j${'n'.repeat(63)}`;
const J = `${E}/jobs/${NAME}`;

it('Jobs_Create, _Get, _ListByExperiment: by state, label and time; names have up to 64 characters', async () => {
  const spec = { ...QUICK, displayName: 'First', labels: { team: 'aero' } };
  expect(await stack.call('PUT', J, spec)).toMatchObject({ status: 201 });
  expect((await stack.call('PUT', `${J}n`, spec)).status).toBe(400);
  // The label counts from the beginning, not only when the job is planned.
  expect(await list(`${E}/jobs?label=team:aero`)).toEqual([NAME]);
  await stack.call('PUT', `${E}/jobs/fails`, shellJob('exit 1', { input: ONE, pool: POOL }));
  const { createdTime } = await inState(J, 'succeeded');
  await inState(`${E}/jobs/fails`, 'failed');
  expect(await list(`${E}/jobs`)).toEqual(['fails', NAME]);
  expect(await list(`${E}/jobs?state=succeeded`)).toEqual([NAME]);
  expect(await list(`${E}/jobs?state=succeeded&state=failed`)).toHaveLength(2);
  expect(await list(`${E}/jobs?label=team:aero&state=failed`)).toEqual([]);
  expect(await list(`${E}/jobs?createdAfter=${createdTime}`)).toEqual(['fails']);
  expect((await stack.call('GET', `${E}/jobs?label=team`)).status).toBe(400);
});

it('a job that has ended can be called otherwise, and is found by its new labels', async () => {
  const change = { displayName: null, labels: { team: null, kept: 'yes: very' } };
  expect(await stack.call('PATCH', J, change)).toMatchObject({ status: 200, body: { labels: { kept: 'yes: very' } } });
  expect((await get(J)).displayName).toBeUndefined();
  expect(await list(`${E}/jobs?label=${encodeURIComponent('kept:yes: very')}`)).toEqual([NAME]);
  expect(await list(`${E}/jobs?label=team:aero`)).toEqual([]);
});

it('Jobs_Delete of a job that has ended: its files go, and its name is free', async () => {
  const { uid } = await get(J);
  expect((await stack.listBlobs(jobPaths(uid).root, CONTAINER)).length).toBeGreaterThan(0);
  const answer = await stack.call('DELETE', J);
  expect(answer).toMatchObject({ status: 202, body: { provisioningState: 'deleting' } });
  await gone(answer.headers.get('location')!);
  expect((await stack.call('DELETE', J)).status).toBe(204);
  expect(await stack.listBlobs(jobPaths(uid).root, CONTAINER)).toEqual([]);
  expect(await list(`${E}/jobs`)).toEqual(['fails']);
  const again = await stack.call('PUT', J, QUICK);
  expect(again.status).toBe(201);
  expect(again.body.uid).not.toBe(uid);
  expect(await inState(J, 'succeeded')).toMatchObject({ counts: { succeeded: 1 } });
});

it('Jobs_Terminate ends a job, and Jobs_Delete ends one that runs before it goes', async () => {
  await stack.call('PUT', `${E}/jobs/terminated`, LONG);
  const made = await stack.call('PUT', `${E}/jobs/deleted`, LONG);
  await Promise.all([running(`${E}/jobs/terminated`), running(`${E}/jobs/deleted`)]);
  expect((await stack.call('POST', `${E}/jobs/terminated:cancel`)).status).toBe(202);
  expect((await stack.call('DELETE', `${E}/jobs/deleted`)).status).toBe(202);
  for (const [method, path] of [
    ['PUT', ''],
    ['POST', ':redrive'],
    ['POST', ':pause'],
    ['POST', ':cancel'],
  ] as const) {
    const answer = await stack.call(method, `${E}/jobs/deleted${path}`, method === 'PUT' ? LONG : undefined);
    expect([path, answer.status, answer.body.code]).toEqual([path, 409, 'JobDeleting']);
  }
  await inState(`${E}/jobs/terminated`, 'cancelled');
  await gone(`${E}/jobs/deleted`);
  const left = [...(await stack.batchJobIds()), ...(await stack.poolIds())];
  expect(left.filter((id) => id.includes(made.body.uid))).toEqual([]);
});

it('Experiments_Delete deletes its jobs, those that run too, and takes nothing new meanwhile', async () => {
  await stack.call('PUT', `${E}/jobs/running`, LONG);
  await running(`${E}/jobs/running`);
  const answer = await stack.call('DELETE', E);
  expect(answer).toMatchObject({ status: 202, body: { provisioningState: 'deleting' } });
  // Each under a name of its own: what was let in a moment ago is there when it is asked for again.
  let late = 0;
  await waitFor('new jobs to be refused', async () => {
    const { status, body } = await stack.call('PUT', `${E}/jobs/late-${++late}`, QUICK);
    return status === 409 && body.code === 'ExperimentDeleting';
  });
  await gone(E);
  expect(await list(`${W}/experiments`)).toEqual(['by-job']);
  expect((await stack.call('DELETE', E)).status).toBe(204);
  expect(await stack.listBlobs('names/blades', CONTAINER)).toEqual([]);
  expect((await stack.call('PUT', `${E}/jobs/running`, QUICK)).status).toBe(201);
  await inState(`${E}/jobs/running`, 'succeeded');
});

it('Workspaces_Delete deletes all that is in it, however often the worker dies, and its name is free', async () => {
  const shared = { ...LONG, pool: { cluster: 'wind' } };
  await stack.call('PUT', `${E}/jobs/on-cluster`, shared);
  await running(`${E}/jobs/on-cluster`);
  const { poolId } = await get(`${W}/clusters/wind`);
  expect((await stack.call('DELETE', W)).status).toBe(202);
  await waitFor('new clusters to be refused', async () => {
    const { status, body } = await stack.call('PUT', `${W}/clusters/late`, POOL);
    return status === 409 && body.code === 'WorkspaceDeleting';
  });
  await stack.stack.processes.worker!.kill();
  await stack.stack.startWorker();
  expect((await stack.call('DELETE', W)).status).toBe(202);
  await gone(W);
  expect(await list('/v1/workspaces')).toEqual(['migrated-local']);
  expect(await stack.poolIds()).not.toContain(poolId);
  expect(await stack.blobs.getContainerClient(CONTAINER).exists()).toBe(false);
  expect(await stack.blobs.getContainerClient('shared-data').exists()).toBe(true);
  expect(await stack.call('GET', `${E}/jobs`)).toMatchObject({ status: 404, body: { code: 'WorkspaceNotFound' } });
  const deletion = stack.temporal.workflow.getHandle('delete:workspace/aero');
  expect((await deletion.describe()).historyLength).toBeLessThan(500);
  expect((await stack.call('PUT', W)).status).toBe(201);
  expect(await list(`${W}/experiments`)).toEqual([]);
  expect((await stack.call('PUT', `${E}/jobs/on-cluster`, QUICK)).status).toBe(201);
  await inState(`${E}/jobs/on-cluster`, 'succeeded');
});

it('flat paths and migrated-{region}/migrated are the same resources', async () => {
  const M = '/v1/workspaces/migrated-local';
  await stack.call('PUT', '/v1/jobs/flat', QUICK);
  await stack.call('PUT', `${M}/experiments/migrated/jobs/deep`, QUICK);
  await stack.call('PUT', '/v1/clusters/flat', POOL);
  for (const jobs of ['/v1/jobs', `${M}/experiments/migrated/jobs`]) {
    await inState(`${jobs}/flat`, 'succeeded');
    await inState(`${jobs}/deep`, 'succeeded');
    expect((await list(jobs)).sort()).toEqual(['deep', 'flat']);
  }
  for (const clusters of ['/v1/clusters', `${M}/clusters`]) {
    await waitFor('its row', async () => (await list(clusters)).includes('flat'));
    expect((await stack.call('GET', `${clusters}/flat`)).body.url).toMatch(
      /workspaces\/migrated-local\/clusters\/flat$/,
    );
  }
  expect(await list(`${M}/experiments`)).toContain('migrated');
  const deleted = await stack.call('DELETE', '/v1/jobs/flat');
  await gone(deleted.headers.get('location')!);
  expect(await list(`${M}/experiments/migrated/jobs`)).toEqual(['deep']);
});
