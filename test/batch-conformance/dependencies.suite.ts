import { addTasks, createJob, createPool, jobInState, poolReady, runTask, taskInState } from './fixtures';
import { Rest, type Body } from './rest';
import type { Target } from './target';

export function describeDependencies(target: () => Target): void {
  describe('tasks that depend on others', () => {
    let rest: Rest;
    let poolId: string;
    beforeAll(async () => {
      rest = new Rest(target());
      poolId = await createPool(rest, { targetDedicatedNodes: 1, taskSlotsPerNode: 4 });
      await poolReady(rest, poolId, 1);
    });

    const newJob = (fields: Body = {}): Promise<string> =>
      createJob(rest, poolId, { usesTaskDependencies: true, ...fields });
    const stateOf = async (jobId: string, id: string): Promise<string> =>
      (await rest.get(`/jobs/${jobId}/tasks/${id}`)).json.state;
    const on = (dependsOn: Body): Body => ({ commandLine: 'true', dependsOn });
    /** Another task of the job ran from beginning to end meanwhile: what could start has started. */
    const meanwhile = (jobId: string): Promise<Body> => runTask(rest, jobId, { commandLine: 'true' });

    it('run when all of them have succeeded, also those that were added later', async () => {
      const jobId = await newJob();
      await addTasks(rest, jobId, [{ id: 'child', ...on({ taskIds: ['First', 'second'] }) }]);
      await runTask(rest, jobId, { id: 'first', commandLine: 'true' });
      await meanwhile(jobId);
      expect(await stateOf(jobId, 'child')).toBe('active');
      const second = await runTask(rest, jobId, { id: 'second', commandLine: 'true' });
      const child = await taskInState(rest, jobId, 'child', 'completed');
      expect(child.dependsOn).toEqual({ taskIds: ['First', 'second'] });
      const [began, ended] = [child.executionInfo.startTime, second.executionInfo.endTime].map((time) =>
        Date.parse(time),
      );
      expect(began).toBeGreaterThanOrEqual(ended ?? Number.NaN);
    });

    it('a range takes in both ends, and ids with leading zeros', async () => {
      const jobId = await newJob();
      await addTasks(rest, jobId, [{ id: 'child', ...on({ taskIdRanges: [{ start: 8, end: 10 }] }) }]);
      await runTask(rest, jobId, { id: '008', commandLine: 'true' });
      await runTask(rest, jobId, { id: '10', commandLine: 'true' });
      await meanwhile(jobId);
      expect(await stateOf(jobId, 'child')).toBe('active');
      await runTask(rest, jobId, { id: '9', commandLine: 'true' });
      await taskInState(rest, jobId, 'child', 'completed');
      await runTask(rest, jobId, { id: 'late', ...on({ taskIdRanges: [{ start: 8, end: 10 }] }) });
    });

    it('a range with ids that do not exist blocks, and such a task can be ended', async () => {
      const jobId = await newJob();
      await addTasks(rest, jobId, [{ id: 'child', ...on({ taskIdRanges: [{ start: 0, end: 2_000_000_000 }] }) }]);
      await runTask(rest, jobId, { id: '0', commandLine: 'true' });
      await meanwhile(jobId);
      expect(await stateOf(jobId, 'child')).toBe('active');
      expect((await rest.post(`/jobs/${jobId}/tasks/child/terminate`)).status).toBe(204);
    });

    it('a failed parent blocks until it is reactivated and succeeds, its retries used up first', async () => {
      const jobId = await newJob();
      const commandLine = `/bin/sh -c 'echo x >> tries; test $(wc -l < tries) -ge 3'`;
      await addTasks(rest, jobId, [{ id: 'child', ...on({ taskIds: ['parent'] }) }]);
      const failed = await runTask(rest, jobId, { id: 'parent', commandLine, constraints: { maxTaskRetryCount: 1 } });
      expect(failed.executionInfo).toMatchObject({ exitCode: 1, retryCount: 1 });
      await meanwhile(jobId);
      expect(await stateOf(jobId, 'child')).toBe('active');
      await rest.post(`/jobs/${jobId}/tasks/parent/reactivate`);
      await taskInState(rest, jobId, 'child', 'completed');
    });

    it('a parent that is deleted, or deleted and added again, has to succeed anew', async () => {
      const jobId = await newJob();
      await runTask(rest, jobId, { id: 'a', commandLine: 'true' });
      await addTasks(rest, jobId, [{ id: 'child', ...on({ taskIds: ['a', 'b'] }) }]);
      await rest.delete(`/jobs/${jobId}/tasks/a`);
      await runTask(rest, jobId, { id: 'b', commandLine: 'true' });
      await meanwhile(jobId);
      expect(await stateOf(jobId, 'child')).toBe('active');
      await addTasks(rest, jobId, [{ id: 'a', commandLine: 'true' }]);
      await taskInState(rest, jobId, 'child', 'completed');
    });

    const satisfy = { dependencyAction: 'satisfy' };
    const block = { dependencyAction: 'block' };
    it.each<[string, string, Body, string]>([
      ['exit 0 satisfies', 'true', {}, 'completed'],
      ['any other exit blocks', 'false', {}, 'active'],
      ['default speaks for failures', 'false', { default: satisfy }, 'completed'],
      ['but not for exit 0', 'true', { default: block }, 'completed'],
      ['a listed exit 0 may block', 'true', { exitCodes: [{ code: 0, exitOptions: block }] }, 'active'],
      [
        'a code goes before a range',
        `/bin/sh -c 'exit 3'`,
        {
          exitCodes: [{ code: 3, exitOptions: satisfy }],
          exitCodeRanges: [{ start: 1, end: 5, exitOptions: block }],
        },
        'completed',
      ],
      [
        'a range goes before the default',
        `/bin/sh -c 'exit 3'`,
        { exitCodeRanges: [{ start: 1, end: 3, exitOptions: satisfy }], default: block },
        'completed',
      ],
      [
        'preProcessingError goes before the default',
        'nosuchprogram',
        { preProcessingError: satisfy, default: block },
        'completed',
      ],
      ['without it the default applies', 'nosuchprogram', { default: satisfy }, 'completed'],
      ['it is not for exit codes', 'false', { preProcessingError: satisfy }, 'active'],
    ])('%s', async (_rule, commandLine, exitConditions, state) => {
      const jobId = await newJob();
      await runTask(rest, jobId, { id: 'parent', commandLine, exitConditions });
      await addTasks(rest, jobId, [{ id: 'child', ...on({ taskIds: ['parent'] }) }]);
      if (state === 'active') await meanwhile(jobId);
      await taskInState(rest, jobId, 'child', state);
    });

    it('are refused when the job does not provide for them or the list is too long', async () => {
      const plain = await createJob(rest, poolId);
      const add = async (jobId: string, fields: Body): Promise<unknown[]> => {
        const answer = await rest.post(`/jobs/${jobId}/tasks`, { id: 'x', commandLine: 'true', ...fields });
        return [answer.status, answer.json.code];
      };
      expect(await add(plain, on({ taskIds: ['a'] }))).toEqual([400, 'TaskDependenciesNotSpecifiedOnJob']);
      const action = { exitConditions: { default: satisfy } };
      expect(await add(plain, action)).toEqual([400, 'InvalidPropertyValue']);
      const jobId = await newJob();
      const taskIds = Array.from({ length: 1001 }, (_, at) => `${at}`.padStart(64, 'x'));
      expect(await add(jobId, on({ taskIds }))).toEqual([400, 'TaskDependencyListTooLong']);
      const taskIdRanges = Array.from({ length: 3300 }, () => ({ start: 1_000_000_000, end: 2_000_000_000 }));
      expect(await add(jobId, on({ taskIdRanges }))).toEqual([400, 'TaskDependencyRangesTooLong']);
      expect(await add(jobId, on({ taskIdRanges: [{ start: 2, end: 1 }] }))).toEqual([400, 'InvalidPropertyValue']);
    });
  });

  describe('what the failure of a task does to its job', () => {
    let rest: Rest;
    let poolId: string;
    beforeAll(async () => {
      rest = new Rest(target());
      poolId = await createPool(rest, { targetDedicatedNodes: 1, taskSlotsPerNode: 4 });
      await poolReady(rest, poolId, 1);
    });

    const newJob = (): Promise<string> => createJob(rest, poolId, { onTaskFailure: 'performexitoptionsjobaction' });
    const byCode = (code: number, jobAction: string): Body => ({ exitCodes: [{ code, exitOptions: { jobAction } }] });

    it('terminates it by default', async () => {
      const jobId = await newJob();
      await addTasks(rest, jobId, [{ id: 'long', commandLine: 'sleep 300' }]);
      await taskInState(rest, jobId, 'long', 'running');
      await addTasks(rest, jobId, [{ id: 'bad', commandLine: 'false' }]);
      expect((await jobInState(rest, jobId, 'completed')).executionInfo.terminateReason).toBe('TaskFailed');
      expect((await rest.get(`/jobs/${jobId}/tasks/long`)).json.executionInfo.failureInfo.code).toBe('TaskEnded');
    });

    it('does nothing for none, and for success', async () => {
      const jobId = await newJob();
      await runTask(rest, jobId, { commandLine: 'false', exitConditions: byCode(1, 'none') });
      await runTask(rest, jobId, { commandLine: 'true', exitConditions: { default: { jobAction: 'terminate' } } });
      expect((await rest.get(`/jobs/${jobId}`)).json.state).toBe('active');
    });

    it('disables it, running tasks back to active', async () => {
      const jobId = await newJob();
      await addTasks(rest, jobId, [{ id: 'long', commandLine: 'sleep 300' }]);
      await taskInState(rest, jobId, 'long', 'running');
      await addTasks(rest, jobId, [{ id: 'bad', commandLine: 'false', exitConditions: byCode(1, 'disable') }]);
      await jobInState(rest, jobId, 'disabled');
      const long = (await rest.get(`/jobs/${jobId}/tasks/long`)).json;
      expect([long.state, long.executionInfo.requeueCount]).toEqual(['active', 1]);
    });

    it('a command that never starts counts by preProcessingError', async () => {
      const jobId = await newJob();
      const exitConditions = { preProcessingError: { jobAction: 'none' } };
      await runTask(rest, jobId, { commandLine: 'nosuchprogram', exitConditions });
      expect((await rest.get(`/jobs/${jobId}`)).json.state).toBe('active');
      await addTasks(rest, jobId, [{ id: 'bad', commandLine: 'nosuchprogram' }]);
      expect((await jobInState(rest, jobId, 'completed')).executionInfo.terminateReason).toBe('TaskFailed');
    });

    it('names that are too long and retry counts below -1 are refused', async () => {
      const jobId = await newJob();
      const code = async (path: string, body: Body): Promise<string> => (await rest.post(path, body)).json?.code;
      const task = { id: 'x', commandLine: 'true' };
      const displayName = 'x'.repeat(1025);
      expect(await code(`/jobs/${jobId}/tasks`, { ...task, displayName })).toBe('InvalidPropertyValue');
      const constraints = { maxTaskRetryCount: -2 };
      expect(await code(`/jobs/${jobId}/tasks`, { ...task, constraints })).toBe('InvalidPropertyValue');
      expect(await code('/jobs', { id: 'x', poolInfo: { poolId }, constraints })).toBe('InvalidPropertyValue');
    });

    it('an action is refused in a job that takes none', async () => {
      const jobId = await createJob(rest, poolId);
      const task = { id: 'x', commandLine: 'true', exitConditions: byCode(1, 'none') };
      const answer = await rest.post(`/jobs/${jobId}/tasks`, task);
      expect([answer.status, answer.json.code]).toEqual([400, 'InvalidPropertyValue']);
      expect(answer.json.values).toContainEqual({ key: 'PropertyName', value: 'jobAction' });
    });

    it('retries come first, and a job that is disabled meanwhile still grants them', async () => {
      const jobId = await newJob();
      const commandLine = `/bin/sh -c 'echo x >> tries; test $(wc -l < tries) -ge 2 || { sleep 1; exit 1; }'`;
      await addTasks(rest, jobId, [{ id: 't', commandLine, constraints: { maxTaskRetryCount: 1 } }]);
      await taskInState(rest, jobId, 't', 'running');
      await rest.post(`/jobs/${jobId}/disable`, { disableTasks: 'wait' });
      await jobInState(rest, jobId, 'disabled');
      await rest.post(`/jobs/${jobId}/enable`);
      const task = await taskInState(rest, jobId, 't', 'completed');
      expect(task.executionInfo).toMatchObject({ exitCode: 0, retryCount: 1 });
    });
  });
}
