import { addTasks, createJob, createPool, jobInState, poolReady, runTask, taskInState } from './fixtures';
import { Rest, type Body } from './rest';
import { uniqueId, until, type Target } from './target';

const STATUS = 'jobpreparationandreleasetaskstatus';

/** What a job runs on its nodes before and after its tasks. */
export function describeJobTasks(target: () => Target): void {
  let rest: Rest;
  let poolId: string;

  const statusOf = async (jobId: string, query: Record<string, string> = {}): Promise<Body[]> =>
    (await rest.get(`/jobs/${jobId}/${STATUS}`, { query })).json.value;
  const output = async (jobId: string, taskId: string): Promise<string> =>
    (await rest.get(`/jobs/${jobId}/tasks/${taskId}/files/stdout.txt`)).text;
  const nodeFile = async (task: Body, path: string): Promise<string> =>
    (await rest.get(`/pools/${task.nodeInfo.poolId}/nodes/${task.nodeInfo.nodeId}/files/${encodeURIComponent(path)}`))
      .text;
  const codeOf = async (id: string, fields: Body): Promise<unknown[]> => {
    const answer = await rest.post('/jobs', { id, poolInfo: { poolId }, ...fields });
    return [answer.status, answer.json?.code];
  };

  beforeAll(async () => {
    rest = new Rest(target());
    poolId = await createPool(rest, { targetDedicatedNodes: 1, taskSlotsPerNode: 4 });
    await poolReady(rest, poolId, 1);
  });

  describe('job preparation tasks', () => {
    it('show their defaults', async () => {
      const jobId = await createJob(rest, poolId, { jobPreparationTask: { commandLine: 'true' } });
      expect((await rest.get(`/jobs/${jobId}`)).json.jobPreparationTask).toEqual({
        id: 'jobpreparation',
        commandLine: 'true',
        userIdentity: { autoUser: { scope: 'pool', elevationLevel: 'nonadmin' } },
        constraints: { maxWallClockTime: 'P10675199DT2H48M5.4775807S', retentionTime: 'P7D', maxTaskRetryCount: 0 },
        waitForSuccess: true,
        rerunOnNodeRebootAfterSuccess: true,
      });
    });

    it('run once on a node, before the first task there, which is preparing meanwhile', async () => {
      const commandLine = `/bin/sh -c 'echo prepared >> f; while [ ! -e go ]; do sleep 0.05; done'`;
      const jobId = await createJob(rest, poolId, { jobPreparationTask: { id: 'prep', commandLine } });
      const show = {
        commandLine: `/bin/sh -c 'cat $AZ_BATCH_JOB_PREP_DIR/wd/f; pwd; echo $AZ_BATCH_JOB_PREP_WORKING_DIR'`,
      };
      await addTasks(rest, jobId, [
        { id: 'a', ...show },
        { id: 'b', ...show },
      ]);
      const preparing = await taskInState(rest, jobId, 'a', 'preparing');
      expect(preparing.executionInfo).not.toHaveProperty('startTime');
      expect(preparing.nodeInfo).toMatchObject({ poolId });
      const [under] = await statusOf(jobId);
      expect(under.jobPreparationTaskExecutionInfo).toMatchObject({ state: 'running', retryCount: 0 });
      await until(async () => (await nodeFile(preparing, `workitems/${jobId}/job-1/prep/wd/f`)) !== '', 'preparation');
      const opener = await createJob(rest, poolId);
      await runTask(rest, opener, {
        commandLine: `/bin/sh -c 'touch $AZ_BATCH_NODE_ROOT_DIR/workitems/${jobId}/job-1/prep/wd/go'`,
      });
      await taskInState(rest, jobId, 'b', 'completed');
      const task = await taskInState(rest, jobId, 'a', 'completed');
      expect(task.executionInfo.exitCode).toBe(0);
      const [first, cwd, working] = (await output(jobId, 'a')).split('\n');
      expect(first).toBe('prepared');
      expect(cwd?.replace(/a\/wd$/, 'prep/wd')).toBe(working);
      const status = await statusOf(jobId);
      expect(status).toHaveLength(1);
      expect(status[0]).toMatchObject({
        poolId,
        nodeId: task.nodeInfo.nodeId,
        nodeUrl: task.nodeInfo.nodeUrl,
        jobPreparationTaskExecutionInfo: {
          state: 'completed',
          exitCode: 0,
          result: 'success',
          taskRootDirectory: `workitems/${jobId}/job-1/prep`,
        },
      });
      await runTask(rest, jobId, { id: 'c', ...show });
      expect((await output(jobId, 'c')).split('\n').filter((line) => line === 'prepared')).toHaveLength(1);
    });

    it('are retried; a node where they fail for good is not used for the job, but for others', async () => {
      const jobId = await createJob(rest, poolId, {
        jobPreparationTask: { commandLine: `/bin/sh -c 'exit 3'`, constraints: { maxTaskRetryCount: 2 } },
      });
      await addTasks(rest, jobId, [{ id: 't', commandLine: 'true' }]);
      const status = await until(async () => {
        const [entry] = await statusOf(jobId);
        return entry?.jobPreparationTaskExecutionInfo.state === 'completed' && entry;
      }, 'the preparation to fail');
      expect(status.jobPreparationTaskExecutionInfo).toMatchObject({
        exitCode: 3,
        retryCount: 2,
        result: 'failure',
        failureInfo: { code: 'FailureExitCode' },
      });
      const task = await taskInState(rest, jobId, 't', 'active');
      expect(task.executionInfo).toEqual({ retryCount: 0, requeueCount: 0 });
      await runTask(rest, await createJob(rest, poolId, { priority: -1 }), { commandLine: 'true' });
      expect((await rest.get(`/jobs/${jobId}/tasks/t`)).json.state).toBe('active');
    });

    it('with waitForSuccess false are not waited for, and may fail', async () => {
      const jobId = await createJob(rest, poolId, {
        jobPreparationTask: { commandLine: 'false', waitForSuccess: false },
      });
      const task = await runTask(rest, jobId, { commandLine: 'true' });
      expect(task.executionInfo.result).toBe('success');
      await runTask(rest, jobId, { commandLine: 'true' });
    });

    it('that nobody waits for end when the job is disabled', async () => {
      const jobId = await createJob(rest, poolId, {
        jobPreparationTask: { commandLine: 'sleep 300', waitForSuccess: false },
      });
      await runTask(rest, jobId, { commandLine: 'true' });
      await rest.post(`/jobs/${jobId}/disable`, { disableTasks: 'requeue' });
      await jobInState(rest, jobId, 'disabled');
      const [entry] = await statusOf(jobId);
      expect(entry.jobPreparationTaskExecutionInfo).toMatchObject({ state: 'completed', result: 'failure' });
    });

    it('end with the last task that waits for them', async () => {
      const jobId = await createJob(rest, poolId, { jobPreparationTask: { commandLine: 'sleep 300' } });
      await addTasks(rest, jobId, [{ id: 't', commandLine: 'true' }]);
      await taskInState(rest, jobId, 't', 'preparing');
      expect((await rest.get(`/jobs/${jobId}/taskcounts`)).json.taskCounts).toMatchObject({ active: 0, running: 1 });
      expect((await rest.post(`/jobs/${jobId}/tasks/t/terminate`)).status).toBe(204);
      await taskInState(rest, jobId, 't', 'completed');
      await until(
        async () => (await statusOf(jobId))[0].jobPreparationTaskExecutionInfo.state === 'completed',
        'its end',
      );
      await rest.post(`/jobs/${jobId}/disable`, { disableTasks: 'requeue' });
      await jobInState(rest, jobId, 'disabled');
    });

    it('their ids, and those of release tasks, are taken', async () => {
      const commandLine = 'true';
      const jobId = await createJob(rest, poolId, {
        jobPreparationTask: { commandLine },
        jobReleaseTask: { id: 'cleanup', commandLine },
      });
      const add = async (id: string): Promise<unknown[]> => {
        const answer = await rest.post(`/jobs/${jobId}/tasks`, { id, commandLine });
        return [answer.status, answer.json.code];
      };
      expect(await add('JobPreparation')).toEqual([409, 'TaskIdSameAsJobPreparationTask']);
      expect(await add('cleanup')).toEqual([409, 'TaskIdSameAsJobReleaseTask']);
      const manager = { jobManagerTask: { id: 'm', commandLine }, jobPreparationTask: { id: 'm', commandLine } };
      expect(await codeOf(uniqueId('job'), manager)).toEqual([409, 'TaskIdSameAsJobPreparationTask']);
    });

    it('a job without them has no status', async () => {
      const answer = await rest.get(`/jobs/${await createJob(rest, poolId)}/${STATUS}`);
      expect([answer.status, answer.json.code]).toEqual([409, 'JobPreparationTaskOrReleaseTaskNotSpecified']);
    });
  });

  describe('job release tasks', () => {
    const marker = (jobId: string): string => `$AZ_BATCH_NODE_SHARED_DIR/${jobId}`;

    it('run when the job is terminated, before it is completed, and are listed', async () => {
      const jobId = uniqueId('job');
      await createJob(rest, poolId, {
        id: jobId,
        jobPreparationTask: { commandLine: 'true' },
        jobReleaseTask: { commandLine: `/bin/sh -c 'echo $AZ_BATCH_JOB_PREP_DIR > ${marker(jobId)}; exit 7'` },
      });
      const task = await runTask(rest, jobId, { commandLine: 'true' });
      await rest.post(`/jobs/${jobId}/terminate`);
      await jobInState(rest, jobId, 'completed');
      expect(await nodeFile(task, `shared/${jobId}`)).toContain(`/${jobId}/job-1/jobpreparation`);
      const [entry] = await statusOf(jobId);
      expect(entry.jobReleaseTaskExecutionInfo).toMatchObject({
        state: 'completed',
        exitCode: 7,
        result: 'failure',
        taskRootDirectory: `workitems/${jobId}/job-1/jobrelease`,
      });
      expect(entry.jobReleaseTaskExecutionInfo).not.toHaveProperty('retryCount');
    });

    it('run when the job is deleted, unless it is forced', async () => {
      const files: string[] = [];
      const nodes: Body[] = [];
      for (const query of [{}, { force: 'true' }]) {
        const jobId = uniqueId('job');
        await createJob(rest, poolId, {
          id: jobId,
          jobPreparationTask: { commandLine: 'true' },
          jobReleaseTask: { commandLine: `/bin/sh -c 'echo x > ${marker(jobId)}'` },
        });
        nodes.push(await runTask(rest, jobId, { commandLine: 'true' }));
        files.push(`shared/${jobId}`);
        expect((await rest.delete(`/jobs/${jobId}`, { query })).status).toBe(202);
        await until(async () => (await rest.get(`/jobs/${jobId}`)).status === 404, 'the job to be gone');
      }
      expect(await nodeFile(nodes[0], files[0] ?? '')).toBe('x\n');
      expect(await nodeFile(nodes[1], files[1] ?? '')).toContain('FileNotFound');
    });

    it('are refused without a preparation task', async () => {
      const alone = { jobReleaseTask: { commandLine: 'true' } };
      expect(await codeOf(uniqueId('job'), alone)).toEqual([400, 'InvalidPropertyValue']);
    });

    it('run no longer than their limit, which is at most 15 minutes', async () => {
      const commandLine = 'sleep 300';
      const tooLong = {
        jobPreparationTask: { commandLine: 'true' },
        jobReleaseTask: { commandLine, maxWallClockTime: 'PT16M' },
      };
      expect(await codeOf(uniqueId('job'), tooLong)).toEqual([400, 'InvalidPropertyValue']);
      const jobId = await createJob(rest, poolId, {
        jobPreparationTask: { commandLine: 'true' },
        jobReleaseTask: { commandLine, maxWallClockTime: 'PT0.3S' },
      });
      await runTask(rest, jobId, { commandLine: 'true' });
      await rest.post(`/jobs/${jobId}/terminate`);
      await jobInState(rest, jobId, 'completed');
      const [entry] = await statusOf(jobId);
      expect(entry.jobReleaseTaskExecutionInfo.failureInfo.code).toBe('TaskEnded');
    });

    it('the status can be filtered, paged and selected from, and outlives the node', async () => {
      const pool = await createPool(rest, { targetDedicatedNodes: 2 });
      await poolReady(rest, pool, 2);
      const jobId = await createJob(rest, pool, {
        jobPreparationTask: { commandLine: `/bin/sh -c 'true'` },
        jobReleaseTask: { commandLine: 'true' },
      });
      await addTasks(rest, jobId, [
        { id: 'a', commandLine: 'sleep 300' },
        { id: 'b', commandLine: 'sleep 300' },
      ]);
      const a = await taskInState(rest, jobId, 'a', 'running');
      await taskInState(rest, jobId, 'b', 'running');
      const prepared = "jobPreparationTaskExecutionInfo/result eq 'success'";
      expect(await statusOf(jobId, { $filter: prepared })).toHaveLength(2);
      expect(await statusOf(jobId, { $filter: 'jobReleaseTaskExecutionInfo/exitCode eq 0' })).toEqual([]);
      const $filter = `nodeId eq '${a.nodeInfo.nodeId}'`;
      expect(await statusOf(jobId, { $filter, $select: 'nodeId' })).toEqual([{ nodeId: a.nodeInfo.nodeId }]);
      const page = await rest.get(`/jobs/${jobId}/${STATUS}`, { query: { maxresults: '1' } });
      expect((await rest.follow(page.json['odata.nextLink'])).json.value).toHaveLength(1);
      const body = { nodeList: [a.nodeInfo.nodeId], nodeDeallocationOption: 'terminate' };
      await rest.post(`/pools/${pool}/removenodes`, body);
      await poolReady(rest, pool, 1);
      await rest.post(`/jobs/${jobId}/terminate`);
      await jobInState(rest, jobId, 'completed');
      const released = (await statusOf(jobId)).map((entry) => 'jobReleaseTaskExecutionInfo' in entry);
      expect(released.sort()).toEqual([false, true]);
    });
  });
}
