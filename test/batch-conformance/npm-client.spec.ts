import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { BatchServiceClient, BatchSharedKeyCredentials } from '@azure/batch';
import { IMAGE } from './fixtures';
import { uniqueId, until } from './target';

/** The unmodified client from npm, an old generation (2022-10-01.16.0) with its own habits on the wire. */
describe('@azure/batch 10.2.0 works unchanged', () => {
  let emulator: Emulator;
  let client: BatchServiceClient;
  beforeAll(async () => {
    emulator = await startEmulator();
    client = new BatchServiceClient(new BatchSharedKeyCredentials(emulator.account, emulator.key), emulator.url);
  });
  afterAll(() => emulator.close());

  it('goes the whole way: pool, job, tasks, counts, list, files, delete', async () => {
    const poolId = uniqueId('pool');
    const jobId = uniqueId('job');
    await client.pool.add({
      id: poolId,
      vmSize: 'Standard_D2_v3',
      virtualMachineConfiguration: IMAGE,
      targetDedicatedNodes: 2,
    });
    expect((await client.pool.exists(poolId)).body).toBe(true);
    await until(async () => (await client.pool.get(poolId)).allocationState === 'steady', 'the pool to be steady');
    expect(await client.computeNode.list(poolId)).toHaveLength(2);
    expect((await client.account.listPoolNodeCounts())[0]?.dedicated?.total).toBe(2);

    await client.job.add({ id: jobId, poolInfo: { poolId } });
    const added = await client.task.addCollection(jobId, [
      { id: 'a', commandLine: '/bin/sh -c \'echo hello; mkdir sub; echo deep > "sub/x y.txt"\'' },
      { id: 'b', commandLine: 'true' },
      { id: 'c', commandLine: 'false' },
    ]);
    expect(added.value?.map((result) => result.status)).toEqual(['success', 'success', 'success']);
    await until(
      async () => (await client.job.getTaskCounts(jobId)).taskCounts.completed === 3,
      'three tasks to complete',
    );
    expect((await client.job.getTaskCounts(jobId)).taskCounts).toMatchObject({ succeeded: 2, failed: 1 });

    const failed = await client.task.list(jobId, { taskListOptions: { filter: "executionInfo/result eq 'failure'" } });
    expect(failed.map((task) => task.id)).toEqual(['c']);
    const first = await client.task.list(jobId, { taskListOptions: { maxResults: 2 } });
    const second = await client.task.listNext(first['odatanextLink'] ?? '');
    expect([first.length, second.length]).toEqual([2, 1]);

    expect(await text(await client.file.getFromTask(jobId, 'a', 'stdout.txt'))).toBe('hello\n');
    expect(await text(await client.file.getFromTask(jobId, 'a', 'wd/sub/x y.txt'))).toBe('deep\n');
    const properties = await client.file.getPropertiesFromTask(jobId, 'a', 'stdout.txt');
    expect(properties.ocpBatchFileIsdirectory).toBe(false);
    const names = (await client.file.listFromTask(jobId, 'a', { recursive: true })).map((file) => file.name);
    expect(names).toContain('wd/sub/x y.txt');

    await client.task.reactivate(jobId, 'c');
    await client.job.patch(jobId, { onAllTasksComplete: 'terminatejob' });
    await until(async () => (await client.job.get(jobId)).state === 'completed', 'the job to complete');
    await client.job.deleteMethod(jobId);
    await client.pool.deleteMethod(poolId);
    await until(async () => !(await client.pool.exists(poolId)).body, 'the pool to be gone');
  });

  it('understands our errors', async () => {
    await expect(client.pool.get('nosuchpool')).rejects.toMatchObject({
      statusCode: 404,
      body: { code: 'PoolNotFound', message: { lang: 'en-US' } },
    });
  });
});

async function text(response: { readableStreamBody?: NodeJS.ReadableStream }): Promise<string> {
  let all = '';
  for await (const chunk of response.readableStreamBody ?? []) all += String(chunk);
  return all;
}
