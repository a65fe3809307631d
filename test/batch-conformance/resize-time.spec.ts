import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { addTasks, createJob, createPool, poolReady, runTask, taskInState } from './fixtures';
import { Rest } from './rest';
import { until } from './target';

const hours = (count: number) => [{ name: 'SIMULATED_DURATION', value: String(count * 3600) }];

describe('resizing over time', () => {
  let emulator: Emulator;
  let rest: Rest;
  beforeAll(async () => {
    emulator = await startEmulator({ timeScale: 2000, admin: true, timing: { preemption: 600_000 } });
    rest = new Rest(emulator);
  });
  afterAll(() => emulator.close());

  it('a resize that takes longer than its timeout ends with an error, and its nodes stay', async () => {
    const poolId = await createPool(rest, { vmSize: 'simulated_d4' });
    await poolReady(rest, poolId, 1);
    const jobId = await createJob(rest, poolId);
    await addTasks(rest, jobId, [{ id: 't', commandLine: 'x', environmentSettings: hours(1000) }]);
    await taskInState(rest, jobId, 't', 'running');
    await rest.post(`/pools/${poolId}/resize`, {
      targetDedicatedNodes: 0,
      resizeTimeout: 'PT10M',
      nodeDeallocationOption: 'taskcompletion',
    });
    const resizing = (await rest.get(`/pools/${poolId}`)).json;
    expect(resizing).toMatchObject({ allocationState: 'resizing', resizeTimeout: 'PT10M' });
    const pool = await until(async () => {
      const { json } = await rest.get(`/pools/${poolId}`);
      return json.allocationState === 'steady' && json;
    }, 'the resize to time out');
    expect(pool.resizeErrors.map((error: { code: string }) => error.code)).toEqual(['AllocationTimedout']);
    expect([pool.targetDedicatedNodes, pool.currentDedicatedNodes]).toEqual([0, 1]);
    const spent = Date.parse(pool.allocationStateTransitionTime) - Date.parse(resizing.allocationStateTransitionTime);
    expect(Math.round(spent / 1000)).toBe(600);
    expect((await rest.get(`/jobs/${jobId}/tasks/t`)).json.state).toBe('running');
    await rest.delete(`/jobs/${jobId}`);
  });

  it('nodes that were chosen by a resize that timed out take tasks again', async () => {
    const poolId = await createPool(rest, { vmSize: 'simulated_d4' });
    const [node] = await poolReady(rest, poolId, 1);
    const [jobId, next] = [await createJob(rest, poolId), await createJob(rest, poolId)];
    await addTasks(rest, jobId, [{ id: 't', commandLine: 'x', environmentSettings: hours(1000) }]);
    await taskInState(rest, jobId, 't', 'running');
    const resize = { targetDedicatedNodes: 0, resizeTimeout: 'PT10M', nodeDeallocationOption: 'taskcompletion' };
    await rest.post(`/pools/${poolId}/resize`, resize);
    await until(async () => (await rest.get(`/pools/${poolId}`)).json.resizeErrors, 'the resize to time out');
    await rest.post(`/jobs/${jobId}/tasks/t/terminate`);
    expect((await runTask(rest, next, { commandLine: 'x' })).nodeInfo.nodeId).toBe(node?.id);
  });

  it('retaineddata waits no longer when the job with the data is deleted', async () => {
    const poolId = await createPool(rest, { vmSize: 'simulated_d4' });
    const jobId = await createJob(rest, poolId);
    await runTask(rest, jobId, { commandLine: 'x', constraints: { retentionTime: 'P10675199DT2H48M5.4775807S' } });
    await poolReady(rest, poolId, 1);
    const resize = { targetDedicatedNodes: 0, nodeDeallocationOption: 'retaineddata', resizeTimeout: 'P7D' };
    await rest.post(`/pools/${poolId}/resize`, resize);
    await until(async () => {
      const [node] = (await rest.get(`/pools/${poolId}/nodes`)).json.value;
      const refused = await rest.post(`/pools/${poolId}/nodes/${node.id}/reboot`);
      return refused.json?.code === 'OperationNotValidOnNode';
    }, 'the node to be chosen');
    expect((await rest.get(`/pools/${poolId}`)).json.currentDedicatedNodes).toBe(1);
    await rest.delete(`/jobs/${jobId}`);
    await poolReady(rest, poolId, 0);
    expect((await rest.get(`/pools/${poolId}`)).json).not.toHaveProperty('resizeErrors');
  });

  it('a preempted node counts as current until it comes back', async () => {
    const poolId = await createPool(rest, {
      vmSize: 'simulated_d4',
      targetDedicatedNodes: 0,
      targetLowPriorityNodes: 2,
    });
    await poolReady(rest, poolId, 2);
    const answer = await fetch(`${emulator.url}/emulator/faults`, {
      method: 'POST',
      body: JSON.stringify({ kind: 'preempt', poolId }),
    });
    expect(answer.status).toBe(201);
    const counts = await rest.get('/nodecounts', { query: { $filter: `poolId eq '${poolId}'` } });
    expect(counts.json.value[0].lowPriority).toMatchObject({ preempted: 2, idle: 0, total: 2 });
    expect((await rest.get(`/pools/${poolId}`)).json.currentLowPriorityNodes).toBe(2);
    await poolReady(rest, poolId, 2);
  });

  it('a preempted node that is resized away does not come back', async () => {
    const poolId = await createPool(rest, {
      vmSize: 'simulated_d4',
      targetDedicatedNodes: 0,
      targetLowPriorityNodes: 1,
    });
    await poolReady(rest, poolId, 1);
    await fetch(`${emulator.url}/emulator/faults`, {
      method: 'POST',
      body: JSON.stringify({ kind: 'preempt', poolId }),
    });
    await rest.post(`/pools/${poolId}/resize`, { targetLowPriorityNodes: 0 });
    await poolReady(rest, poolId, 0);
    expect((await rest.get(`/pools/${poolId}/nodes`)).json.value).toEqual([]);
  });
});
