import { addTasks, createJob, createPool, jobInState, poolReady, runTask, taskInState } from './fixtures';
import { Rest, type Body } from './rest';
import { uniqueId, until, type Target } from './target';

export function describeJobManagers(target: () => Target): void {
  let rest: Rest;
  let poolId: string;
  beforeAll(async () => {
    rest = new Rest(target());
    poolId = await createPool(rest, { targetDedicatedNodes: 1, taskSlotsPerNode: 4 });
    await poolReady(rest, poolId, 1);
  });

  const output = async (jobId: string, taskId: string): Promise<string> =>
    (await rest.get(`/jobs/${jobId}/tasks/${taskId}/files/stdout.txt`)).text;
  const codeOf = async (id: string, fields: Body): Promise<unknown[]> => {
    const answer = await rest.post('/jobs', { id, poolInfo: { poolId }, ...fields });
    return [answer.status, answer.json?.code];
  };

  describe('job managers', () => {
    it('come with the job, are in its list of tasks, and their end is its end', async () => {
      const jobId = await createJob(rest, poolId, {
        jobManagerTask: {
          id: 'boss',
          commandLine: `/bin/sh -c 'echo $OWN $AZ_BATCH_TASK_ID'`,
          environmentSettings: [{ name: 'OWN', value: 'o' }],
        },
      });
      const { jobManagerTask } = (await rest.get(`/jobs/${jobId}`)).json;
      expect(jobManagerTask).toMatchObject({
        killJobOnCompletion: true,
        runExclusive: true,
        allowLowPriorityNode: true,
        requiredSlots: 1,
      });
      const job = await jobInState(rest, jobId, 'completed');
      expect(job.executionInfo.terminateReason).toBe('JMComplete');
      expect(await output(jobId, 'boss')).toBe('o boss\n');
      const tasks = (await rest.get(`/jobs/${jobId}/tasks`)).json.value;
      expect(tasks.map((task: Body) => [task.id, task.state])).toEqual([['boss', 'completed']]);
      expect(tasks[0]).not.toHaveProperty('runExclusive');
    });

    it('without killJobOnCompletion leave the job alone', async () => {
      const jobId = await createJob(rest, poolId, {
        jobManagerTask: { id: 'boss', commandLine: 'true', killJobOnCompletion: false },
      });
      await taskInState(rest, jobId, 'boss', 'completed');
      await runTask(rest, jobId, { commandLine: 'true' });
      expect((await rest.get(`/jobs/${jobId}`)).json.state).toBe('active');
    });

    it('have a node to themselves unless told otherwise, and are first', async () => {
      const pool = await createPool(rest, { targetDedicatedNodes: 1, taskSlotsPerNode: 2 });
      const start = async (fields: Body): Promise<string> => {
        const jobId = await createJob(rest, pool, {
          jobManagerTask: { id: 'boss', commandLine: 'sleep 300', ...fields },
        });
        await addTasks(rest, jobId, [{ id: 't', commandLine: 'true' }]);
        return jobId;
      };
      const alone = await start({});
      await taskInState(rest, alone, 'boss', 'running');
      const [node] = await poolReady(rest, pool, 1);
      expect(node).toMatchObject({ runningTasksCount: 1, runningTaskSlotsCount: 2 });
      expect((await rest.get(`/jobs/${alone}/tasks/t`)).json.state).toBe('active');
      await rest.delete(`/jobs/${alone}`);
      const shared = await start({ runExclusive: false });
      await taskInState(rest, shared, 't', 'completed');
      expect((await rest.get(`/jobs/${shared}/tasks/boss`)).json.state).toBe('running');
    });

    it('keep off low-priority nodes when they have to', async () => {
      const pool = await createPool(rest, { targetDedicatedNodes: 0, targetLowPriorityNodes: 1 });
      const jobId = await createJob(rest, pool, {
        jobManagerTask: { id: 'boss', commandLine: 'true', allowLowPriorityNode: false, killJobOnCompletion: false },
      });
      await runTask(rest, jobId, { commandLine: 'true' });
      expect((await rest.get(`/jobs/${jobId}/tasks/boss`)).json.state).toBe('active');
      await rest.post(`/pools/${pool}/resize`, { targetDedicatedNodes: 1, targetLowPriorityNodes: 1 });
      await taskInState(rest, jobId, 'boss', 'completed');
    });

    it('that have to run again take the place of a running task', async () => {
      const pool = await createPool(rest, { targetDedicatedNodes: 2 });
      await poolReady(rest, pool, 2);
      const jobId = await createJob(rest, pool, { jobManagerTask: { id: 'boss', commandLine: 'sleep 300' } });
      const boss = await taskInState(rest, jobId, 'boss', 'running');
      await addTasks(rest, jobId, [{ id: 'long', commandLine: 'sleep 300' }]);
      const long = await taskInState(rest, jobId, 'long', 'running');
      await rest.post(`/pools/${pool}/removenodes`, { nodeList: [boss.nodeInfo.nodeId] });
      const again = await until(async () => {
        const task = (await rest.get(`/jobs/${jobId}/tasks/boss`)).json;
        return task.state === 'running' && task.executionInfo.requeueCount === 1 && task;
      }, 'the manager to run again');
      expect(again.nodeInfo.nodeId).toBe(long.nodeInfo.nodeId);
      const evicted = (await rest.get(`/jobs/${jobId}/tasks/long`)).json;
      expect([evicted.state, evicted.executionInfo.requeueCount]).toEqual(['active', 0]);
      await rest.delete(`/jobs/${jobId}`);
    });

    it('are part of a job that is changed by PATCH', async () => {
      const jobId = await createJob(rest, 'nopool', { jobManagerTask: { id: 'boss', commandLine: 'true' } });
      const networkConfiguration = { subnetId: '/subscriptions/s/subnet', skipWithdrawFromVNet: false };
      expect((await rest.patch(`/jobs/${jobId}`, { networkConfiguration })).status).toBe(200);
      expect((await rest.get(`/jobs/${jobId}`)).json).toMatchObject({
        networkConfiguration,
        jobManagerTask: { id: 'boss', runExclusive: true },
      });
    });

    it('that run exclusively need one slot', async () => {
      const jobManagerTask = { id: 'boss', commandLine: 'true', requiredSlots: 2 };
      expect(await codeOf(uniqueId('job'), { jobManagerTask })).toEqual([400, 'InvalidPropertyValue']);
      const open = { jobManagerTask: { ...jobManagerTask, runExclusive: false } };
      expect((await codeOf(uniqueId('job'), open))[0]).toBe(201);
    });
  });
}
