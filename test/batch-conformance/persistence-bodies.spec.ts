import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { addTasks, createJob, createPool } from './fixtures';
import { Rest, type Body } from './rest';

describe('what tasks were sent with, across a restart', () => {
  let location: string;
  let emulator: Emulator;
  beforeEach(async () => {
    location = await mkdtemp(path.join(tmpdir(), 'emulator-test-'));
    emulator = await startEmulator({ location });
  });
  afterEach(async () => {
    await emulator.close();
    await rm(location, { recursive: true, force: true });
  });

  const tasksOf = async (jobId: string): Promise<Body[]> => {
    const { value } = (await new Rest(emulator).get(`/jobs/${jobId}/tasks`)).json as { value: Body[] };
    // Links lead to the port of the moment.
    return value.map(({ url: _url, ...task }) => task);
  };

  it('is the same, for tasks of one request and for single ones, and after another restart', async () => {
    const rest = new Rest(emulator);
    const jobId = await createJob(rest, await createPool(rest, { targetDedicatedNodes: 0 }), {
      usesTaskDependencies: true,
    });
    const sent = Array.from({ length: 60 }, (_, index) => ({
      id: `t${index}`,
      commandLine: `run ${index}`,
      environmentSettings: [{ name: 'INDEX', value: String(index) }],
      ...(index % 5 === 1 && { dependsOn: { taskIds: [`t${index - 1}`] } }),
    }));
    await addTasks(rest, jobId, sent);
    await addTasks(rest, jobId, [{ id: 'single', commandLine: 'alone' }]);
    const before = await tasksOf(jobId);
    for (let count = 0; count < 2; count++) {
      await emulator.close();
      emulator = await startEmulator({ location });
      expect(await tasksOf(jobId)).toEqual(before);
    }
  });
});
