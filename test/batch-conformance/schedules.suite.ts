import { createJob, createPool, jobInState, poolReady, runTask } from './fixtures';
import { Rest, type Body } from './rest';
import { uniqueId, until, type Target } from './target';

export function describeSchedules(target: () => Target): void {
  describe('job schedules', () => {
    let rest: Rest;
    beforeAll(() => {
      rest = new Rest(target());
    });

    const create = async (fields: Body = {}): Promise<string> => {
      const id = uniqueId('schedule');
      const answer = await rest.post('/jobschedules', {
        id,
        schedule: { recurrenceInterval: 'PT1H' },
        jobSpecification: { poolInfo: { poolId: 'nopool' } },
        ...fields,
      });
      if (answer.status !== 201) throw new Error(`create schedule: ${answer.status} ${answer.text}`);
      return id;
    };
    const scheduleInState = (id: string, state: string): Promise<Body> =>
      until(async () => {
        const { json } = await rest.get(`/jobschedules/${id}`);
        return json.state === state && json;
      }, `schedule ${id} to be ${state}`);

    it('a create has the recorded headers, and the first job is there at once', async () => {
      const id = uniqueId('schedule');
      const answer = await rest.post('/jobschedules', {
        id,
        displayName: 'nightly',
        schedule: { recurrenceInterval: 'PT02M00S' },
        jobSpecification: { displayName: 'of the night', poolInfo: { poolId: 'nopool' } },
      });
      const url = `${rest.target.url}/jobschedules/${id}`;
      expect(answer.status).toBe(201);
      expect(answer.headers).toMatchObject({ location: url, dataserviceid: url, etag: expect.stringMatching(/^0x/) });
      const { json } = await rest.get(`/jobschedules/${id}`);
      expect(json).toMatchObject({
        'odata.metadata': `${rest.target.url}/$metadata#jobschedules/@Element`,
        id,
        displayName: 'nightly',
        state: 'active',
        schedule: { recurrenceInterval: 'PT2M' },
        jobSpecification: {
          displayName: 'of the night',
          priority: 0,
          maxParallelTasks: -1,
          usesTaskDependencies: false,
          onAllTasksComplete: 'noaction',
          onTaskFailure: 'noaction',
          constraints: { maxWallClockTime: 'P10675199DT2H48M5.4775807S', maxTaskRetryCount: 0 },
        },
        executionInfo: { recentJob: { id: `${id}:job-1`, url: `${rest.target.url}/jobs/${id}:job-1` } },
      });
      expect(json.schedule).not.toHaveProperty('startWindow');
      expect(Date.parse(json.executionInfo.nextRunTime) - Date.parse(json.creationTime)).toBe(120_000);
      const job = (await rest.get(`/jobs/${id}:job-1`)).json;
      expect(job).toMatchObject({ id: `${id}:job-1`, displayName: 'of the night', state: 'active' });
      await rest.delete(`/jobschedules/${id}`);
    });

    it('HEAD tells whether it exists', async () => {
      const id = await create();
      expect((await rest.head(`/jobschedules/${id}`)).status).toBe(200);
      expect((await rest.head(`/jobschedules/${id}-not`)).status).toBe(404);
      await rest.delete(`/jobschedules/${id}`);
    });

    it('a single job without an interval; when it is over, so is the schedule', async () => {
      const id = await create({ schedule: {} });
      expect((await rest.get(`/jobschedules/${id}`)).json.executionInfo).not.toHaveProperty('nextRunTime');
      await rest.post(`/jobs/${id}:job-1/terminate`);
      const done = await scheduleInState(id, 'completed');
      expect(done).toMatchObject({ previousState: 'active', executionInfo: { endTime: expect.any(String) } });
      const refused = await rest.post(`/jobschedules/${id}/disable`);
      expect([refused.status, refused.json.code]).toEqual([409, 'JobScheduleCompleted']);
    });

    it('no job before doNotRunUntil', async () => {
      const until = new Date(Date.now() + 3_600_000).toISOString();
      const id = await create({ schedule: { doNotRunUntil: until, recurrenceInterval: 'PT1H' } });
      const { executionInfo } = (await rest.get(`/jobschedules/${id}`)).json;
      expect(executionInfo).not.toHaveProperty('recentJob');
      expect(Date.parse(executionInfo.nextRunTime)).toBe(Date.parse(until));
      expect((await rest.get(`/jobschedules/${id}/jobs`)).json.value).toEqual([]);
      await rest.delete(`/jobschedules/${id}`);
    });

    it('disable and enable answer 204 and change the state; the active job goes on', async () => {
      const id = await create();
      expect((await rest.post(`/jobschedules/${id}/disable`)).status).toBe(204);
      expect((await rest.get(`/jobschedules/${id}`)).json.state).toBe('disabled');
      expect((await rest.get(`/jobs/${id}:job-1`)).json.state).toBe('active');
      expect((await rest.post(`/jobschedules/${id}/enable`)).status).toBe(204);
      expect((await rest.get(`/jobschedules/${id}`)).json).toMatchObject({
        state: 'active',
        previousState: 'disabled',
      });
      await rest.delete(`/jobschedules/${id}`);
    });

    it('terminate ends the active job with its reason', async () => {
      const id = await create();
      expect((await rest.post(`/jobschedules/${id}/terminate`)).status).toBe(202);
      await scheduleInState(id, 'completed');
      const job = (await rest.get(`/jobs/${id}:job-1`)).json;
      expect(job).toMatchObject({ state: 'completed', executionInfo: { terminateReason: 'TerminateJobSchedule' } });
    });

    it('delete takes its jobs with it', async () => {
      const id = await create();
      expect((await rest.delete(`/jobschedules/${id}`)).status).toBe(202);
      await until(async () => (await rest.get(`/jobschedules/${id}`)).status === 404, 'the schedule to be gone');
      const gone = await rest.get(`/jobs/${id}:job-1`);
      expect([gone.status, gone.json.code]).toEqual([404, 'JobNotFound']);
    });

    it('PATCH keeps what is left out, PUT resets it; present jobs stay as they are', async () => {
      const id = await create({ metadata: [{ name: 'a', value: 'b' }] });
      const jobSpecification = { priority: 9, poolInfo: { poolId: 'other' } };
      expect((await rest.patch(`/jobschedules/${id}`, { jobSpecification })).status).toBe(200);
      expect((await rest.get(`/jobschedules/${id}`)).json).toMatchObject({
        metadata: [{ name: 'a', value: 'b' }],
        schedule: { recurrenceInterval: 'PT1H' },
        jobSpecification: { priority: 9, poolInfo: { poolId: 'other' } },
      });
      expect((await rest.get(`/jobs/${id}:job-1`)).json.priority).toBe(0);
      const body = { schedule: { recurrenceInterval: 'PT6H' }, jobSpecification };
      expect((await rest.put(`/jobschedules/${id}`, body)).status).toBe(200);
      const replaced = (await rest.get(`/jobschedules/${id}`)).json;
      expect(replaced.schedule).toEqual({ recurrenceInterval: 'PT6H' });
      expect(replaced).not.toHaveProperty('metadata');
      await rest.delete(`/jobschedules/${id}`);
    });

    it('a stale If-Match is refused', async () => {
      const id = await create();
      const stale = await rest.patch(
        `/jobschedules/${id}`,
        { metadata: [] },
        { headers: { 'if-match': '0x8DC4D38B79A49AA' } },
      );
      expect([stale.status, stale.json.code]).toEqual([412, 'ConditionNotMet']);
      await rest.delete(`/jobschedules/${id}`);
    });

    it('jobs and schedules share one space of ids', async () => {
      const id = await create();
      const twice = await rest.post('/jobschedules', {
        id,
        schedule: {},
        jobSpecification: { poolInfo: { poolId: 'p' } },
      });
      expect([twice.status, twice.json.code]).toEqual([409, 'JobScheduleExists']);
      const job = await rest.post('/jobs', { id, poolInfo: { poolId: 'p' } });
      expect([job.status, job.json.code]).toEqual([409, 'JobScheduleWithSameIdExists']);
      const jobId = await createJob(rest, 'p');
      const schedule = await rest.post('/jobschedules', {
        id: jobId,
        schedule: {},
        jobSpecification: { poolInfo: { poolId: 'p' } },
      });
      expect([schedule.status, schedule.json.code]).toEqual([409, 'JobWithSameIdExists']);
      await rest.delete(`/jobschedules/${id}`);
    });

    it.each([
      ['recurrenceInterval', { recurrenceInterval: 'PT59S' }],
      ['startWindow', { recurrenceInterval: 'PT1H', startWindow: 'PT1S' }],
      ['doNotRunAfter', { doNotRunUntil: '2030-01-02T00:00:00Z', doNotRunAfter: '2030-01-01T00:00:00Z' }],
    ])('refuses a bad %s', async (name, schedule) => {
      const answer = await rest.post('/jobschedules', {
        id: uniqueId('schedule'),
        schedule,
        jobSpecification: { poolInfo: { poolId: 'p' } },
      });
      expect([answer.status, answer.json.code]).toEqual([400, 'InvalidPropertyValue']);
      expect(answer.json.values).toContainEqual({ key: 'PropertyName', value: name });
    });

    it('lists with filter and select', async () => {
      const id = await create();
      const { json } = await rest.get('/jobschedules', {
        query: { $filter: `startswith(id,'${id}') and state eq 'active'`, $select: 'id,state' },
      });
      expect(json.value).toEqual([{ id, state: 'active' }]);
      const jobs = await rest.get(`/jobschedules/${id}/jobs`, { query: { $filter: "state eq 'completed'" } });
      expect(jobs.json.value).toEqual([]);
      await rest.delete(`/jobschedules/${id}`);
    });

    it('tasks of its jobs live below the schedule on the node', async () => {
      const poolId = await createPool(rest);
      await poolReady(rest, poolId, 1);
      const id = await create({ jobSpecification: { poolInfo: { poolId } } });
      const task = await runTask(rest, `${id}:job-1`, { id: 't', commandLine: 'echo here' });
      expect(task.nodeInfo.taskRootDirectory).toBe(`workitems/${id}/job-1/t`);
      expect((await rest.get(`/jobs/${id}:job-1/tasks/t/files/stdout.txt`)).text).toBe('here\n');
      await rest.delete(`/jobschedules/${id}`);
      await rest.delete(`/pools/${poolId}`);
    });
  });

  describe('automatic pools', () => {
    let rest: Rest;
    beforeAll(() => {
      rest = new Rest(target());
    });
    const pool = { vmSize: 'Standard_D2_v3', targetDedicatedNodes: 1 };

    it('is made with the job, runs its tasks and goes with it', async () => {
      const jobId = uniqueId('job');
      const autoPoolSpecification = { autoPoolIdPrefix: 'auto', poolLifetimeOption: 'job', pool };
      expect((await rest.post('/jobs', { id: jobId, poolInfo: { autoPoolSpecification } })).status).toBe(201);
      const { poolId } = (await rest.get(`/jobs/${jobId}`)).json.executionInfo;
      expect(poolId).toMatch(/^auto_/);
      const task = await runTask(rest, jobId, { id: 't', commandLine: 'true' });
      expect(task.nodeInfo.poolId).toBe(poolId);
      await rest.post(`/jobs/${jobId}/terminate`);
      await jobInState(rest, jobId, 'completed');
      await until(async () => (await rest.get(`/pools/${poolId}`)).status === 404, 'the pool to be gone');
    });

    it('stays with keepAlive', async () => {
      const jobId = uniqueId('job');
      const autoPoolSpecification = { poolLifetimeOption: 'job', keepAlive: true, pool };
      await rest.post('/jobs', { id: jobId, poolInfo: { autoPoolSpecification } });
      const { poolId } = (await rest.get(`/jobs/${jobId}`)).json.executionInfo;
      await rest.delete(`/jobs/${jobId}`);
      await until(async () => (await rest.get(`/jobs/${jobId}`)).status === 404, 'the job to be gone');
      expect((await rest.get(`/pools/${poolId}`)).json.state).toBe('active');
      await rest.delete(`/pools/${poolId}`);
    });

    it('with lifetime jobschedule it goes with the schedule, not with a job', async () => {
      const id = uniqueId('schedule');
      const autoPoolSpecification = { poolLifetimeOption: 'jobschedule', pool };
      const jobSpecification = { poolInfo: { autoPoolSpecification } };
      await rest.post('/jobschedules', { id, schedule: { recurrenceInterval: 'PT1H' }, jobSpecification });
      const { poolId } = (await rest.get(`/jobs/${id}:job-1`)).json.executionInfo;
      await rest.post(`/jobs/${id}:job-1/terminate`);
      await jobInState(rest, `${id}:job-1`, 'completed');
      expect((await rest.get(`/pools/${poolId}`)).json.state).toBe('active');
      await rest.delete(`/jobschedules/${id}`);
      await until(async () => (await rest.get(`/pools/${poolId}`)).status === 404, 'the pool to be gone');
    });

    it('a pool that cannot be made completes the job with a scheduling error', async () => {
      const jobId = uniqueId('job');
      const autoPoolSpecification = { poolLifetimeOption: 'job', pool: { ...pool, resizeTimeout: 'PT1M' } };
      await rest.post('/jobs', { id: jobId, poolInfo: { autoPoolSpecification } });
      const job = await jobInState(rest, jobId, 'completed');
      expect(job.executionInfo.schedulingError).toMatchObject({ category: 'usererror', code: 'AutoPoolFailed' });
    });

    it.each([
      ['autoPoolIdPrefix', { autoPoolIdPrefix: 'x'.repeat(21), poolLifetimeOption: 'job', pool }],
      ['poolLifetimeOption', { poolLifetimeOption: 'jobschedule', pool }],
      ['pool', { poolLifetimeOption: 'job' }],
    ])('refuses a bad %s', async (name, autoPoolSpecification) => {
      const answer = await rest.post('/jobs', { id: uniqueId('job'), poolInfo: { autoPoolSpecification } });
      expect([answer.status, answer.json.code]).toEqual([400, 'InvalidPropertyValue']);
      expect(answer.json.values).toContainEqual({ key: 'PropertyName', value: name });
    });
  });
}
