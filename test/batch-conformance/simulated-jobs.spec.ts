import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { addTasks, createJob, createPool, jobInState, poolReady, runTask, taskInState } from './fixtures';
import { Rest, type Body } from './rest';
import { until } from './target';

const settings = (values: Record<string, string>): Body =>
  Object.entries(values).map(([name, value]) => ({ name, value }));

describe('jobs on simulated nodes', () => {
  let emulator: Emulator;
  let rest: Rest;
  beforeAll(async () => {
    emulator = await startEmulator({ admin: true, timing: { preemption: 50 } });
    rest = new Rest(emulator);
  });
  afterAll(() => emulator.close());

  const preempt = async (poolId: string, nodes: string[]): Promise<void> => {
    const body = JSON.stringify({ kind: 'preempt', poolId, nodes });
    await fetch(`${emulator.url}/emulator/faults`, { method: 'POST', body });
  };
  const statusOf = async (jobId: string): Promise<Body[]> =>
    (await rest.get(`/jobs/${jobId}/jobpreparationandreleasetaskstatus`)).json.value;

  it('preparation and release succeed unless told otherwise', async () => {
    const poolId = await createPool(rest, { vmSize: 'simulated_d4' });
    const jobId = await createJob(rest, poolId, {
      jobPreparationTask: { commandLine: 'x' },
      jobReleaseTask: { commandLine: 'x', environmentSettings: settings({ SIMULATED_EXIT_CODE: '5' }) },
    });
    await runTask(rest, jobId, { commandLine: 'x' });
    await rest.post(`/jobs/${jobId}/terminate`);
    await jobInState(rest, jobId, 'completed');
    expect((await statusOf(jobId))[0]).toMatchObject({
      jobPreparationTaskExecutionInfo: { exitCode: 0 },
      jobReleaseTaskExecutionInfo: { exitCode: 5 },
    });
  });

  it('a release task runs where a task of the job ran, and only there', async () => {
    const poolId = await createPool(rest, { vmSize: 'simulated_d4', targetDedicatedNodes: 2 });
    await poolReady(rest, poolId, 2);
    const jobId = await createJob(rest, poolId, {
      jobPreparationTask: { commandLine: 'x' },
      jobReleaseTask: { commandLine: 'x' },
    });
    const task = await runTask(rest, jobId, { commandLine: 'x' });
    await rest.post(`/jobs/${jobId}/terminate`);
    await jobInState(rest, jobId, 'completed');
    const status = await statusOf(jobId);
    expect(status.map((entry) => entry.nodeId)).toEqual([task.nodeInfo.nodeId]);
  });

  it.each([
    [true, 'is prepared again, while its tasks wait elsewhere'],
    [false, 'is prepared again all the same, because its disk is new'],
  ])('a preempted node (rerunOnNodeRebootAfterSuccess %s) %s', async (rerunOnNodeRebootAfterSuccess) => {
    const poolId = await createPool(rest, {
      vmSize: 'simulated_d4',
      targetDedicatedNodes: 0,
      targetLowPriorityNodes: 1,
    });
    const jobId = await createJob(rest, poolId, {
      jobPreparationTask: { commandLine: 'x', rerunOnNodeRebootAfterSuccess },
    });
    const task = await runTask(rest, jobId, { commandLine: 'x' });
    const [first] = await statusOf(jobId);
    await preempt(poolId, [task.nodeInfo.nodeId]);
    await runTask(rest, jobId, { commandLine: 'x' });
    const [second] = await statusOf(jobId);
    expect(second.jobPreparationTaskExecutionInfo.startTime).not.toBe(first.jobPreparationTaskExecutionInfo.startTime);
  });

  it.each([{ kind: 'preempt' }, { kind: 'nodeLoss' }, { kind: 'nodeLoss', state: 'unusable' }])(
    'nothing is released on a node that is away: %j',
    async (fault) => {
      const poolId = await createPool(rest, {
        vmSize: 'simulated_d4',
        targetDedicatedNodes: 0,
        targetLowPriorityNodes: 1,
      });
      await poolReady(rest, poolId, 1);
      const jobId = await createJob(rest, poolId, {
        jobPreparationTask: { commandLine: 'x' },
        jobReleaseTask: { commandLine: 'x' },
      });
      await runTask(rest, jobId, { commandLine: 'x' });
      const body = JSON.stringify({ ...fault, poolId });
      const answer = await fetch(`${emulator.url}/emulator/faults`, { method: 'POST', body });
      expect(answer.status).toBe(201);
      await rest.post(`/jobs/${jobId}/terminate`);
      await jobInState(rest, jobId, 'completed');
      const [entry] = await statusOf(jobId);
      expect(entry).not.toHaveProperty('jobReleaseTaskExecutionInfo');
    },
  );

  it('a preparation that its node takes along is none', async () => {
    const poolId = await createPool(rest, {
      vmSize: 'simulated_d4',
      targetDedicatedNodes: 0,
      targetLowPriorityNodes: 1,
    });
    const environmentSettings = settings({ SIMULATED_DURATION: '1' });
    const jobId = await createJob(rest, poolId, { jobPreparationTask: { commandLine: 'x', environmentSettings } });
    await addTasks(rest, jobId, [{ id: 't', commandLine: 'x' }]);
    const task = await taskInState(rest, jobId, 't', 'preparing');
    await preempt(poolId, [task.nodeInfo.nodeId]);
    const done = await taskInState(rest, jobId, 't', 'completed');
    expect(done.executionInfo).toMatchObject({ result: 'success', retryCount: 0, requeueCount: 0 });
  });

  it('multi-instance tasks run, and fail with their coordination', async () => {
    const poolId = await createPool(rest, {
      vmSize: 'simulated_d4',
      targetDedicatedNodes: 20,
      enableInterNodeCommunication: true,
    });
    const jobId = await createJob(rest, poolId);
    const wide = { commandLine: 'x', multiInstanceSettings: { numberOfInstances: 8, coordinationCommandLine: 'x' } };
    await addTasks(
      rest,
      jobId,
      Array.from({ length: 30 }, (_, at) => ({ id: `t${at}`, ...wide })),
    );
    await until(
      async () => (await rest.get(`/jobs/${jobId}/taskcounts`)).json.taskCounts.succeeded === 30,
      'all to succeed',
    );
    const { value } = (await rest.get(`/jobs/${jobId}/tasks/t29/subtasksinfo`)).json;
    expect(value.map((subtask: Body) => subtask.id)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    const environmentSettings = settings({ SIMULATED_COORDINATION_EXIT_CODE: '3' });
    const failed = await runTask(rest, jobId, { ...wide, environmentSettings });
    expect(failed.executionInfo).toMatchObject({ exitCode: 3, result: 'failure' });
  });

  it('a multi-instance task waits until all its nodes are prepared', async () => {
    const poolId = await createPool(rest, {
      vmSize: 'simulated_d4',
      targetDedicatedNodes: 3,
      enableInterNodeCommunication: true,
    });
    await poolReady(rest, poolId, 3);
    const jobId = await createJob(rest, poolId, {
      jobPreparationTask: { commandLine: 'x', environmentSettings: settings({ SIMULATED_DURATION: '0.3' }) },
    });
    await runTask(rest, jobId, { commandLine: 'x' });
    const multiInstanceSettings = { numberOfInstances: 3, coordinationCommandLine: 'x' };
    const task = await runTask(rest, jobId, { commandLine: 'x', multiInstanceSettings });
    const status = await statusOf(jobId);
    expect(status).toHaveLength(3);
    for (const { jobPreparationTaskExecutionInfo: info } of status) {
      expect(Date.parse(task.executionInfo.startTime)).toBeGreaterThanOrEqual(Date.parse(info.endTime));
    }
  });

  it('a multi-instance task that loses a node to preemption starts over, uncounted', async () => {
    const poolId = await createPool(rest, {
      vmSize: 'simulated_d4',
      targetDedicatedNodes: 0,
      targetLowPriorityNodes: 2,
      enableInterNodeCommunication: true,
    });
    const jobId = await createJob(rest, poolId);
    const multiInstanceSettings = { numberOfInstances: 2, coordinationCommandLine: 'x' };
    const environmentSettings = settings({ SIMULATED_DURATION: '600' });
    await addTasks(rest, jobId, [{ id: 't', commandLine: 'x', multiInstanceSettings, environmentSettings }]);
    const before = await taskInState(rest, jobId, 't', 'running');
    const [subtask] = await until(async () => {
      const { value } = (await rest.get(`/jobs/${jobId}/tasks/t/subtasksinfo`)).json;
      return value.length === 1 && value;
    }, 'the subtask');
    await preempt(poolId, [subtask.nodeInfo.nodeId]);
    const after = await until(async () => {
      const task = (await rest.get(`/jobs/${jobId}/tasks/t`)).json;
      return task.state === 'running' && task.executionInfo.startTime !== before.executionInfo.startTime && task;
    }, 'the task to run again');
    expect(after.executionInfo).toMatchObject({ retryCount: 0, requeueCount: 0 });
  });

  it('a job manager node is the last to be given up', async () => {
    const poolId = await createPool(rest, { vmSize: 'simulated_d4', targetDedicatedNodes: 3 });
    await poolReady(rest, poolId, 3);
    const environmentSettings = settings({ SIMULATED_DURATION: '600' });
    const jobId = await createJob(rest, poolId, {
      jobManagerTask: { id: 'boss', commandLine: 'x', environmentSettings },
    });
    const boss = await taskInState(rest, jobId, 'boss', 'running');
    for (const id of ['a', 'b']) {
      await addTasks(rest, jobId, [{ id, commandLine: 'x', environmentSettings }]);
      await taskInState(rest, jobId, id, 'running');
    }
    await rest.post(`/pools/${poolId}/resize`, { targetDedicatedNodes: 1 });
    const [last] = await poolReady(rest, poolId, 1);
    expect(last.id).toBe(boss.nodeInfo.nodeId);
  });
});
