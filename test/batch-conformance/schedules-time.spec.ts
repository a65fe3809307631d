import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { createPool, poolReady } from './fixtures';
import { Rest, type Body } from './rest';
import { uniqueId, until } from './target';

const HOUR_MS = 3_600_000;

describe('job schedules over time', () => {
  let emulator: Emulator;
  let rest: Rest;
  beforeAll(async () => {
    emulator = await startEmulator({ timeScale: 3600 });
    rest = new Rest(emulator);
  });
  afterAll(() => emulator.close());

  const create = async (schedule: Body, jobSpecification: Body): Promise<string> => {
    const id = uniqueId('schedule');
    const answer = await rest.post('/jobschedules', { id, schedule, jobSpecification });
    expect(answer.status).toBe(201);
    return id;
  };
  const jobsOf = async (id: string): Promise<Body[]> => (await rest.get(`/jobschedules/${id}/jobs`)).json.value;

  it('no job after doNotRunAfter, and the schedule is over', async () => {
    const doNotRunAfter = new Date(Date.now() + 1.5 * HOUR_MS).toISOString();
    const poolInfo = { poolId: 'nosuchpool' };
    const id = await create(
      { recurrenceInterval: 'PT1H', doNotRunAfter },
      { poolInfo, onAllTasksComplete: 'terminatejob' },
    );
    const { json } = await until(async () => {
      const answer = await rest.get(`/jobschedules/${id}`);
      return answer.json.state === 'completed' && answer;
    }, 'the end of the schedule');
    expect(json.executionInfo).not.toHaveProperty('nextRunTime');
    expect((await jobsOf(id)).filter(({ creationTime }) => creationTime > doNotRunAfter)).toEqual([]);
  });

  it('a job that could not start within its window is lost', async () => {
    const poolId = await createPool(rest, { vmSize: 'simulated_d2' });
    await poolReady(rest, poolId);
    // The first job takes an hour and a half, so that the second cannot start on time.
    const jobManagerTask = {
      id: 'manager',
      commandLine: 'x',
      environmentSettings: [{ name: 'SIMULATED_DURATION', value: '5400' }],
    };
    const id = await create(
      { recurrenceInterval: 'PT1H', startWindow: 'PT1M' },
      { poolInfo: { poolId }, jobManagerTask },
    );
    const [first, second] = await until(async () => {
      const jobs = await jobsOf(id);
      return jobs.length > 1 && jobs;
    }, 'the second job');
    expect(Date.parse(second.creationTime) - Date.parse(first.creationTime)).toBeGreaterThanOrEqual(2 * HOUR_MS - 1000);
    await rest.delete(`/jobschedules/${id}`);
  });
});
