import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { Arm } from './arm';
import { Azurite } from './azurite';
import { createJob, createPool, poolReady, runTask } from './fixtures';
import { Rest, type Body } from './rest';
import { uniqueId, until } from './target';
import { zipOf, type ZipEntry } from './zip';

describe('application packages and auto storage', () => {
  let azurite: Azurite;
  let emulator: Emulator;
  let arm: Arm;
  let rest: Rest;
  let location: string;
  const start = async (): Promise<void> => {
    emulator = await startEmulator({ bearer: true, storage: azurite.connectionString, location });
    arm = new Arm(emulator);
    rest = new Rest(emulator);
  };
  beforeAll(async () => {
    location = await mkdtemp(path.join(tmpdir(), 'emulator-packages-'));
    azurite = await Azurite.start();
    await start();
    await publish('Tool', '1.0', [{ name: 'run', content: '#!/bin/sh\necho one\n', mode: 0o100755 }]);
    await publish('Tool', '2.0-b', [{ name: 'run', content: '#!/bin/sh\necho two\n', mode: 0o100755 }]);
    await publish('my-data', 'x', [{ name: 'deep/a.txt', content: 'data' }]);
    await arm.patch('applications/tool', { properties: { defaultVersion: '2.0-b' } });
    await publish('evil', '1', [{ name: 'link', content: '/etc', mode: 0o120777 }]);
  });
  afterAll(async () => {
    await emulator.close();
    await azurite.stop();
    await rm(location, { recursive: true, force: true });
  });

  const upload = (url: string, data: Buffer): Promise<Response> =>
    fetch(url, { method: 'PUT', headers: { 'x-ms-blob-type': 'BlockBlob' }, body: new Uint8Array(data) });

  /** Makes the application, uploads the package to the URL that management gives, and activates it. */
  async function publish(application: string, version: string, entries: ZipEntry[]): Promise<void> {
    await arm.put(`applications/${application}`, { properties: {} });
    const { json } = await arm.put(`applications/${application}/versions/${version}`, {});
    expect((await upload(json.properties.storageUrl, zipOf(entries))).status).toBe(201);
    const activated = await arm.post(`applications/${application}/versions/${version}/activate`, { format: 'zip' });
    expect([activated.status, activated.json.properties.state]).toEqual([200, 'Active']);
  }

  const stdout = async (jobId: string, task: Body): Promise<string> =>
    (await rest.get(`/jobs/${jobId}/tasks/${task.id}/files/stdout.txt`)).text;

  it('the Batch service lists what nodes can be given, and nothing else', async () => {
    await arm.put('applications/unfinished', { properties: { displayName: 'No package yet' } });
    const { json } = await rest.get('/applications');
    expect(json.value).toContainEqual({ id: 'Tool', displayName: 'Tool', versions: ['1.0', '2.0-b'] });
    expect(json.value.map((item: Body) => item.id)).not.toContain('unfinished');
    expect((await rest.get('/applications/TOOL')).json).toMatchObject({ id: 'Tool' });
    expect((await rest.get('/applications/unfinished')).json.code).toBe('ApplicationNotFound');
    expect((await rest.get('/applications', { query: { maxresults: '1' } })).json['odata.nextLink']).toBeDefined();
  });

  it('packages of the pool are there before the start task, with variables in the form of Linux', async () => {
    const poolId = await createPool(rest, {
      applicationPackageReferences: [{ applicationId: 'tool' }, { applicationId: 'my-data', version: 'x' }],
      startTask: { commandLine: `/bin/sh -c 'cat "$AZ_BATCH_APP_PACKAGE_my_data_x/deep/a.txt"'` },
    });
    const [node] = await poolReady(rest, poolId, 1);
    const started = await rest.get(`/pools/${poolId}/nodes/${node.id}/files/startup%2Fstdout.txt`);
    expect(started.text).toBe('data');
    const jobId = await createJob(rest, poolId);
    const task = await runTask(rest, jobId, {
      commandLine: `/bin/sh -c '$AZ_BATCH_APP_PACKAGE_Tool/run; $AZ_BATCH_APP_PACKAGE_Tool_2_0_b/run'`,
    });
    expect(await stdout(jobId, task)).toBe('two\ntwo\n');
  });

  it('packages of a task are installed before it, beside those of the pool; its own settings win', async () => {
    const poolId = await createPool(rest, {
      applicationPackageReferences: [{ applicationId: 'tool', version: '1.0' }],
    });
    await poolReady(rest, poolId, 1);
    const jobId = await createJob(rest, poolId);
    const both = await runTask(rest, jobId, {
      applicationPackageReferences: [{ applicationId: 'TOOL' }],
      commandLine: `/bin/sh -c '$AZ_BATCH_APP_PACKAGE_Tool_1_0/run; $AZ_BATCH_APP_PACKAGE_Tool/run'`,
    });
    expect(await stdout(jobId, both)).toBe('one\ntwo\n');
    const own = await runTask(rest, jobId, {
      environmentSettings: [{ name: 'AZ_BATCH_APP_PACKAGE_Tool_1_0', value: 'mine' }],
      commandLine: `/bin/sh -c 'echo $AZ_BATCH_APP_PACKAGE_Tool_1_0 $AZ_BATCH_APP_PACKAGE_Tool'`,
    });
    expect(await stdout(jobId, own)).toBe('mine\n');
  });

  it('a package that cannot be unpacked fails the task before its command, without a retry', async () => {
    const poolId = await createPool(rest);
    const jobId = await createJob(rest, poolId);
    const task = await runTask(rest, jobId, {
      commandLine: 'true',
      applicationPackageReferences: [{ applicationId: 'evil', version: '1' }],
      constraints: { maxTaskRetryCount: 2 },
    });
    expect(task.executionInfo).toMatchObject({
      result: 'failure',
      retryCount: 0,
      failureInfo: { code: 'ApplicationPackageError' },
    });
    expect(task.executionInfo).not.toHaveProperty('exitCode');
    expect(JSON.stringify(task.executionInfo)).not.toContain('sig=');
  });

  it('a package of the pool that cannot be unpacked makes the node unusable, and says why', async () => {
    const references = [{ applicationId: 'evil', version: '1' }];
    const poolId = await createPool(rest, { applicationPackageReferences: references });
    const node = await until(async () => {
      const [first] = (await rest.get(`/pools/${poolId}/nodes`)).json.value;
      return first?.state === 'unusable' && first;
    }, 'the node to be unusable');
    expect(node.errors).toMatchObject([{ code: 'ApplicationPackageError', errorDetails: expect.any(Array) }]);
  });

  it.each([
    ['an unknown application', { applicationId: 'nosuchapp', version: '1' }],
    ['an unknown version', { applicationId: 'tool', version: '9' }],
    ['no version where there is no default', { applicationId: 'my-data' }],
  ])('refuses %s on pool and task', async (_what, reference) => {
    const references = { applicationPackageReferences: [reference] };
    const pool = await rest.post('/pools', { id: uniqueId('pool'), vmSize: 'standard_d2_v3', ...references });
    expect([pool.status, pool.json.code]).toEqual([409, 'InvalidApplicationPackageReferences']);
    expect(pool.json.values[0].key).toBe(reference.applicationId);
    const present = await createPool(rest, { targetDedicatedNodes: 0 });
    expect((await rest.patch(`/pools/${present}`, references)).json.code).toBe('InvalidApplicationPackageReferences');
    const jobId = await createJob(rest, present);
    const task = await rest.post(`/jobs/${jobId}/tasks`, { id: 't', commandLine: 'true', ...references });
    expect([task.status, task.json.code]).toEqual([409, 'InvalidApplicationPackageReferences']);
  });

  it('a pool has at most ten packages', async () => {
    const applicationPackageReferences = Array.from({ length: 11 }, () => ({ applicationId: 'tool' }));
    const body = { id: uniqueId('pool'), vmSize: 'standard_d2_v3', applicationPackageReferences };
    expect((await rest.post('/pools', body)).json.code).toBe('InvalidPropertyValue');
  });

  it('only a zip archive can be activated', async () => {
    await arm.put('applications/odd', { properties: { allowUpdates: false } });
    const { json } = await arm.put('applications/odd/versions/1', {});
    const activate = async (format: string): Promise<unknown> =>
      (await arm.post('applications/odd/versions/1/activate', { format })).json.error?.code;
    await upload(json.properties.storageUrl, Buffer.from('not a zip archive'));
    expect(await activate('zip')).toBe('InvalidApplicationPackage');
    expect(await activate('tar')).toBe('InvalidPropertyValue');
    await upload(json.properties.storageUrl, zipOf([]));
    expect(await activate('zip')).toBeUndefined();
    expect((await arm.put('applications/odd/versions/1', {})).json.error.code).toBe('ApplicationPackageExists');
  });

  it('the default version must be there, and cannot be deleted', async () => {
    const wrong = await arm.patch('applications/tool', { properties: { defaultVersion: '9' } });
    expect([wrong.status, wrong.json.error.code]).toEqual([400, 'InvalidPropertyValue']);
    expect((await arm.delete('applications/tool/versions/2.0-b')).status).toBe(409);
    expect((await arm.delete('applications/tool/versions/9')).status).toBe(204);
  });

  it('resource files may name a container of auto storage', async () => {
    const { client } = await azurite.container();
    await client.getBlockBlobClient('in/a.txt').upload('from auto storage', 17);
    const poolId = await createPool(rest);
    const jobId = await createJob(rest, poolId);
    const task = await runTask(rest, jobId, {
      commandLine: 'cat data/in/a.txt',
      resourceFiles: [{ autoStorageContainerName: client.containerName, blobPrefix: 'in/', filePath: 'data' }],
    });
    expect(await stdout(jobId, task)).toBe('from auto storage');
    const shown = (await rest.get(`/jobs/${jobId}/tasks/${task.id}`)).json;
    expect(JSON.stringify(shown)).not.toContain('sig=');
  });

  it('applications and packages outlive the emulator, and nodes get them again', async () => {
    const poolId = await createPool(rest, { applicationPackageReferences: [{ applicationId: 'tool' }] });
    await poolReady(rest, poolId, 1);
    const before = (await arm.get('applications/tool')).json;
    await emulator.close();
    await start();
    expect((await arm.get('applications/tool')).json).toEqual(before);
    await poolReady(rest, poolId, 1);
    const jobId = await createJob(rest, poolId);
    const task = await runTask(rest, jobId, { commandLine: `/bin/sh -c '$AZ_BATCH_APP_PACKAGE_Tool/run'` });
    expect(await stdout(jobId, task)).toBe('two\n');
  });

  it('without auto storage there are no packages, and the refusal says what to do', async () => {
    const plain = await startEmulator({ bearer: true });
    const other = new Arm(plain);
    await other.put('applications/app', { properties: {} });
    const refused = await other.put('applications/app/versions/1', {});
    await plain.close();
    expect([refused.status, refused.json.error.code]).toEqual([409, 'AutoStorageNotLinked']);
    expect(refused.json.error.message).toContain('--storage');
  });
});
