import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import type { ContainerClient } from '@azure/storage-blob';
import { Azurite, blobUrl } from './azurite';
import { createJob, createPool, poolReady, runTask } from './fixtures';
import { Rest, type Body } from './rest';

describe('files that tasks are given and leave behind', () => {
  let azurite: Azurite;
  let emulator: Emulator;
  let rest: Rest;
  let jobId: string;
  let container: ContainerClient;
  let sasUrl: string;
  let missingUrl: string;
  beforeAll(async () => {
    [azurite, emulator] = await Promise.all([Azurite.start(), startEmulator()]);
    rest = new Rest(emulator);
    const poolId = await createPool(rest);
    await poolReady(rest, poolId, 1);
    jobId = await createJob(rest, poolId);
    ({ client: container, sasUrl, missingUrl } = await azurite.container());
    for (const name of ['in/a.txt', 'in/deep/b & c.txt', 'other/x.txt']) {
      await container.getBlockBlobClient(name).upload(name, Buffer.byteLength(name));
    }
  });
  afterAll(async () => {
    await emulator.close();
    await azurite.stop();
  });

  const stdout = async (task: Body): Promise<string> =>
    (await rest.get(`/jobs/${jobId}/tasks/${task.id}/files/stdout.txt`)).text;

  it('a single file goes where it is told, with its mode', async () => {
    const task = await runTask(rest, jobId, {
      commandLine: `/bin/sh -c 'cat bin/tool.txt; stat -c " %a" bin/tool.txt'`,
      resourceFiles: [{ httpUrl: blobUrl(sasUrl, 'in/a.txt'), filePath: 'bin/tool.txt', fileMode: '0755' }],
    });
    expect(await stdout(task)).toBe('in/a.txt 755\n');
  });

  it('a container comes with its structure, narrowed by a prefix', async () => {
    const task = await runTask(rest, jobId, {
      commandLine: `/bin/sh -c 'find . -type f | sort'`,
      resourceFiles: [{ storageContainerUrl: sasUrl, blobPrefix: 'in/', filePath: 'data' }],
    });
    expect(await stdout(task)).toBe('./data/in/a.txt\n./data/in/deep/b & c.txt\n');
  });

  it.each([
    ['BlobNotFound', () => ({ httpUrl: blobUrl(sasUrl, 'nosuchblob'), filePath: 'x' })],
    ['BlobNotFound', () => ({ storageContainerUrl: missingUrl })],
    ['BlobAccessDenied', () => ({ httpUrl: `${blobUrl(sasUrl, 'in/a.txt')}x`, filePath: 'x' })],
    ['ResourceFileCreateFailed', () => ({ httpUrl: blobUrl(sasUrl, 'in/a.txt'), filePath: '../../escape.txt' })],
  ])('%s fails the task before its command, without a retry', async (code, resourceFile) => {
    const task = await runTask(rest, jobId, {
      commandLine: 'true',
      resourceFiles: [resourceFile()],
      constraints: { maxTaskRetryCount: 2 },
    });
    expect(task.executionInfo).toMatchObject({ result: 'failure', retryCount: 0, failureInfo: { code } });
    expect(task.executionInfo).not.toHaveProperty('exitCode');
    expect(JSON.stringify(task.executionInfo)).not.toContain('sig=');
  });

  const output = (filePattern: string, path: string | undefined, uploadCondition: string): Body => ({
    filePattern,
    destination: { container: { containerUrl: sasUrl, ...(path !== undefined && { path }) } },
    uploadOptions: { uploadCondition },
  });
  const blobsBelow = async (prefix: string): Promise<string[]> => {
    const names: string[] = [];
    for await (const blob of container.listBlobsFlat({ prefix })) names.push(blob.name);
    return names.sort();
  };

  it('outputs go up by pattern, keeping the structure behind the fixed part', async () => {
    await runTask(rest, jobId, {
      commandLine: `/bin/sh -c 'mkdir -p out/d; echo 1 > out/a.csv; echo 2 > "out/d/b c.csv"; : > out/empty.csv; echo hi'`,
      outputFiles: [
        output('out/**', 'p1/results', 'tasksuccess'),
        output('../std*.txt', 'p1/logs', 'taskcompletion'),
        output('out/a.csv', 'p1/exactly.csv', 'taskcompletion'),
        output('nothing/*', 'p1/nothing', 'taskcompletion'),
        output('../stdout.txt', 'p1/failed.txt', 'taskfailure'),
      ],
    });
    expect(await blobsBelow('p1/')).toEqual([
      'p1/exactly.csv',
      'p1/logs/stderr.txt',
      'p1/logs/stdout.txt',
      'p1/results/a.csv',
      'p1/results/d/b c.csv',
      'p1/results/empty.csv',
    ]);
    expect((await container.getBlobClient('p1/results/d/b c.csv').downloadToBuffer()).toString()).toBe('2\n');
  });

  it('conditions look at the exit code of the last attempt', async () => {
    await runTask(rest, jobId, {
      commandLine: `/bin/sh -c 'echo x >> tries; exit 1'`,
      constraints: { maxTaskRetryCount: 2 },
      outputFiles: [output('tries', 'p2/tries', 'taskfailure'), output('tries', 'p2/not', 'tasksuccess')],
    });
    expect(await blobsBelow('p2/')).toEqual(['p2/tries']);
    expect((await container.getBlobClient('p2/tries').downloadToBuffer()).toString()).toBe('x\nx\nx\n');
  });

  it('a task that ran out of time still leaves its logs', async () => {
    await runTask(rest, jobId, {
      commandLine: `/bin/sh -c 'echo started; sleep 300'`,
      constraints: { maxWallClockTime: 'PT0.5S' },
      outputFiles: [output('../stdout.txt', 'p3/stdout.txt', 'taskcompletion')],
    });
    expect((await container.getBlobClient('p3/stdout.txt').downloadToBuffer()).toString()).toBe('started\n');
  });

  it('headers are passed on', async () => {
    const file = output('../stdout.txt', 'p4/page.html', 'taskcompletion');
    file.destination.container.uploadHeaders = [{ name: 'x-ms-blob-content-type', value: 'text/html' }];
    await runTask(rest, jobId, { commandLine: 'echo x', outputFiles: [file] });
    expect((await container.getBlobClient('p4/page.html').getProperties()).contentType).toBe('text/html');
  });

  it('a missing container fails the task although its exit code is 0', async () => {
    const file = output('../stdout.txt', 'x', 'taskcompletion');
    file.destination.container.containerUrl = missingUrl;
    const task = await runTask(rest, jobId, { commandLine: 'true', outputFiles: [file] });
    expect(task.executionInfo).toMatchObject({
      exitCode: 0,
      result: 'failure',
      failureInfo: { code: 'FileUploadContainerNotFound' },
    });
    expect((await rest.get(`/jobs/${jobId}/tasks/${task.id}/files/fileuploaderr.txt`)).text).not.toBe('');
  });
});
