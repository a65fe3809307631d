import { mkdtemp, readdir, rm, appendFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { addTasks, createJob, createPool, poolReady, runTask, taskInState } from './fixtures';
import { Rest, type Body } from './rest';
import { until } from './target';

describe('state that outlives the emulator', () => {
  let location: string;
  let emulator: Emulator;
  let rest: Rest;

  const start = async (): Promise<void> => {
    emulator = await startEmulator({ location });
    rest = new Rest(emulator);
  };
  beforeEach(async () => {
    location = await mkdtemp(path.join(tmpdir(), 'emulator-test-'));
    await start();
  });
  afterEach(async () => {
    await emulator.close();
    await rm(location, { recursive: true, force: true });
  });

  it('keeps pools, jobs, tasks and files; what ran is run again, uncounted', async () => {
    const poolId = await createPool(rest, { metadata: [{ name: 'a', value: 'b' }] });
    await poolReady(rest, poolId, 1);
    const jobId = await createJob(rest, poolId, { priority: 5 });
    await runTask(rest, jobId, { id: 'done', commandLine: 'echo kept' });
    await runTask(rest, jobId, { id: 'failed', commandLine: 'false' });
    await addTasks(rest, jobId, [
      { id: 'ran', commandLine: 'sleep 300' },
      { id: 'waits', commandLine: 'true' },
    ]);
    await taskInState(rest, jobId, 'ran', 'running');
    const before = (await rest.get(`/jobs/${jobId}/tasks/done`)).json;
    const etag = (await rest.get(`/pools/${poolId}`)).json.eTag;

    await emulator.close();
    await start();

    const after = (await rest.get(`/jobs/${jobId}/tasks/done`)).json;
    expect({ ...after, ...urls }).toEqual({ ...before, ...urls });
    expect((await rest.get(`/jobs/${jobId}/tasks/done/files/stdout.txt`)).text).toBe('kept\n');
    expect((await rest.get(`/jobs/${jobId}/tasks/failed`)).json.executionInfo).toMatchObject({
      result: 'failure',
      failureInfo: { code: 'FailureExitCode' },
    });
    expect((await rest.get(`/jobs/${jobId}`)).json.priority).toBe(5);
    expect((await rest.get(`/pools/${poolId}`)).json).toMatchObject({
      eTag: etag,
      metadata: [{ name: 'a', value: 'b' }],
    });
    const again = await taskInState(rest, jobId, 'ran', 'running');
    expect(again.executionInfo).toMatchObject({ retryCount: 0, requeueCount: 0 });
    await rest.post(`/jobs/${jobId}/tasks/ran/terminate`);
    await taskInState(rest, jobId, 'waits', 'completed');
    const { taskCounts } = (await rest.get(`/jobs/${jobId}/taskcounts`)).json;
    expect(taskCounts).toEqual({ active: 0, running: 0, completed: 4, succeeded: 2, failed: 2 });
  });

  it('tolerates a torn last line, and goes on writing behind it', async () => {
    const jobId = await createJob(rest, 'nopool');
    await addTasks(rest, jobId, [{ id: 'a', commandLine: 'true' }]);
    await emulator.close();
    const [journal] = (await readdir(path.join(location, 'journal'))).sort();
    await appendFile(
      path.join(location, 'journal', String(journal)),
      '{"kind":"task","job":"' + jobId + '","id":"b","se',
    );
    await start();
    expect((await rest.get(`/jobs/${jobId}/tasks`)).json.value.map((task: Body) => task.id)).toEqual(['a']);
    await addTasks(rest, jobId, [{ id: 'c', commandLine: 'true' }]);
    await emulator.close();
    await start();
    expect((await rest.get(`/jobs/${jobId}/tasks`)).json.value.map((task: Body) => task.id)).toEqual(['a', 'c']);
  });

  it('what was deleted stays deleted', async () => {
    const poolId = await createPool(rest, { targetDedicatedNodes: 0 });
    const jobId = await createJob(rest, poolId);
    const kept = await createJob(rest, poolId);
    await addTasks(rest, kept, [
      { id: 'a', commandLine: 'true' },
      { id: 'b', commandLine: 'true' },
    ]);
    await rest.delete(`/jobs/${kept}/tasks/a`);
    await rest.delete(`/jobs/${jobId}`);
    await until(async () => (await rest.get(`/jobs/${jobId}`)).status === 404, 'the job to be gone');
    await emulator.close();
    await start();
    expect((await rest.get(`/jobs/${jobId}`)).status).toBe(404);
    expect((await rest.get(`/jobs/${kept}/tasks`)).json.value.map((task: Body) => task.id)).toEqual(['b']);
  });
});

/** The port differs from start to start, and with it every URL. */
const urls = { 'odata.metadata': '', url: '', nodeInfo: {} };
