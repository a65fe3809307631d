import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { jobInState } from './fixtures';
import { Rest, type Body } from './rest';
import { uniqueId, until } from './target';

/** A minute, the shortest recurrence there is, passes in a fiftieth of a second. */
const TIME_SCALE = 3000;

describe('job schedules as time passes', () => {
  let emulator: Emulator;
  let rest: Rest;
  beforeAll(async () => {
    emulator = await startEmulator({ timeScale: TIME_SCALE });
    rest = new Rest(emulator);
  });
  afterAll(() => emulator.close());

  const create = async (schedule: Body, jobSpecification: Body = {}): Promise<string> => {
    const id = uniqueId('schedule');
    const poolInfo = { poolId: 'nopool' };
    const body = { id, schedule, jobSpecification: { poolInfo, ...jobSpecification } };
    expect((await rest.post('/jobschedules', body)).status).toBe(201);
    return id;
  };
  const get = async (id: string): Promise<Body> => (await rest.get(`/jobschedules/${id}`)).json;
  const jobsOf = async (id: string): Promise<Body[]> => (await rest.get(`/jobschedules/${id}/jobs`)).json.value;
  const jobCount = (id: string, count: number): Promise<Body[]> =>
    until(async () => {
      const jobs = await jobsOf(id);
      return jobs.length >= count && jobs;
    }, `${count} jobs of ${id}`);
  /** Emulated time, read off the schedule itself, has passed the moment. */
  const nextRunPassed = (id: string, moment: string): Promise<Body> =>
    until(async () => {
      const schedule = await get(id);
      return schedule.executionInfo.nextRunTime > moment && schedule;
    }, `the time of ${id} to pass ${moment}`);

  it('makes a job at every interval once the one before it is over, each with the next number', async () => {
    const id = await create({ recurrenceInterval: 'PT1M' }, { onAllTasksComplete: 'terminatejob' });
    const jobs = await jobCount(id, 4);
    expect(jobs.map((job) => job.id).slice(0, 4)).toEqual([1, 2, 3, 4].map((number) => `${id}:job-${number}`));
    const began = Date.parse((await get(id)).creationTime);
    jobs.forEach((job, index) => {
      expect(Date.parse(job.creationTime)).toBeGreaterThanOrEqual(began + index * 60_000);
    });
    await rest.delete(`/jobschedules/${id}`);
  });

  it('never has two active jobs: the one that is due waits for the one before it', async () => {
    const id = await create({ recurrenceInterval: 'PT1M' });
    const { executionInfo } = await get(id);
    await nextRunPassed(id, executionInfo.nextRunTime);
    expect(await jobsOf(id)).toHaveLength(1);
    await rest.post(`/jobs/${id}:job-1/terminate`);
    await jobCount(id, 2);
    await rest.delete(`/jobschedules/${id}`);
  });

  it('loses a job that could not start within its window', async () => {
    const id = await create({ recurrenceInterval: 'PT1H', startWindow: 'PT1M' });
    const { executionInfo } = await get(id);
    // A minute of the second hour is long over when the third hour has been announced and half of it has passed.
    await nextRunPassed(id, executionInfo.nextRunTime);
    const other = await create({ recurrenceInterval: 'PT30M' });
    await nextRunPassed(other, (await get(other)).executionInfo.nextRunTime);
    await rest.post(`/jobs/${id}:job-1/terminate`);
    await jobInState(rest, `${id}:job-1`, 'completed');
    expect(await jobsOf(id)).toHaveLength(1);
    await rest.delete(`/jobschedules/${id}`);
    await rest.delete(`/jobschedules/${other}`);
  });

  it('makes none while disabled, and one for all that were missed when enabled', async () => {
    const id = await create({ recurrenceInterval: 'PT1M' }, { onAllTasksComplete: 'terminatejob' });
    await rest.post(`/jobschedules/${id}/disable`);
    const before = (await jobsOf(id)).length;
    const other = await create({ recurrenceInterval: 'PT10M' });
    await nextRunPassed(other, (await get(other)).executionInfo.nextRunTime);
    expect(await jobsOf(id)).toHaveLength(before);
    await rest.post(`/jobschedules/${id}/enable`);
    expect((await jobCount(id, before + 1))[before]?.id).toBe(`${id}:job-${before + 1}`);
    await rest.delete(`/jobschedules/${id}`);
    await rest.delete(`/jobschedules/${other}`);
  });

  it('is completed when its end has passed and no job is active', async () => {
    const now = Date.parse((await get(await create({ recurrenceInterval: 'PT1H' }))).creationTime);
    const doNotRunAfter = new Date(now + 10 * 60_000).toISOString();
    const id = await create({ recurrenceInterval: 'PT1M', doNotRunAfter }, { onAllTasksComplete: 'terminatejob' });
    const done = await until(async () => {
      const schedule = await get(id);
      return schedule.state === 'completed' && schedule;
    }, 'the schedule to be completed');
    expect(done.executionInfo).not.toHaveProperty('nextRunTime');
    expect(Date.parse(done.executionInfo.endTime)).toBeGreaterThanOrEqual(now);
    const jobs = await jobsOf(id);
    expect(jobs.every((job) => Date.parse(job.creationTime) <= Date.parse(doNotRunAfter))).toBe(true);
  });
});
