import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { jobInState } from './fixtures';
import { Rest } from './rest';
import { until } from './target';

describe('job schedules that outlive the emulator', () => {
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

  it('keeps the schedule, the number of its jobs and when the next falls due', async () => {
    const jobSpecification = { poolInfo: { poolId: 'p' } };
    await rest.post('/jobschedules', { id: 's', schedule: { recurrenceInterval: 'PT1H' }, jobSpecification });
    await rest.post('/jobs/s:job-1/terminate');
    await jobInState(rest, 's:job-1', 'completed');
    const before = (await rest.get('/jobschedules/s')).json;
    await emulator.close();
    await start();
    const after = (await rest.get('/jobschedules/s')).json;
    expect(after.executionInfo.nextRunTime).toBe(before.executionInfo.nextRunTime);
    expect(after).toMatchObject({ eTag: before.eTag, executionInfo: { recentJob: { id: 's:job-1' } } });
    expect((await rest.get('/jobschedules/s/jobs')).json.value).toHaveLength(1);
  });

  it('an automatic pool still goes with its job', async () => {
    const pool = { vmSize: 'Standard_D2_v3', targetDedicatedNodes: 1 };
    await rest.post('/jobs', {
      id: 'j',
      poolInfo: { autoPoolSpecification: { poolLifetimeOption: 'job', pool } },
    });
    const { poolId } = (await rest.get('/jobs/j')).json.executionInfo;
    await emulator.close();
    await start();
    expect((await rest.get('/jobs/j')).json.executionInfo.poolId).toBe(poolId);
    expect((await rest.get(`/pools/${poolId}`)).status).toBe(200);
    await rest.post('/jobs/j/terminate');
    await until(async () => (await rest.get(`/pools/${poolId}`)).status === 404, 'the pool to be gone');
  });
});
