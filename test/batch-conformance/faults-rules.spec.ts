import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { addTasks, createJob, createPool, poolReady, runTask, taskInState } from './fixtures';
import { Rest, type Body } from './rest';
import { uniqueId, until } from './target';

const LONG = [{ name: 'SIMULATED_DURATION', value: '600' }];

describe('rules of faults', () => {
  let emulator: Emulator;
  let rest: Rest;
  const simulated = { vmSize: 'simulated_d4' };
  beforeAll(async () => {
    emulator = await startEmulator({ admin: true, timing: { preemption: 50 } });
    rest = new Rest(emulator);
  });
  afterAll(() => emulator.close());
  afterEach(() => admin('DELETE', 'faults'));

  async function admin(method: string, path: string, body?: unknown, url = emulator.url): Promise<Body> {
    const init = { method, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const answer = await fetch(`${url}/emulator/${path}`, init);
    return { status: answer.status, ...((await answer.json()) as object) };
  }
  const order = async (rule: object, url?: string): Promise<Body> =>
    (await admin('POST', 'faults', rule, url)).rules[0];
  const faultOf = (id: string): Promise<Body> => admin('GET', `faults/${id}`);

  describe('orders', () => {
    it.each([
      [{ kind: 'dance' }, 'kind'],
      [{ kind: 7 }, 'kind'],
      [{ operation: 'JobAd' }, 'operation'],
      [{ operation: '' }, 'operation'],
      [{ status: 200 }, 'status'],
      [{ status: '503' }, 'status'],
      [{ times: 0 }, 'times'],
      [{ times: 1.5 }, 'times'],
      [{ probability: 2 }, 'probability'],
      [{ seed: -1 }, 'seed'],
      [{ afterSeconds: -1 }, 'afterSeconds'],
      [{ forSeconds: 0 }, 'forSeconds'],
      [{ retryAfter: 'soon' }, 'retryAfter'],
      [{ vmSize: 'x' }, 'vmSize'],
      [{ code: '' }, 'code'],
      [{ kind: 'slowAllocation', ms: -1 }, 'ms'],
      [{ kind: 'slowAllocation', operation: 'JobAdd' }, 'operation'],
      [{ kind: 'startTaskFailure', exitCode: 0 }, 'exitCode'],
      [{ kind: 'taskFailure', exitCode: 1, code: 'BlobNotFound' }, 'exitCode'],
      [{ kind: 'quotaReached', allocated: 0.5 }, 'allocated'],
      [{ kind: 'preempt', poolId: 'nosuchpool' }, 'poolId'],
      [{ kind: 'preempt', nodes: 'all' }, 'nodes'],
      [{ kind: 'preempt', share: 0 }, 'share'],
      [{ kind: 'preempt', share: 0.5, perHour: 1 }, 'perHour'],
      [{ kind: 'preempt', forSeconds: 5 }, 'forSeconds'],
      [{ kind: 'nodeLoss', state: 'idle' }, 'state'],
      [{ kind: 'nodeLoss', downSeconds: '1' }, 'downSeconds'],
      [{ __proto__: null, constructor: 1 }, 'constructor'],
    ])('%j is refused, and the field is named', async (rule, field) => {
      expect(await admin('POST', 'faults', rule)).toMatchObject({ status: 400, field });
    });

    it('of a list with a mistake nothing is ordered', async () => {
      const answer = await admin('POST', 'faults', [{ operation: 'JobList' }, { times: -1 }]);
      expect(answer).toMatchObject({ status: 400, field: '[1].times' });
      expect((await admin('GET', 'faults')).rules).toEqual([]);
    });

    it('are listed with an id and how often they struck, and removed one by one', async () => {
      const [used, idle] = (
        await admin('POST', 'faults', [{ operation: 'JobList', times: 1 }, { operation: 'PoolList' }])
      ).rules;
      expect((await rest.get('/jobs')).status).toBe(503);
      expect((await rest.get('/jobs')).status).toBe(200);
      expect((await admin('GET', 'faults')).rules).toMatchObject([
        { id: used.id, kind: 'reject', struck: 1, phase: 'over' },
        { id: idle.id, kind: 'reject', struck: 0, phase: 'active' },
      ]);
      expect((await admin('DELETE', `faults/${idle.id}`)).status).toBe(200);
      expect((await rest.get('/pools')).status).toBe(200);
      expect((await faultOf(idle.id)).status).toBe(404);
      expect((await admin('DELETE', `faults/${idle.id}`)).status).toBe(404);
      expect((await faultOf(used.id)).struck).toBe(1);
    });

    it('chance with a seed is the same every time', async () => {
      const pattern = async (): Promise<number[]> => {
        const { id } = await order({ operation: 'JobList', probability: 0.5, seed: 42 });
        const statuses = [];
        for (let count = 0; count < 20; count++) statuses.push((await rest.get('/jobs')).status);
        await admin('DELETE', `faults/${id}`);
        return statuses;
      };
      const first = await pattern();
      expect(await pattern()).toEqual(first);
      expect(new Set(first)).toEqual(new Set([200, 503]));
    });

    it('wait and end in emulated time', async () => {
      const quick = await startEmulator({ admin: true, timeScale: 10_000 });
      const client = new Rest(quick);
      await order({ operation: 'JobList', afterSeconds: 2000, forSeconds: 20_000 }, quick.url);
      expect((await client.get('/jobs')).status).toBe(200);
      await until(async () => (await client.get('/jobs')).status === 503, 'the fault to begin');
      await until(async () => (await client.get('/jobs')).status === 200, 'the fault to end');
      await quick.close();
    });
  });

  describe('requests', () => {
    it('strike by what they are about, also where that is in the body', async () => {
      const jobId = await createJob(rest, 'nopool');
      await order({ operation: '*', jobId: 'OTHER-*' });
      expect((await rest.get(`/jobs/${jobId}`)).status).toBe(200);
      expect((await rest.get('/jobs/other-1')).status).toBe(503);
      expect((await rest.post('/jobs', { id: 'other-2', poolInfo: { poolId: 'x' } })).status).toBe(503);
      await order({ operation: 'TaskAdd', taskId: 'bad' });
      expect((await rest.post(`/jobs/${jobId}/tasks`, { id: 'good', commandLine: 'x' })).status).toBe(201);
      expect((await rest.post(`/jobs/${jobId}/tasks`, { id: 'bad', commandLine: 'x' })).status).toBe(503);
    });

    it('a code of the service brings its status', async () => {
      await order({ operation: 'PoolAdd', code: 'PoolQuotaReached' });
      const answer = await rest.post('/pools', { id: uniqueId('pool'), ...simulated });
      expect([answer.status, answer.json.code]).toEqual([409, 'PoolQuotaReached']);
    });

    it('a lost request leaves nothing behind, a lost response the effect', async () => {
      await order({ kind: 'loseRequest', operation: 'JobAdd', times: 1 });
      await order({ kind: 'loseResponse', operation: 'JobAdd', times: 1 });
      const [lost, done] = [uniqueId('job'), uniqueId('job')];
      await expect(rest.post('/jobs', { id: lost, poolInfo: { poolId: 'x' } })).rejects.toThrow();
      await expect(rest.post('/jobs', { id: done, poolInfo: { poolId: 'x' } })).rejects.toThrow();
      expect([(await rest.get(`/jobs/${lost}`)).status, (await rest.get(`/jobs/${done}`)).status]).toEqual([404, 200]);
    });

    it('a slow response comes after the deed', async () => {
      await order({ kind: 'slowResponse', operation: 'JobAdd', ms: 500 });
      const id = uniqueId('job');
      let answered = false;
      const slow = rest.post('/jobs', { id, poolInfo: { poolId: 'x' } }).finally(() => (answered = true));
      await until(async () => (await rest.get(`/jobs/${id}`)).status === 200, 'the job to be there');
      expect(answered).toBe(false);
      expect((await slow).status).toBe(201);
    });

    it('management is struck as well', async () => {
      await order({ operation: 'Microsoft.Batch/batchAccounts/*', status: 429, retryAfter: 3, times: 1 });
      const open = await startEmulator({ admin: true, bearer: true });
      await order({ operation: 'Microsoft.Batch/batchAccounts/read', status: 429, retryAfter: 3, times: 1 }, open.url);
      const ask = (): Promise<Response> =>
        fetch(`${open.url}${open.resourceId}?api-version=2023-11-01`, { headers: { authorization: 'Bearer x' } });
      const answer = await ask();
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '3']);
      expect((await ask()).status).toBe(200);
      await open.close();
    });
  });

  describe('pools', () => {
    const steady = (poolId: string): Promise<Body> =>
      until(async () => {
        const { json } = await rest.get(`/pools/${poolId}`);
        return json.allocationState === 'steady' && json;
      }, 'the resize to end');

    it('a quota lets some nodes through', async () => {
      await order({ kind: 'quotaReached', allocated: 2 });
      const pool = await steady(await createPool(rest, { ...simulated, targetDedicatedNodes: 5 }));
      expect(pool.currentDedicatedNodes).toBe(2);
      expect(pool.resizeErrors.map((error: Body) => error.code)).toEqual(['AccountCoreQuotaReached']);
    });

    it('an allocation that never comes ends with the resize timeout', async () => {
      const quick = await startEmulator({ admin: true, timeScale: 10_000 });
      const client = new Rest(quick);
      await order({ kind: 'allocationTimeout' }, quick.url);
      const poolId = await createPool(client, { ...simulated, resizeTimeout: 'PT5M' });
      const errors: Body[] = await until(
        async () => (await client.get(`/pools/${poolId}`)).json.resizeErrors,
        'the resize to fail',
      );
      expect(errors.map((error) => error.code)).toEqual(['AllocationTimedout']);
      await quick.close();
    });
  });

  describe('nodes', () => {
    const lowPriority = (nodes: number): object => ({
      ...simulated,
      targetDedicatedNodes: 0,
      targetLowPriorityNodes: nodes,
    });

    it('a share of the nodes is preempted, dedicated ones never', async () => {
      const poolId = await createPool(rest, { ...lowPriority(4), targetDedicatedNodes: 2 });
      await poolReady(rest, poolId, 6);
      const { nodes } = await order({ kind: 'preempt', poolId, share: 0.5, seed: 1 });
      expect(nodes).toHaveLength(2);
      for (const id of nodes) expect(id).toMatch(/_p$/);
      await poolReady(rest, poolId, 6);
    });

    it('every one of several that were ordered for later strikes', async () => {
      const poolId = await createPool(rest, lowPriority(20));
      await poolReady(rest, poolId, 20);
      // Ordered in one moment, in which the clock gives no time twice; each takes one node, so that there are enough.
      const orders = Array.from({ length: 20 }, (_, i) => ({
        kind: 'preempt',
        poolId,
        share: 0.01,
        afterSeconds: 0.05 + i / 100,
      }));
      const { rules } = await admin('POST', 'faults', orders);
      const now = () => Promise.all(rules.map((rule: Body) => faultOf(rule.id)));
      await until(async () => (await now()).every(({ phase }) => phase === 'over'), 'all blows');
      expect((await now()).map(({ struck }) => struck)).toEqual(orders.map(() => 1));
    });

    it('preemption recurs at a rate', async () => {
      const quick = await startEmulator({ admin: true, timeScale: 5000, timing: { preemption: 1000 } });
      const client = new Rest(quick);
      const poolId = await createPool(client, lowPriority(5));
      await poolReady(client, poolId, 5);
      const { id } = await order({ kind: 'preempt', poolId, perHour: 30, times: 20, seed: 3 }, quick.url);
      await until(
        async () => (await admin('GET', `faults/${id}`, undefined, quick.url)).phase === 'over',
        'preemptions',
      );
      expect((await admin('GET', `faults/${id}`, undefined, quick.url)).struck).toBe(20);
      await poolReady(client, poolId, 5);
      await quick.close();
    });

    it('a lost node is unknown, its task runs elsewhere uncounted, and it comes back', async () => {
      const poolId = await createPool(rest, simulated);
      const [node] = await poolReady(rest, poolId, 1);
      const jobId = await createJob(rest, poolId);
      await addTasks(rest, jobId, [{ id: 't', commandLine: 'x', environmentSettings: LONG }]);
      await taskInState(rest, jobId, 't', 'running');
      const { nodes } = await order({ kind: 'nodeLoss', poolId, downSeconds: 0.2 });
      expect(nodes).toEqual([node.id]);
      expect((await rest.get(`/pools/${poolId}/nodes/${node.id}`)).json.state).toBe('unknown');
      const task = await taskInState(rest, jobId, 't', 'active');
      expect(task.executionInfo).toMatchObject({ retryCount: 0, requeueCount: 0 });
      await taskInState(rest, jobId, 't', 'running');
    });

    it('a node that is lost for good stays unusable, and can be removed', async () => {
      const poolId = await createPool(rest, simulated);
      const [node] = await poolReady(rest, poolId, 1);
      await order({ kind: 'nodeLoss', nodeId: node.id, state: 'unusable' });
      expect((await rest.get(`/pools/${poolId}/nodes/${node.id}`)).json.state).toBe('unusable');
      expect((await rest.post(`/pools/${poolId}/removenodes`, { nodeList: [node.id] })).status).toBe(202);
      await until(async () => (await rest.get(`/pools/${poolId}/nodes`)).json.value.length === 0, 'the node to leave');
    });

    it('files of tasks survive the loss of contact', async () => {
      const poolId = await createPool(rest);
      await poolReady(rest, poolId, 1);
      const jobId = await createJob(rest, poolId);
      const { id } = await runTask(rest, jobId, { commandLine: 'echo kept' });
      await order({ kind: 'nodeLoss', poolId, downSeconds: 0 });
      await poolReady(rest, poolId, 1);
      expect((await rest.get(`/jobs/${jobId}/tasks/${id}/files/stdout.txt`)).text).toBe('kept\n');
    });
  });

  describe('tasks', () => {
    let poolId: string;
    let jobId: string;
    beforeAll(async () => {
      poolId = await createPool(rest, simulated);
      jobId = await createJob(rest, poolId);
    });

    it('an exit code is retried as the task says', async () => {
      await order({ kind: 'taskFailure', jobId, taskId: 'flaky*', exitCode: 77, times: 2 });
      const fields = { commandLine: 'x', constraints: { maxTaskRetryCount: 3 } };
      const task = await runTask(rest, jobId, { id: 'flaky-1', ...fields });
      expect(task.executionInfo).toMatchObject({ exitCode: 0, result: 'success', retryCount: 2 });
    });

    it('the last failure is the outcome', async () => {
      await order({ kind: 'taskFailure', jobId, exitCode: 77 });
      const task = await runTask(rest, jobId, { commandLine: 'x', constraints: { maxTaskRetryCount: 1 } });
      expect(task.executionInfo).toMatchObject({
        exitCode: 77,
        failureInfo: { code: 'FailureExitCode' },
        retryCount: 1,
      });
    });

    it.each([
      ['BlobNotFound', 'usererror', undefined],
      ['DiskFull', 'usererror', undefined],
      ['FileUploadMiscError', 'servererror', 0],
    ])('%s is told as the failure, without a retry', async (code, category, exitCode) => {
      await order({ kind: 'taskFailure', jobId, code, times: 1 });
      const task = await runTask(rest, jobId, { commandLine: 'x', constraints: { maxTaskRetryCount: 2 } });
      expect(task.executionInfo).toMatchObject({ result: 'failure', retryCount: 0, failureInfo: { code, category } });
      expect(task.executionInfo.exitCode).toBe(exitCode);
    });

    it('an ordered upload failure reaches fileUploadError, and failed attempts are still retried', async () => {
      await order({ kind: 'taskFailure', jobId, code: 'FileUploadAccessDenied' });
      const environmentSettings = [
        { name: 'SIMULATED_EXIT_CODE', value: '3' },
        { name: 'SIMULATED_FAIL_ATTEMPTS', value: '1' },
      ];
      const constraints = { maxTaskRetryCount: 1 };
      const task = await runTask(rest, jobId, { commandLine: 'x', environmentSettings, constraints });
      expect(task.executionInfo).toMatchObject({ exitCode: 0, retryCount: 1 });
      expect(task.executionInfo.failureInfo.code).toBe('FileUploadAccessDenied');
    });

    it('a slow task is running meanwhile, and can be ended', async () => {
      await order({ kind: 'slowTask', jobId, taskId: 'slow', ms: 3_600_000 });
      await addTasks(rest, jobId, [{ id: 'slow', commandLine: 'x' }]);
      await taskInState(rest, jobId, 'slow', 'running');
      expect((await rest.post(`/jobs/${jobId}/tasks/slow/terminate`)).status).toBe(204);
      await taskInState(rest, jobId, 'slow', 'completed');
      await runTask(rest, jobId, { commandLine: 'x' });
    });

    it('a slow task runs into its time limit', async () => {
      await order({ kind: 'slowTask', jobId, ms: 3_600_000, times: 1 });
      const task = await runTask(rest, jobId, { commandLine: 'x', constraints: { maxWallClockTime: 'PT0.05S' } });
      expect(task.executionInfo.failureInfo.code).toBe('TaskEnded');
    });
  });
});
