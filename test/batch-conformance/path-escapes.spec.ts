import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { createJob, createPool, poolReady, runTask } from './fixtures';
import { Rest, type Body } from './rest';
import { uniqueId, until } from './target';

/** Whatever names and links say, the emulator itself neither writes nor reads outside of a node for a task. */
describe('paths that lead out of a node', () => {
  let folder: string;
  let outside: string;
  let storage: http.Server;
  let storageUrl: string;
  let blobs: string[];
  let uploads: string[];
  let emulator: Emulator;
  let rest: Rest;
  let poolId: string;
  let jobId: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'escapes-'));
    outside = path.join(folder, 'outside');
    storage = http.createServer((request, response) => answer(request, response));
    await new Promise<void>((resolve) => storage.listen(0, '127.0.0.1', resolve));
    storageUrl = `http://127.0.0.1:${(storage.address() as AddressInfo).port}/container`;
    emulator = await startEmulator({ location: path.join(folder, 'location') });
    rest = new Rest(emulator);
    const nfsMountConfiguration = { source: 'host:/share', relativeMountPath: 'deep/data' };
    poolId = await createPool(rest, { mountConfiguration: [{ nfsMountConfiguration }] });
    await poolReady(rest, poolId);
  });
  afterAll(async () => {
    await emulator.close();
    storage.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    [blobs, uploads] = [[], []];
    await rm(outside, { recursive: true, force: true });
    await mkdir(path.join(outside, 'victim'), { recursive: true });
    await writeFile(path.join(outside, 'secret.txt'), 'secret');
    await writeFile(path.join(outside, 'victim/kept.txt'), 'kept');
    jobId = await createJob(rest, poolId);
  });
  afterEach(async () => {
    expect((await readdir(folder)).sort()).toEqual(['location', 'outside']);
    expect((await readdir(outside, { recursive: true })).sort()).toEqual(['secret.txt', 'victim', 'victim/kept.txt']);
    expect(await readFile(path.join(outside, 'secret.txt'), 'utf8')).toBe('secret');
    expect(uploads.join()).not.toMatch(/secret|kept/);
  });

  /** A blob service with the blobs that the test names. */
  function answer(request: http.IncomingMessage, response: http.ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.method === 'PUT') {
        uploads.push(Buffer.concat(chunks).toString());
        response.writeHead(201).end();
      } else if (request.url?.includes('comp=list')) {
        response.end(`<R><Blobs>${blobs.map((name) => `<Blob><Name>${name}</Name></Blob>`).join('')}</Blobs></R>`);
      } else response.end('evil');
    });
  }

  /** Runs a script of a task that means no good, with `$D` for the directory of tasks of the job. */
  const plant = (script: string, id = uniqueId('planter')): Promise<Body> => {
    const directory = `$AZ_BATCH_NODE_ROOT_DIR/workitems/${jobId}/job-1`;
    return runTask(rest, jobId, { id, commandLine: `/bin/sh -c 'D=${directory}; O=${outside}; ${script}'` });
  };
  const code = (task: Body): string | undefined => task.executionInfo.failureInfo?.code;

  it.each([
    ['../escape.txt'],
    ['../../../../../../../../outside/x'],
    ['a/../../../x'],
    ['/'],
    ['.'],
    ['..'],
    ['a/\0/x'],
  ])('a resource file at %j', async (filePath) => {
    const task = await runTask(rest, jobId, {
      commandLine: 'true',
      resourceFiles: [{ httpUrl: storageUrl, filePath }],
    });
    expect(code(task)).toMatch(/^ResourceFile(Create|Write)Failed$/);
  });

  it('a resource file at an absolute path', async () => {
    const resourceFiles = [{ httpUrl: storageUrl, filePath: path.join(outside, 'x') }];
    expect(code(await runTask(rest, jobId, { commandLine: 'true', resourceFiles }))).toBe('ResourceFileCreateFailed');
  });

  it.each([['../../evil'], ['a/../../../evil'], ['&#46;./evil'], ['..']])(
    'a blob named %s in a container',
    async (name) => {
      blobs = ['fine.txt', name];
      const resourceFiles = [{ storageContainerUrl: storageUrl, filePath: 'data/..' }];
      expect(code(await runTask(rest, jobId, { commandLine: 'true', resourceFiles }))).toBe('ResourceFileCreateFailed');
    },
  );

  it.each([
    [
      'a directory in the working directory',
      'mkdir -p $D/victim/wd; ln -s $O $D/victim/wd/link',
      'ResourceFileCreateFailed',
    ],
    [
      'the file itself',
      'mkdir -p $D/victim/wd/link; ln -s $O/secret.txt $D/victim/wd/link/x',
      'ResourceFileWriteFailed',
    ],
    ['the working directory', 'mkdir -p $D/victim; ln -s $O $D/victim/wd', 'ResourceDirectoryCreateFailed'],
    ['the directory of the task', 'ln -s $O $D/victim', 'ResourceDirectoryCreateFailed'],
    ['the output of the command', 'mkdir -p $D/victim; ln -s $O/secret.txt $D/victim/stdout.txt', undefined],
  ])('a link that an earlier task planted: %s', async (_what, script, failure) => {
    expect(code(await plant(script))).toBeUndefined();
    const resourceFiles = [{ httpUrl: storageUrl, filePath: 'link/x' }];
    const task = await runTask(rest, jobId, { id: 'victim', commandLine: 'echo out', resourceFiles });
    expect(code(task)).toBe(failure);
    if (failure === undefined)
      expect((await rest.get(`/jobs/${jobId}/tasks/victim/files/stdout.txt`)).text).toBe('out\n');
  });

  it.each([
    ['an absolute pattern', () => `${outside}/**`],
    ['an absolute file', () => `${outside}/secret.txt`],
    ['a pattern that climbs', () => `../../../../../../../../outside/*`],
    ['a link to a directory', () => 'link/*'],
    ['a file behind a link', () => 'link/secret.txt'],
    ['a link to a file', () => '*.txt'],
    ['directories behind a link', () => '**/*.txt'],
  ])('output files: %s', async (_what, pattern) => {
    const container = { containerUrl: storageUrl };
    const task = await runTask(rest, jobId, {
      commandLine: `/bin/sh -c 'ln -s ${outside} link; ln -s ${outside}/secret.txt l.txt; echo mine > m.txt'`,
      outputFiles: [
        { filePattern: pattern(), destination: { container }, uploadOptions: { uploadCondition: 'taskcompletion' } },
        { filePattern: 'm.txt', destination: { container }, uploadOptions: { uploadCondition: 'taskcompletion' } },
      ],
    });
    expect(code(task)).toBeUndefined();
    expect(uploads).toContain('mine\n');
  });

  it('the log of uploads is not written through a link', async () => {
    const container = { containerUrl: storageUrl };
    await runTask(rest, jobId, {
      commandLine: `/bin/sh -c 'ln -s ${outside}/secret.txt ../fileuploadout.txt; echo mine > m.txt'`,
      outputFiles: [
        { filePattern: 'm.txt', destination: { container }, uploadOptions: { uploadCondition: 'taskcompletion' } },
      ],
    });
    expect(uploads).toEqual(['mine\n']);
  });

  it.each([
    ['the directory of the task', 'cd /; rm -rf $D/t; ln -s $O $D/t', 'secret.txt'],
    ['the working directory', 'cd /; rm -rf $D/t/wd; ln -s $O $D/t/wd', 'wd/secret.txt'],
    ['a directory below it', 'ln -s $O link', 'wd/link/secret.txt'],
    ['a file', 'ln -s $O/secret.txt x', 'wd/x'],
  ])('files are not shown behind a link in the place of %s', async (_what, script, name) => {
    await plant(script, 't');
    const files = `/jobs/${jobId}/tasks/t/files`;
    for (const send of [rest.get, rest.head, rest.delete]) {
      expect((await send(`${files}/${encodeURIComponent(name)}`)).status).toBe(404);
    }
    const names: string[] = (await rest.get(files, { query: { recursive: 'true' } })).json.value.map(
      (file: Body) => file.name,
    );
    expect(names).not.toContain(name);
    expect(names.filter((each) => each.endsWith('secret.txt'))).toEqual([]);
  });

  it('deleting a task deletes nothing behind a link', async () => {
    await runTask(rest, jobId, { id: 'victim', commandLine: 'true' });
    await plant('cd /; mv $D $D-moved; ln -s $O $D');
    expect((await rest.delete(`/jobs/${jobId}/tasks/victim`)).status).toBe(200);
    // The removal of the job comes behind that of its task.
    await rest.delete(`/jobs/${jobId}`);
    await until(async () => (await rest.get(`/jobs/${jobId}`)).status === 404, 'the job to be gone');
  });

  it('a mount point is not made behind a link', async () => {
    await plant('rm -rf $AZ_BATCH_NODE_MOUNTS_DIR/deep; ln -s $O $AZ_BATCH_NODE_MOUNTS_DIR/deep');
    expect((await runTask(rest, jobId, { commandLine: 'true' })).executionInfo.result).toBe('failure');
    const { nodeInfo } = (await rest.get(`/jobs/${jobId}/tasks`)).json.value[0];
    await rest.post(`/pools/${poolId}/nodes/${nodeInfo.nodeId}/reimage`);
    await poolReady(rest, poolId);
    expect((await runTask(rest, jobId, { commandLine: 'true' })).executionInfo.result).toBe('success');
  });

  it.each([['../x'], ['..'], ['a/b'], ['a\0b'], ['%2e%2e'], ['']])(
    'no job, task or pool can be called %j',
    async (id) => {
      const poolInfo = { poolId };
      const answers = await Promise.all([
        rest.post('/pools', { id, vmSize: 'simulated_d2' }),
        rest.post('/jobs', { id, poolInfo }),
        rest.post('/jobs', { id: uniqueId('job'), poolInfo, jobPreparationTask: { id, commandLine: 'true' } }),
        rest.post(`/jobs/${jobId}/tasks`, { id, commandLine: 'true' }),
        rest.post('/jobschedules', { id, schedule: {}, jobSpecification: { poolInfo } }),
      ]);
      for (const { status } of answers) expect(status).toBe(400);
    },
  );
});
