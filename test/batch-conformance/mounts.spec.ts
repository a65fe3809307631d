import { mkdtemp, readFile, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { createJob, createPool, poolReady, runTask } from './fixtures';
import { Rest, type Body } from './rest';
import { uniqueId } from './target';

const share = (relativeMountPath: string): Body => ({
  azureFileShareConfiguration: {
    accountName: 'acct',
    accountKey: 'c2VjcmV0',
    azureFileUrl: 'https://acct.file.core.windows.net/models',
    relativeMountPath,
  },
});

describe('mounts: a folder of the host stands for a file share', () => {
  let mounts: string;
  let emulator: Emulator;
  let rest: Rest;
  beforeAll(async () => {
    mounts = await mkdtemp(path.join(tmpdir(), 'emulator-mounts-'));
    emulator = await startEmulator({ mounts });
    rest = new Rest(emulator);
  });
  afterAll(async () => {
    await emulator.close();
    await rm(mounts, { recursive: true, force: true });
  });

  it('is seen by the tasks of all nodes, and outlives the pool', async () => {
    const folder = path.join(mounts, 'acct.file.core.windows.net', 'models');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'in.txt'), 'weights');
    const poolId = await createPool(rest, { mountConfiguration: [share('data/models')] });
    await poolReady(rest, poolId, 1);
    const jobId = await createJob(rest, poolId);
    const script =
      'cat $AZ_BATCH_NODE_MOUNTS_DIR/data/models/in.txt; echo left > $AZ_BATCH_NODE_MOUNTS_DIR/data/models/out';
    await runTask(rest, jobId, { id: 't', commandLine: `/bin/sh -c '${script}'` });
    expect((await rest.get(`/jobs/${jobId}/tasks/t/files/stdout.txt`)).text).toBe('weights');
    await rest.delete(`/pools/${poolId}`);
    expect(await readFile(path.join(folder, 'out'), 'utf8')).toBe('left\n');
  });

  it('never shows keys and passwords again', async () => {
    const poolId = await createPool(rest, {
      targetDedicatedNodes: 0,
      mountConfiguration: [
        share('a'),
        { cifsMountConfiguration: { username: 'u', password: 'p', source: '//host/share', relativeMountPath: 'b' } },
        { nfsMountConfiguration: { source: 'host:/export', relativeMountPath: 'c' } },
      ],
    });
    const { mountConfiguration } = (await rest.get(`/pools/${poolId}`)).json;
    expect(mountConfiguration).toEqual([
      {
        azureFileShareConfiguration: {
          accountName: 'acct',
          azureFileUrl: 'https://acct.file.core.windows.net/models',
          relativeMountPath: 'a',
        },
      },
      { cifsMountConfiguration: { username: 'u', source: '//host/share', relativeMountPath: 'b' } },
      { nfsMountConfiguration: { source: 'host:/export', relativeMountPath: 'c' } },
    ]);
  });

  it('a share with a hostile name stays a folder below the others', async () => {
    const nfsMountConfiguration = { source: '../../..:/etc', relativeMountPath: 'x' };
    const poolId = await createPool(rest, { mountConfiguration: [{ nfsMountConfiguration }] });
    await poolReady(rest, poolId, 1);
    const jobId = await createJob(rest, poolId);
    await runTask(rest, jobId, { id: 't', commandLine: "/bin/sh -c 'readlink -f $AZ_BATCH_NODE_MOUNTS_DIR/x'" });
    const target = (await rest.get(`/jobs/${jobId}/tasks/t/files/stdout.txt`)).text.trim();
    expect(target.startsWith(mounts + path.sep)).toBe(true);
  });

  it.each([
    ['a path that leads out', [share('../out')]],
    ['an absolute path', [share('/abs')]],
    ['two mounts at one path', [share('a'), share('a')]],
    ['two kinds in one entry', [{ ...share('a'), nfsMountConfiguration: { source: 's', relativeMountPath: 'b' } }]],
    ['more than ten', Array.from({ length: 11 }, (_, index) => share(`m${index}`))],
  ])('refuses %s', async (_what, mountConfiguration) => {
    const body = { id: uniqueId('pool'), vmSize: 'Standard_D2_v3', mountConfiguration };
    const answer = await rest.post('/pools', body);
    expect([answer.status, answer.json.code]).toEqual([400, 'InvalidPropertyValue']);
  });
});
