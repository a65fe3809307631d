import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { addTasks, createJob, createPool, poolReady, taskInState } from './fixtures';
import { Rest, type Body } from './rest';
import { uniqueId, until } from './target';

describe('faults that can be ordered', () => {
  let emulator: Emulator;
  let rest: Rest;
  const simulated = { vmSize: 'simulated_d4' };
  beforeAll(async () => {
    emulator = await startEmulator({ admin: true, timing: { preemption: 50 } });
    rest = new Rest(emulator);
  });
  afterAll(() => emulator.close());
  afterEach(async () => {
    await admin('DELETE', 'faults');
  });

  async function admin(method: string, path: string, body?: unknown): Promise<Body> {
    const answer = await fetch(`${emulator.url}/emulator/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  }

  it('the admin endpoint is off unless asked for', async () => {
    const plain = await startEmulator();
    const answer = await fetch(`${plain.url}/emulator/faults`);
    expect(answer.status).not.toBe(200);
    await plain.close();
  });

  it('throttles an operation so many times, before anything is done', async () => {
    const jobId = await createJob(rest, 'nopool');
    await admin('POST', 'faults', { operation: 'TaskAddCollection', status: 429, retryAfter: 2, times: 2 });
    const body = { value: [{ id: 't', commandLine: 'true' }] };
    for (let count = 0; count < 2; count++) {
      const answer = await rest.post(`/jobs/${jobId}/addtaskcollection`, body);
      expect([answer.status, answer.json.code, answer.headers['retry-after']]).toEqual([429, 'TooManyRequests', '2']);
    }
    expect((await rest.post(`/jobs/${jobId}/addtaskcollection`, body)).json.value[0].status).toBe('success');
  });

  it('a lost response leaves the effect behind', async () => {
    await admin('POST', 'faults', { kind: 'loseResponse', operation: 'JobAdd', times: 1 });
    const id = uniqueId('job');
    await expect(rest.post('/jobs', { id, poolInfo: { poolId: 'nopool' } })).rejects.toThrow();
    expect((await rest.get(`/jobs/${id}`)).status).toBe(200);
  });

  it('an allocation failure shows as resizeErrors of a steady pool, and a new resize recovers', async () => {
    await admin('POST', 'faults', { kind: 'allocationFailure', code: 'AccountCoreQuotaReached', times: 1 });
    const poolId = await createPool(rest, simulated);
    const pool = await until(async () => {
      const { json } = await rest.get(`/pools/${poolId}`);
      return json.allocationState === 'steady' && json;
    }, 'the resize to end');
    expect(pool).toMatchObject({ currentDedicatedNodes: 0, targetDedicatedNodes: 1 });
    expect(pool.resizeErrors[0].code).toBe('AccountCoreQuotaReached');
    await rest.post(`/pools/${poolId}/resize`, { targetDedicatedNodes: 1 });
    await poolReady(rest, poolId, 1);
    expect((await rest.get(`/pools/${poolId}`)).json).not.toHaveProperty('resizeErrors');
  });

  it('an allocation failure may hit one VM size only', async () => {
    await admin('POST', 'faults', { kind: 'allocationFailure', code: 'AllocationFailed', vmSize: 'SIMULATED_BIG' });
    await poolReady(rest, await createPool(rest, simulated), 1);
    const poolId = await createPool(rest, { vmSize: 'simulated_big' });
    await until(async () => (await rest.get(`/pools/${poolId}`)).json.resizeErrors, 'the failure');
  });

  it('slow allocation keeps the pool resizing until it times out or is done', async () => {
    await admin('POST', 'faults', { kind: 'slowAllocation', ms: 600_000, times: 1 });
    const poolId = await createPool(rest, simulated);
    expect((await rest.get(`/pools/${poolId}`)).json.allocationState).toBe('resizing');
    expect((await rest.post(`/pools/${poolId}/stopresize`)).status).toBe(202);
    await poolReady(rest, poolId, 0);
  });

  it.each([
    [{ kind: 'startTaskFailure', exitCode: 7, times: 1 }, 'starttaskfailed'],
    [{ kind: 'unusableNode', times: 1 }, 'unusable'],
  ])('%j makes one node %s', async (rule, state) => {
    await admin('POST', 'faults', rule);
    const poolId = await createPool(rest, {
      ...simulated,
      targetDedicatedNodes: 2,
      startTask: { commandLine: 'true' },
    });
    await poolReady(rest, poolId, 1);
    const { json } = await rest.get(`/pools/${poolId}/nodes`, { query: { $filter: `state eq '${state}'` } });
    expect(json.value).toHaveLength(1);
  });

  it('preemption puts tasks back uncounted, and the node comes back', async () => {
    const poolId = await createPool(rest, { ...simulated, targetDedicatedNodes: 0, targetLowPriorityNodes: 1 });
    const [node] = await poolReady(rest, poolId, 1);
    const jobId = await createJob(rest, poolId);
    const environmentSettings = [{ name: 'SIMULATED_DURATION', value: '600' }];
    await addTasks(rest, jobId, [{ id: 't', commandLine: 'x', environmentSettings }]);
    await taskInState(rest, jobId, 't', 'running');
    const ordered = await admin('POST', 'faults', { kind: 'preempt', poolId });
    expect(ordered.rules[0].nodes).toEqual([node.id]);
    const task = await taskInState(rest, jobId, 't', 'active');
    expect(task.executionInfo).toMatchObject({ retryCount: 0, requeueCount: 0 });
    expect((await rest.get(`/pools/${poolId}`)).json.currentLowPriorityNodes).toBe(1);
    await taskInState(rest, jobId, 't', 'running');
  });

  it('counts requests per operation', async () => {
    await admin('DELETE', 'requests');
    await rest.get('/pools');
    await rest.get('/pools');
    expect(await admin('GET', 'requests')).toEqual({ PoolList: 2 });
  });

  it('lists the processes of running tasks', async () => {
    const poolId = await createPool(rest);
    const jobId = await createJob(rest, poolId);
    await addTasks(rest, jobId, [{ id: 't', commandLine: 'sleep 300' }]);
    const found = await until(async () => {
      const { processes } = await admin('GET', 'processes');
      return processes.find((entry: Body) => entry.owner === `${jobId}/t`);
    }, 'the process to show');
    expect(found.pid).toBeGreaterThan(1);
  });
});
