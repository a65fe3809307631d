import { readFileSync } from 'node:fs';
import { addTasks, createJob, createPool, poolReady, runTask, taskInState } from './fixtures';
import { Rest, type Body } from './rest';
import { until, type Target } from './target';

export function describeTasks(target: () => Target): void {
  describe('tasks', () => {
    let rest: Rest;
    let poolId: string;
    let jobId: string;
    beforeAll(async () => {
      rest = new Rest(target());
      poolId = await createPool(rest, { targetDedicatedNodes: 1, taskSlotsPerNode: 4 });
      await poolReady(rest, poolId, 1);
      jobId = await createJob(rest, poolId, { commonEnvironmentSettings: [{ name: 'COMMON', value: 'c' }] });
    });

    it('fills in the defaults of a fresh task', async () => {
      const waiting = await createJob(rest, 'nopool', { constraints: { maxTaskRetryCount: 5 } });
      const answer = await rest.post(`/jobs/${waiting}/tasks`, { id: 't', commandLine: 'echo Hello' });
      expect([answer.status, answer.headers['location']]).toEqual([201, `${rest.target.url}/jobs/${waiting}/tasks/t`]);
      const { json } = await rest.get(`/jobs/${waiting}/tasks/t`);
      expect(json).toMatchObject({
        state: 'active',
        userIdentity: { autoUser: { scope: 'pool', elevationLevel: 'nonadmin' } },
        constraints: { maxWallClockTime: 'P10675199DT2H48M5.4775807S', retentionTime: 'P7D', maxTaskRetryCount: 5 },
        requiredSlots: 1,
        executionInfo: { retryCount: 0, requeueCount: 0 },
      });
      expect([json.lastModified, json.stateTransitionTime]).toEqual([json.creationTime, json.creationTime]);
      for (const absent of ['previousState', 'nodeInfo', 'resourceFiles']) expect(json).not.toHaveProperty(absent);
    });

    it('a collection gives a result per task: an existing id and a bad one do not spoil the rest', async () => {
      await addTasks(rest, jobId, [{ id: 'twice', commandLine: 'true' }]);
      const results = await addTasks(rest, jobId, [
        { id: 'twice', commandLine: 'true' },
        { id: 'bad id!', commandLine: 'true' },
        { id: 'odd', commandLine: 'true', nosuch: 1 },
        { id: 'good', commandLine: 'true' },
      ]);
      const byId = new Map(results.map((result) => [result.taskId, result]));
      expect(byId.get('twice')).toMatchObject({ status: 'clienterror', error: { code: 'TaskExists' } });
      expect(byId.get('bad id!').error.code).toBe('InvalidPropertyValue');
      expect(byId.get('odd').error.code).toBe('InvalidRequestBody');
      expect(byId.get('good')).toMatchObject({
        status: 'success',
        eTag: expect.stringMatching(/^0x/),
        location: `${rest.target.url}/jobs/${jobId}/tasks/good`,
      });
    });

    it('takes at most 100 tasks and less than 1 MiB at once', async () => {
      const many = Array.from({ length: 101 }, (_, at) => ({ id: `m${at}`, commandLine: 'true' }));
      expect((await rest.post(`/jobs/${jobId}/addtaskcollection`, { value: many })).status).toBe(400);
      const large = [{ id: 'large', commandLine: 'true', displayName: 'x'.repeat(1024 * 1024) }];
      const answer = await rest.post(`/jobs/${jobId}/addtaskcollection`, { value: large });
      expect([answer.status, answer.json.code]).toEqual([413, 'RequestBodyTooLarge']);
    });

    it('runs a command without a shell, quotes respected, in wd, and keeps its output', async () => {
      const task = await runTask(rest, jobId, { id: 'plain', commandLine: `printf '%s|' "a b" $HOME * 'it"s'` });
      expect(task.executionInfo).toMatchObject({ exitCode: 0, result: 'success', retryCount: 0 });
      expect((await rest.get(`/jobs/${jobId}/tasks/plain/files/stdout.txt`)).text).toBe('a b|$HOME|*|it"s|');
      expect(task.nodeInfo).toMatchObject({ poolId, taskRootDirectory: `workitems/${jobId}/job-1/plain` });
    });

    it('gives the command the variables of Batch, the job and the task, and nothing secret', async () => {
      const environmentSettings = [{ name: 'OWN', value: 'o' }];
      await runTask(rest, jobId, { id: 'env', commandLine: '/usr/bin/env', environmentSettings });
      const { text } = await rest.get(`/jobs/${jobId}/tasks/env/files/stdout.txt`);
      const variables = Object.fromEntries(
        text
          .trim()
          .split('\n')
          .map((line) => [line.split('=')[0], line.replace(/^\w+=/, '')]),
      );
      expect(variables).toMatchObject({
        COMMON: 'c',
        OWN: 'o',
        AZ_BATCH_ACCOUNT_NAME: rest.target.account,
        AZ_BATCH_POOL_ID: poolId,
        AZ_BATCH_JOB_ID: jobId,
        AZ_BATCH_TASK_ID: 'env',
        AZ_BATCH_NODE_IS_DEDICATED: 'true',
        AZ_BATCH_TASK_WORKING_DIR: `${variables['AZ_BATCH_TASK_DIR']}/wd`,
      });
      expect(text).not.toContain(rest.target.key);
      expect(Object.keys(variables).filter((name) => /KEY|TOKEN|SECRET|npm_|JEST/i.test(name))).toEqual([]);
    });

    it('a failing command shows its exit code and FailureExitCode', async () => {
      const task = await runTask(rest, jobId, { commandLine: `/bin/sh -c 'exit 42'` });
      expect(task.executionInfo).toMatchObject({
        exitCode: 42,
        result: 'failure',
        failureInfo: { category: 'usererror', code: 'FailureExitCode' },
      });
    });

    it('a program that is not there is a failure without an exit code, and is not retried', async () => {
      const task = await runTask(rest, jobId, { commandLine: 'nosuchprogram', constraints: { maxTaskRetryCount: 3 } });
      expect(task.executionInfo.failureInfo).toMatchObject({ category: 'usererror', code: 'CommandProgramNotFound' });
      expect(task.executionInfo).toMatchObject({ retryCount: 0 });
      expect(task.executionInfo).not.toHaveProperty('exitCode');
    });

    it('retries a non-zero exit code as often as allowed', async () => {
      const commandLine = `/bin/sh -c 'echo x >> tries; [ $(wc -l < tries) -ge 3 ]'`;
      const twice = await runTask(rest, jobId, { commandLine, constraints: { maxTaskRetryCount: 5 } });
      expect(twice.executionInfo).toMatchObject({ exitCode: 0, retryCount: 2, lastRetryTime: expect.any(String) });
      const never = await runTask(rest, jobId, { commandLine: 'false', constraints: { maxTaskRetryCount: 1 } });
      expect(never.executionInfo).toMatchObject({ exitCode: 1, retryCount: 1 });
    });

    it('maxWallClockTime kills the command with all its children', async () => {
      const task = await runTask(rest, jobId, {
        id: 'limited',
        commandLine: `/bin/sh -c 'sleep 301 & echo $!; wait'`,
        constraints: { maxWallClockTime: 'PT0.3S', maxTaskRetryCount: 2 },
      });
      expect(task.executionInfo).toMatchObject({
        result: 'failure',
        retryCount: 0,
        failureInfo: { code: 'TaskEnded' },
      });
      const child = Number((await rest.get(`/jobs/${jobId}/tasks/limited/files/stdout.txt`)).text);
      await until(async () => !isAlive(child), 'the child to be dead');
    });

    it('terminate completes a running task at once, and again is refused', async () => {
      await addTasks(rest, jobId, [{ id: 'ended', commandLine: 'sleep 300' }]);
      await taskInState(rest, jobId, 'ended', 'running');
      expect((await rest.post(`/jobs/${jobId}/tasks/ended/terminate`)).status).toBe(204);
      const task = (await rest.get(`/jobs/${jobId}/tasks/ended`)).json;
      expect(task).toMatchObject({ state: 'completed', previousState: 'running' });
      expect(task.executionInfo.failureInfo).toMatchObject({ category: 'usererror', code: 'TaskEnded' });
      const again = await rest.post(`/jobs/${jobId}/tasks/ended/terminate`);
      expect([again.status, again.json.code]).toEqual([409, 'TaskCompleted']);
    });

    it('reactivate runs a failed task again, and only a failed one', async () => {
      const commandLine = `/bin/sh -c 'test -e $AZ_BATCH_NODE_SHARED_DIR/${jobId}'`;
      await runTask(rest, jobId, { id: 'again', commandLine });
      await runTask(rest, jobId, { commandLine: `/bin/sh -c 'touch $AZ_BATCH_NODE_SHARED_DIR/${jobId}'` });
      const answer = await rest.post(`/jobs/${jobId}/tasks/again/reactivate`);
      expect([answer.status, answer.headers['dataserviceid']]).toEqual([204, undefined]);
      const task = await taskInState(rest, jobId, 'again', 'completed');
      expect(task.executionInfo).toMatchObject({ exitCode: 0, result: 'success' });
      const refused = await rest.post(`/jobs/${jobId}/tasks/again/reactivate`);
      expect([refused.status, refused.json.code]).toEqual([409, 'TaskSucceeded']);
    });

    it('PUT changes constraints of a task that is not completed', async () => {
      const waiting = await createJob(rest, 'nopool');
      await addTasks(rest, waiting, [{ id: 't', commandLine: 'true' }]);
      const body = { constraints: { maxTaskRetryCount: 3 } };
      expect((await rest.put(`/jobs/${waiting}/tasks/t`, body)).status).toBe(200);
      const task = (await rest.get(`/jobs/${waiting}/tasks/t`)).json;
      expect(task.constraints).toMatchObject({ maxTaskRetryCount: 3, retentionTime: 'P7D' });
      await rest.post(`/jobs/${waiting}/tasks/t/terminate`);
      expect((await rest.put(`/jobs/${waiting}/tasks/t`, body)).json.code).toBe('TaskCompleted');
    });

    it('delete removes the task', async () => {
      await addTasks(rest, jobId, [{ id: 'gone', commandLine: 'sleep 300' }]);
      expect((await rest.delete(`/jobs/${jobId}/tasks/gone`)).status).toBe(200);
      expect((await rest.get(`/jobs/${jobId}/tasks/gone`)).json.code).toBe('TaskNotFound');
    });

    it('requiredSlots are honoured and counted', async () => {
      const own = await createPool(rest, { taskSlotsPerNode: 4 });
      const wide = await createJob(rest, own);
      await addTasks(rest, wide, [
        { id: 'wide', commandLine: 'sleep 300', requiredSlots: 3 },
        { id: 'wider', commandLine: 'sleep 300', requiredSlots: 2 },
        { id: 'small', commandLine: 'sleep 300' },
      ]);
      await taskInState(rest, wide, 'small', 'running');
      const { json } = await rest.get(`/jobs/${wide}/taskcounts`);
      expect(json.taskCounts).toMatchObject({ active: 1, running: 2 });
      expect(json.taskSlotCounts).toMatchObject({ active: 2, running: 4 });
      const [node] = (await rest.get(`/pools/${own}/nodes`)).json.value;
      expect(node).toMatchObject({ state: 'running', runningTasksCount: 2, runningTaskSlotsCount: 4 });
      const tooWide = await rest.post(`/jobs/${wide}/tasks`, { id: 'x', commandLine: 'true', requiredSlots: 5 });
      expect(tooWide.json.code).toBe('InvalidPropertyValue');
      await rest.delete(`/jobs/${wide}`);
    });

    it('lists what completed since a time, page by page, and nothing twice', async () => {
      const listed = await createJob(rest, poolId);
      await addTasks(
        rest,
        listed,
        Array.from({ length: 7 }, (_, at) => ({ id: `t${at}`, commandLine: 'true' })),
      );
      await until(
        async () => (await rest.get(`/jobs/${listed}/taskcounts`)).json.taskCounts.completed === 7,
        'all to end',
      );
      const all = (await rest.get(`/jobs/${listed}/tasks`)).json.value;
      const times: string[] = all.map((task: Body) => task.stateTransitionTime).sort(byTime);
      const $filter = `state eq 'completed' and stateTransitionTime ge datetime'${String(times[2])}'`;
      const seen: string[] = [];
      let page = await rest.get(`/jobs/${listed}/tasks`, { query: { $filter, maxresults: '2', $select: 'id,state' } });
      for (;;) {
        seen.push(...page.json.value.map((task: Body) => task.id));
        if (page.json['odata.nextLink'] === undefined) break;
        page = await rest.follow(page.json['odata.nextLink']);
      }
      const expected = all
        .filter((task: Body) => byTime(task.stateTransitionTime, String(times[2])) >= 0)
        .map((task: Body) => task.id);
      expect(seen.sort()).toEqual(expected.sort());
      const failed = await rest.get(`/jobs/${listed}/tasks`, {
        query: { $filter: "executionInfo/result eq 'failure'" },
      });
      expect(failed.json.value).toEqual([]);
    });
  });
}

/** Trailing zeros are dropped from times, so that they do not compare as text. */
function byTime(a: string, b: string): number {
  const padded = (text: string): string =>
    text.replace(/(?:\.(\d+))?Z$/, (_all, digits = '') => `.${String(digits).padEnd(7, '0')}`);
  return padded(a) < padded(b) ? -1 : Number(padded(a) > padded(b));
}

/** A process that nobody has waited for yet is dead all the same. */
function isAlive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
