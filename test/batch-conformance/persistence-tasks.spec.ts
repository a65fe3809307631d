import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { addTasks, createJob, createPool, poolReady, runTask, taskInState } from './fixtures';
import { Rest } from './rest';

describe('how tasks and jobs run, across a restart', () => {
  let location: string;
  let emulator: Emulator;
  let rest: Rest;

  const start = async (): Promise<void> => {
    emulator = await startEmulator({ location });
    rest = new Rest(emulator);
  };
  const restart = async (): Promise<void> => {
    await emulator.close();
    await start();
  };
  beforeEach(async () => {
    location = await mkdtemp(path.join(tmpdir(), 'emulator-test-'));
    await start();
  });
  afterEach(async () => {
    await emulator.close();
    await rm(location, { recursive: true, force: true });
  });

  it('a task goes on waiting for those of its parents that were not done', async () => {
    const poolId = await createPool(rest, { taskSlotsPerNode: 2 });
    await poolReady(rest, poolId, 1);
    const jobId = await createJob(rest, poolId, { usesTaskDependencies: true });
    await runTask(rest, jobId, { id: '1', commandLine: 'true' });
    await addTasks(rest, jobId, [
      { id: 'child', commandLine: 'true', dependsOn: { taskIds: ['a'], taskIdRanges: [{ start: 1, end: 2 }] } },
    ]);
    await runTask(rest, jobId, { id: 'a', commandLine: 'true' });

    await restart();

    await poolReady(rest, poolId, 1);
    await runTask(rest, jobId, { id: 'other', commandLine: 'true' });
    expect((await rest.get(`/jobs/${jobId}/tasks/child`)).json.state).toBe('active');
    await addTasks(rest, jobId, [{ id: '2', commandLine: 'true' }]);
    await taskInState(rest, jobId, 'child', 'completed');
  });
});
