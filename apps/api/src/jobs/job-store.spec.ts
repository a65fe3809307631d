import { jobPaths, workspaceContainer } from '@windrow/contract';
import { AuditLog, createStorage, type Storage, storageConfigFromConnectionString } from '@windrow/storage';
import supertest from 'supertest';
import { type RunningAzurite, startAzurite } from '../../../../test/support/azurite';
import { type Api, createApp } from '../app';
import { AccountApplications } from '../batch/account-applications';
import { FakeBatch, FakeWorkflows } from '../testing/fakes';
import { CONFIG, SPEC } from '../testing/start-api';
import { newRow } from './job-reader';

/** The same application on real storage: conditional writes, pages and links are Azurite's, not a fake's. */
describe('the job store', () => {
  let azurite: RunningAzurite;
  let storage: Storage;
  let api: Api;
  const workflows = new FakeWorkflows();

  beforeAll(async () => {
    azurite = await startAzurite();
    storage = createStorage(storageConfigFromConnectionString(azurite.connectionString));
    api = await createApp(CONFIG, {
      ...storage,
      audit: new AuditLog(storage.blobs),
      workflows,
      batch: new FakeBatch(),
      applications: new AccountApplications(storage.blobs, undefined),
      close: async () => storage.close(),
    });
  });
  afterAll(async () => {
    await api.close();
    await azurite.stop();
  });

  const http = () => supertest(api.app.getHttpServer());

  it('makes the catalogue with the first readiness check', async () => {
    await http().get('/health/ready').expect(200);
    expect((await http().get('/v1/jobs').expect(200)).body).toEqual({ value: [] });
    await http().get('/v1/jobs/none').expect(404);
  });

  it('lets one of many racing requests create a job', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => http().put('/v1/jobs/raced').send(SPEC)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(new Set(answers.map(({ body }) => body.uid)).size).toBe(1);
    const specs: string[] = [];
    for await (const { name } of storage.blobs.list(workspaceContainer('migrated-local'), { prefix: 'jobs/' })) {
      specs.push(name);
    }
    expect(specs).toEqual([jobPaths(answers[0]?.body.uid).spec]);
  });

  it('lists from the catalogue, newest first, and refuses foreign page tokens', async () => {
    const key = { workspace: 'aero', experiment: 'blades' };
    for (const n of [1, 2, 3]) {
      const record = { uid: `u${n}`, specHash: '', createdTime: new Date(Date.UTC(2026, 0, n)).toISOString() };
      await storage.catalogue.putJob(newRow({ ...key, job: `j${n}` }, record));
    }
    const path = '/v1/workspaces/aero/experiments/blades/jobs';
    await http().put('/v1/workspaces/aero').expect(201);
    const { body } = await http().get(`${path}?pageSize=2`).expect(200);
    expect(body.value.map(({ job }: { job: string }) => job)).toEqual(['j3', 'j2']);
    const next = new URL(body.nextLink);
    expect(
      (
        await http()
          .get(next.pathname + next.search)
          .expect(200)
      ).body.value,
    ).toHaveLength(1);
    const answer = await http().get(`${path}?pageToken=abc`).expect(400);
    expect(answer.body.errors).toMatchObject([{ path: 'pageToken', code: 'InvalidPageToken' }]);
  });

  it('links to outputs that can be read', async () => {
    const { body: job } = await http().put('/v1/jobs/linked').send(SPEC).expect(201);
    const container = workspaceContainer('migrated-local');
    await storage.blobs.writeText(container, `${jobPaths(job.uid).taskOutputs(3)}/a b.txt`, 'hello');
    const { body } = await http().get('/v1/jobs/linked/outputs').expect(200);
    expect(body.value).toMatchObject([{ task: 3, path: 'a b.txt', bytes: 5 }]);
    expect(await (await fetch(body.value[0].url)).text()).toBe('hello');
    const file = await http()
      .get('/v1/jobs/linked/tasks/3/files/outputs/a%20b.txt')
      .set('Range', 'bytes=1-2')
      .expect(206);
    expect(file.body.toString()).toBe('el');
  });
});
