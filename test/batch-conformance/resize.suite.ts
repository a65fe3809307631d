import { addTasks, createJob, createPool, poolReady, runTask, taskInState } from './fixtures';
import { Rest, type Body } from './rest';
import { until, type Target } from './target';

export function describeResize(target: () => Target): void {
  describe('resizing pools', () => {
    let rest: Rest;
    beforeAll(() => (rest = new Rest(target())));

    const steady = (poolId: string): Promise<Body> =>
      until(async () => {
        const { json } = await rest.get(`/pools/${poolId}`);
        return json.allocationState === 'steady' && json;
      }, `${poolId} to be steady`);
    const busyPool = async (nodes = 1): Promise<{ poolId: string; jobId: string; nodeId: string }> => {
      const poolId = await createPool(rest, { targetDedicatedNodes: nodes });
      await poolReady(rest, poolId, nodes);
      const jobId = await createJob(rest, poolId);
      await addTasks(rest, jobId, [{ id: 't', commandLine: 'sleep 300' }]);
      const task = await taskInState(rest, jobId, 't', 'running');
      return { poolId, jobId, nodeId: task.nodeInfo.nodeId };
    };

    it('terminate completes the tasks of leaving nodes', async () => {
      const { poolId, jobId } = await busyPool();
      await rest.post(`/pools/${poolId}/resize`, { targetDedicatedNodes: 0, nodeDeallocationOption: 'terminate' });
      const { executionInfo } = await taskInState(rest, jobId, 't', 'completed');
      expect(executionInfo).toMatchObject({ result: 'failure', failureInfo: { code: 'TaskEnded' }, requeueCount: 0 });
      await poolReady(rest, poolId, 0);
    });

    it('taskcompletion starts no other task on a leaving node', async () => {
      const { poolId, jobId } = await busyPool();
      await rest.post(`/pools/${poolId}/resize`, { targetDedicatedNodes: 0, nodeDeallocationOption: 'taskcompletion' });
      await until(async () => {
        const [node] = (await rest.get(`/pools/${poolId}/nodes`)).json.value;
        const refused = await rest.post(`/pools/${poolId}/nodes/${node.id}/users`, { name: 'x', password: 'y' });
        return refused.json?.code === 'OperationNotValidOnNode';
      }, 'the node to be chosen');
      await addTasks(rest, jobId, [{ id: 'next', commandLine: 'true' }]);
      await rest.post(`/jobs/${jobId}/tasks/t/terminate`);
      await poolReady(rest, poolId, 0);
      expect((await rest.get(`/jobs/${jobId}/tasks/next`)).json.state).toBe('active');
    });

    it('retaineddata keeps nodes until the retention time of their tasks is over', async () => {
      const poolId = await createPool(rest, { targetDedicatedNodes: 1 });
      const jobId = await createJob(rest, poolId);
      const task = await runTask(rest, jobId, { commandLine: 'true', constraints: { retentionTime: 'PT0.5S' } });
      await poolReady(rest, poolId, 1);
      await rest.post(`/pools/${poolId}/resize`, { targetDedicatedNodes: 0, nodeDeallocationOption: 'retaineddata' });
      const pool = await steady(poolId);
      expect(pool.currentDedicatedNodes).toBe(0);
      const waited = Date.parse(pool.allocationStateTransitionTime) - Date.parse(task.executionInfo.endTime);
      expect(waited).toBeGreaterThanOrEqual(500);
    });

    it('stopresize while nodes wait to leave keeps them, and they take tasks again', async () => {
      const { poolId, jobId, nodeId } = await busyPool();
      await rest.post(`/pools/${poolId}/resize`, { targetDedicatedNodes: 0, nodeDeallocationOption: 'taskcompletion' });
      expect((await rest.post(`/pools/${poolId}/stopresize`)).status).toBe(202);
      expect((await rest.get(`/pools/${poolId}`)).json.allocationState).toBe('stopping');
      const again = await rest.post(`/pools/${poolId}/stopresize`);
      expect([again.status, again.json.code]).toEqual([409, 'OperationInvalidForCurrentState']);
      const pool = await steady(poolId);
      expect(pool).toMatchObject({
        targetDedicatedNodes: 1,
        currentDedicatedNodes: 1,
        resizeErrors: [{ code: 'ResizeStopped' }],
      });
      await rest.post(`/jobs/${jobId}/tasks/t/terminate`);
      expect((await runTask(rest, jobId, { commandLine: 'true' })).nodeInfo.nodeId).toBe(nodeId);
    });

    it('stopresize needs a resize', async () => {
      const poolId = await createPool(rest, { targetDedicatedNodes: 0 });
      await steady(poolId);
      const answer = await rest.post(`/pools/${poolId}/stopresize`);
      expect([answer.status, answer.json.code]).toEqual([409, 'OperationInvalidForCurrentState']);
    });

    it('errors of a resize are gone with the next one', async () => {
      const { poolId, jobId } = await busyPool();
      await rest.post(`/pools/${poolId}/resize`, { targetDedicatedNodes: 0, nodeDeallocationOption: 'taskcompletion' });
      await rest.post(`/pools/${poolId}/stopresize`);
      expect((await steady(poolId)).resizeErrors).toHaveLength(1);
      await rest.post(`/pools/${poolId}/resize`, { targetDedicatedNodes: 2 });
      await poolReady(rest, poolId, 2);
      await rest.delete(`/jobs/${jobId}`);
      expect((await rest.get(`/pools/${poolId}`)).json).not.toHaveProperty('resizeErrors');
    });

    it('removenodes takes 1 to 100 nodes of the pool, while it is steady', async () => {
      const poolId = await createPool(rest, { targetDedicatedNodes: 2 });
      const early = await rest.post(`/pools/${poolId}/removenodes`, { nodeList: ['x'] });
      expect([early.status, early.json.code]).toEqual([409, 'PoolBeingResized']);
      const [first] = await poolReady(rest, poolId, 2);
      const remove = async (nodeList: string[]): Promise<unknown[]> => {
        const { status, json } = await rest.post(`/pools/${poolId}/removenodes`, { nodeList });
        return [status, json?.code];
      };
      expect(await remove([])).toEqual([400, 'InvalidPropertyValue']);
      expect(await remove(Array.from({ length: 101 }, (_, at) => `n${at}`))).toEqual([400, 'InvalidPropertyValue']);
      expect(await remove(['nosuchnode'])).toEqual([404, 'NodeNotFound']);
      expect(await remove([first.id, first.id])).toEqual([202, undefined]);
      await poolReady(rest, poolId, 1);
      expect((await rest.get(`/pools/${poolId}`)).json.targetDedicatedNodes).toBe(1);
    });

    it('removenodes with taskcompletion waits for the tasks of the chosen node', async () => {
      const { poolId, jobId, nodeId } = await busyPool(2);
      const remove = { nodeList: [nodeId], nodeDeallocationOption: 'taskcompletion' };
      await rest.post(`/pools/${poolId}/removenodes`, remove);
      expect((await rest.get(`/pools/${poolId}`)).json.allocationState).toBe('resizing');
      expect((await rest.get(`/pools/${poolId}/nodes/${nodeId}`)).status).toBe(200);
      await rest.post(`/jobs/${jobId}/tasks/t/terminate`);
      await poolReady(rest, poolId, 1);
      expect((await rest.get(`/pools/${poolId}/nodes/${nodeId}`)).json.code).toBe('NodeNotFound');
    });

    it('delete requeues what runs, which then waits for a pool of that id', async () => {
      const { poolId, jobId } = await busyPool();
      await rest.delete(`/pools/${poolId}`);
      await until(async () => (await rest.get(`/pools/${poolId}`)).status === 404, 'the pool to be gone');
      const task = (await rest.get(`/jobs/${jobId}/tasks/t`)).json;
      expect([task.state, task.executionInfo.requeueCount]).toEqual(['active', 1]);
      await createPool(rest, { id: poolId });
      await taskInState(rest, jobId, 't', 'running');
      await rest.delete(`/jobs/${jobId}`);
    });

    it.each([
      ['displayName', 'x'],
      ['vmSize', 'Standard_D4_v3'],
      ['taskSlotsPerNode', 2],
      ['upgradePolicy', { mode: 'manual' }],
    ])('PATCH changes %s only while the pool is empty', async (name, value) => {
      const poolId = await createPool(rest, { targetDedicatedNodes: 0 });
      await steady(poolId);
      expect((await rest.patch(`/pools/${poolId}`, { [name]: value })).status).toBe(200);
      await rest.post(`/pools/${poolId}/resize`, { targetDedicatedNodes: 1 });
      await poolReady(rest, poolId, 1);
      const answer = await rest.patch(`/pools/${poolId}`, { [name]: value });
      expect([answer.status, answer.json.code]).toEqual([400, 'InvalidPropertyValue']);
    });

    it('PATCH refuses more task slots than a node may have', async () => {
      const poolId = await createPool(rest, { targetDedicatedNodes: 0 });
      await steady(poolId);
      const answer = await rest.patch(`/pools/${poolId}`, { taskSlotsPerNode: 257 });
      expect([answer.status, answer.json.code]).toEqual([400, 'InvalidPropertyValue']);
    });

    it('updateproperties removes what is left out, and shows the communication mode from then on', async () => {
      const startTask = { commandLine: 'true' };
      const poolId = await createPool(rest, {
        targetDedicatedNodes: 1,
        startTask,
        metadata: [{ name: 'a', value: 'b' }],
      });
      await poolReady(rest, poolId, 1);
      const before = (await rest.get(`/pools/${poolId}`)).json;
      expect(before).not.toHaveProperty('targetNodeCommunicationMode');
      expect(before.currentNodeCommunicationMode).toBe('classic');
      const body = { metadata: [], applicationPackageReferences: [], certificateReferences: [] };
      expect((await rest.post(`/pools/${poolId}/updateproperties`, body)).status).toBe(204);
      const after = (await rest.get(`/pools/${poolId}`)).json;
      expect(after).toMatchObject({ certificateReferences: [], targetNodeCommunicationMode: 'default' });
      for (const absent of ['startTask', 'metadata', 'applicationPackageReferences'])
        expect(after).not.toHaveProperty(absent);
      const newest = (await rest.get(`/pools/${poolId}`, { apiVersion: '2025-06-01' })).json;
      expect(newest).not.toHaveProperty('currentNodeCommunicationMode');
    });

    it('user accounts of Windows pools log in as a batch, and no account shows its password', async () => {
      const poolId = await createPool(rest, {
        targetDedicatedNodes: 0,
        virtualMachineConfiguration: {
          imageReference: { publisher: 'microsoftwindowsserver', offer: 'windowsserver', sku: '2022-datacenter' },
          nodeAgentSKUId: 'batch.node.windows amd64',
        },
        userAccounts: [{ name: 'nonAdminUser', password: 'secret', elevationLevel: 'nonadmin' }],
      });
      expect((await rest.get(`/pools/${poolId}`)).json.userAccounts).toEqual([
        { name: 'nonAdminUser', elevationLevel: 'nonadmin', windowsUserConfiguration: { loginMode: 'batch' } },
      ]);
    });
  });
}
