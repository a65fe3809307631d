import { addTasks, createJob, createPool, instant, jobInState, poolReady, taskInState } from './fixtures';
import { Rest } from './rest';
import { uniqueId, until, type Target } from './target';

const INFINITE = 'P10675199DT2H48M5.4775807S';

export function describeJobs(target: () => Target): void {
  describe('jobs', () => {
    let rest: Rest;
    let poolId: string;
    beforeAll(async () => {
      rest = new Rest(target());
      poolId = await createPool(rest, { targetDedicatedNodes: 1, taskSlotsPerNode: 4 });
      await poolReady(rest, poolId, 1);
    });

    it('fills in the defaults, and answers a create with the URL of job-1', async () => {
      const id = uniqueId('job');
      const answer = await rest.post('/jobs', { id, poolInfo: { poolId: 'dummypool' } });
      expect([answer.status, answer.headers['location']]).toEqual([201, `${rest.target.url}/jobs/job-1`]);
      const { json } = await rest.get(`/jobs/${id}`);
      expect(json).toMatchObject({
        state: 'active',
        priority: 0,
        maxParallelTasks: -1,
        usesTaskDependencies: false,
        allowTaskPreemption: false,
        constraints: { maxWallClockTime: INFINITE, maxTaskRetryCount: 0 },
        executionInfo: { startTime: json.stateTransitionTime, poolId: 'dummypool' },
        onAllTasksComplete: 'noaction',
        onTaskFailure: 'noaction',
      });
      expect(json).not.toHaveProperty('previousState');
      const again = await rest.post('/jobs', { id, poolInfo: { poolId } });
      expect([again.status, again.json.code]).toEqual([409, 'JobExists']);
    });

    it('PATCH keeps what is left out, PUT resets it', async () => {
      const jobId = await createJob(rest, poolId, { priority: 7, metadata: [{ name: 'a', value: 'b' }] });
      await rest.patch(`/jobs/${jobId}`, { constraints: { maxTaskRetryCount: 3 } });
      const patched = (await rest.get(`/jobs/${jobId}`)).json;
      expect(patched).toMatchObject({ priority: 7, constraints: { maxWallClockTime: INFINITE, maxTaskRetryCount: 3 } });
      expect(patched.stateTransitionTime).not.toBe(patched.lastModified);
      expect((await rest.put(`/jobs/${jobId}`, { id: jobId, poolInfo: { poolId } })).status).toBe(200);
      const replaced = (await rest.get(`/jobs/${jobId}`)).json;
      expect(replaced).toMatchObject({ priority: 0, constraints: { maxTaskRetryCount: 0 } });
      expect(replaced).not.toHaveProperty('metadata');
    });

    it('another pool only while disabled', async () => {
      const jobId = await createJob(rest, 'elsewhere');
      const change = { poolInfo: { poolId } };
      expect((await rest.patch(`/jobs/${jobId}`, change)).status).toBe(409);
      await addTasks(rest, jobId, [{ id: 't', commandLine: 'true' }]);
      expect((await rest.post(`/jobs/${jobId}/disable`, { disableTasks: 'wait' })).status).toBe(202);
      await jobInState(rest, jobId, 'disabled');
      expect((await rest.patch(`/jobs/${jobId}`, change)).status).toBe(200);
      expect((await rest.post(`/jobs/${jobId}/enable`)).status).toBe(202);
      await taskInState(rest, jobId, 't', 'completed');
    });

    it.each([
      ['requeue', 'active', { requeueCount: 1 }],
      ['terminate', 'completed', { result: 'failure', failureInfo: expect.objectContaining({ code: 'TaskEnded' }) }],
    ])('disable with %s leaves running tasks %s', async (disableTasks, state, info) => {
      const jobId = await createJob(rest, poolId);
      await addTasks(rest, jobId, [{ id: 't', commandLine: 'sleep 300' }]);
      await taskInState(rest, jobId, 't', 'running');
      await rest.post(`/jobs/${jobId}/disable`, { disableTasks });
      await jobInState(rest, jobId, 'disabled');
      const task = (await rest.get(`/jobs/${jobId}/tasks/t`)).json;
      expect([task.state, task.executionInfo]).toEqual([state, expect.objectContaining(info)]);
    });

    it('terminate ends running tasks, leaves active ones active, and takes no more', async () => {
      const jobId = await createJob(rest, poolId, { maxParallelTasks: 1 });
      await addTasks(rest, jobId, [
        { id: 'a', commandLine: 'sleep 300' },
        { id: 'b', commandLine: 'sleep 300' },
      ]);
      await taskInState(rest, jobId, 'a', 'running');
      expect((await rest.post(`/jobs/${jobId}/terminate`, { terminateReason: 'enough' })).status).toBe(202);
      const job = await jobInState(rest, jobId, 'completed');
      expect(job.executionInfo).toMatchObject({ terminateReason: 'enough', endTime: expect.any(String) });
      expect((await rest.get(`/jobs/${jobId}/tasks/a`)).json.executionInfo.failureInfo.code).toBe('TaskEnded');
      expect((await rest.get(`/jobs/${jobId}/tasks/b`)).json.state).toBe('active');
      const late = await rest.post(`/jobs/${jobId}/tasks`, { id: 'late', commandLine: 'true' });
      expect([late.status, late.json.code]).toEqual([409, 'JobCompleted']);
      const again = await rest.post(`/jobs/${jobId}/terminate`);
      expect([again.status, again.json.code]).toEqual([409, 'JobCompleted']);
    });

    it('terminate without a body gives the default reason', async () => {
      const jobId = await createJob(rest, poolId);
      await rest.post(`/jobs/${jobId}/terminate`);
      expect((await jobInState(rest, jobId, 'completed')).executionInfo.terminateReason).toBe('UserTerminate');
    });

    it('delete passes through deleting and takes the tasks along', async () => {
      const jobId = await createJob(rest, poolId);
      await addTasks(rest, jobId, [{ id: 't', commandLine: 'sleep 300' }]);
      await taskInState(rest, jobId, 't', 'running');
      expect((await rest.delete(`/jobs/${jobId}`)).status).toBe(202);
      await until(async () => (await rest.get(`/jobs/${jobId}`)).status === 404, 'the job to be gone');
      expect((await rest.get(`/jobs/${jobId}/tasks/t`)).json.code).toBe('JobNotFound');
    });

    it('onAllTasksComplete ends the job when set after the last task has ended', async () => {
      const jobId = await createJob(rest, poolId);
      await addTasks(rest, jobId, [{ id: 't', commandLine: 'false' }]);
      await taskInState(rest, jobId, 't', 'completed');
      expect((await rest.get(`/jobs/${jobId}`)).json.state).toBe('active');
      await rest.patch(`/jobs/${jobId}`, { onAllTasksComplete: 'terminatejob' });
      expect((await jobInState(rest, jobId, 'completed')).executionInfo.terminateReason).toBe('AllTasksComplete');
    });

    it('onAllTasksComplete ends the job when the last task ends, and cannot be taken back', async () => {
      const jobId = await createJob(rest, poolId);
      await addTasks(rest, jobId, [{ id: 't', commandLine: 'sleep 300' }]);
      await rest.patch(`/jobs/${jobId}`, { onAllTasksComplete: 'terminatejob' });
      const back = await rest.patch(`/jobs/${jobId}`, { onAllTasksComplete: 'noaction' });
      expect([back.status, back.json.code]).toEqual([400, 'InvalidPropertyValue']);
      await rest.post(`/jobs/${jobId}/tasks/t/terminate`);
      await jobInState(rest, jobId, 'completed');
    });

    it('runs no more than maxParallelTasks at once', async () => {
      const jobId = await createJob(rest, poolId, { maxParallelTasks: 2 });
      await addTasks(
        rest,
        jobId,
        Array.from({ length: 4 }, (_, at) => ({ id: `t${at}`, commandLine: 'sleep 300' })),
      );
      await taskInState(rest, jobId, 't1', 'running');
      const { taskCounts } = (await rest.get(`/jobs/${jobId}/taskcounts`)).json;
      expect(taskCounts).toEqual({ active: 2, running: 2, completed: 0, succeeded: 0, failed: 0 });
      await rest.post(`/jobs/${jobId}/tasks/t0/terminate`);
      await taskInState(rest, jobId, 't2', 'running');
      await rest.delete(`/jobs/${jobId}`);
    });

    it('maxWallClockTime ends the job', async () => {
      const jobId = await createJob(rest, poolId, { constraints: { maxWallClockTime: 'PT0.2S' } });
      await addTasks(rest, jobId, [{ id: 't', commandLine: 'sleep 300' }]);
      const job = await jobInState(rest, jobId, 'completed');
      expect(job.executionInfo.terminateReason).toBe('MaxWallClockTimeExpiry');
    });

    it('prefers jobs of higher priority', async () => {
      const single = await createPool(rest, { targetDedicatedNodes: 0 });
      const low = await createJob(rest, single, { priority: -10 });
      const high = await createJob(rest, single, { priority: 10 });
      for (const jobId of [low, high]) await addTasks(rest, jobId, [{ id: 't', commandLine: 'true' }]);
      await poolReady(rest, single, 0);
      await rest.post(`/pools/${single}/resize`, { targetDedicatedNodes: 1 });
      const later = await taskInState(rest, low, 't', 'completed');
      const first = (await rest.get(`/jobs/${high}/tasks/t`)).json;
      expect(instant(first.executionInfo.startTime) < instant(later.executionInfo.startTime)).toBe(true);
    });
  });
}
