import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { jobInState } from './fixtures';
import { Rest, type Body } from './rest';
import { until } from './target';

describe('job schedules that outlive the emulator', () => {
  let location: string;
  let emulator: Emulator;
  let rest: Rest;

  const start = async (timeScale = 1): Promise<void> => {
    emulator = await startEmulator({ location, timeScale });
    rest = new Rest(emulator);
  };
  const changeSchedules = async (change: (record: Body) => Body): Promise<void> => {
    const folder = path.join(location, 'journal');
    for (const name of (await readdir(folder)).filter((entry) => entry.endsWith('.jsonl'))) {
      const lines = (await readFile(path.join(folder, name), 'utf8')).split('\n').filter((line) => line !== '');
      const records: Body[] = lines.map((line) => JSON.parse(line));
      const changed = records.map((record) => JSON.stringify(record.kind === 'schedule' ? change(record) : record));
      await writeFile(path.join(folder, name), `${changed.join('\n')}\n`);
    }
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

  it('a job that was written down when its schedule was not yet is taken for its own', async () => {
    const jobSpecification = { poolInfo: { poolId: 'p' } };
    await rest.post('/jobschedules', { id: 's', schedule: { recurrenceInterval: 'PT1H' }, jobSpecification });
    const { creationTime } = (await rest.get('/jobs/s:job-1')).json;
    await emulator.close();
    await changeSchedules((record) => ({ ...record, jobsMade: 0, nextRun: record.created }));
    await start();
    const recent = async (): Promise<string | undefined> =>
      (await rest.get('/jobschedules/s')).json.executionInfo?.recentJob?.id;
    await until(async () => (await recent()) === 's:job-1', 'the job to be known');
    expect((await rest.get('/jobs/s:job-1')).json.creationTime).toBe(creationTime);
    expect((await rest.get('/jobschedules/s/jobs')).json.value).toHaveLength(1);
  });

  it('a job that fell due while another one was active is made after a restart', async () => {
    await emulator.close();
    // An hour is four seconds.
    await start(900);
    const jobSpecification = { poolInfo: { poolId: 'p' } };
    await rest.post('/jobschedules', { id: 's', schedule: { recurrenceInterval: 'PT1H' }, jobSpecification });
    const nextRun = async (): Promise<string> => (await rest.get('/jobschedules/s')).json.executionInfo.nextRunTime;
    const first = await nextRun();
    const second = await until(async () => (await nextRun()) !== first && nextRun(), 'the second job to fall due');
    expect((await rest.get('/jobs/s:job-2')).status).toBe(404);
    // Has the schedule written down as it is now.
    await rest.patch('/jobschedules/s', { metadata: [{ name: 'a', value: 'b' }] });
    await emulator.close();
    await start();
    expect(await nextRun()).toBe(second);
    await rest.post('/jobs/s:job-1/terminate');
    await until(async () => (await rest.get('/jobs/s:job-2')).status === 200, 'the job that was due');
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
