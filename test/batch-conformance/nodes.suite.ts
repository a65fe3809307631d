import { addTasks, createJob, createPool, poolReady, runTask, taskInState } from './fixtures';
import { Rest, type Body } from './rest';
import { until, type Target } from './target';

export function describeNodes(target: () => Target): void {
  describe('operations on nodes', () => {
    let rest: Rest;
    beforeAll(() => (rest = new Rest(target())));

    const START_TASK = {
      commandLine: `/bin/sh -c 'echo boot >> $AZ_BATCH_NODE_SHARED_DIR/boots'`,
      waitForSuccess: true,
    };
    const oneNode = async (fields: Body = {}): Promise<{ poolId: string; path: string }> => {
      const poolId = await createPool(rest, { targetDedicatedNodes: 1, ...fields });
      const [node] = await poolReady(rest, poolId, 1);
      return { poolId, path: `/pools/${poolId}/nodes/${node.id}` };
    };
    const nodeInState = (path: string, ...states: string[]): Promise<Body> =>
      until(
        async () => {
          const { json } = await rest.get(path);
          return states.includes(json.state) && json;
        },
        `${path} to be ${states.join(' or ')}`,
      );
    const boots = async (path: string): Promise<number> =>
      (await rest.get(`${path}/files/shared%2Fboots`)).text.split('\n').length - 1;

    it('reboot keeps the files and runs the start task again', async () => {
      const { path } = await oneNode({ startTask: START_TASK });
      const before = (await rest.get(path)).json;
      const answer = await rest.post(`${path}/reboot`);
      expect([answer.status, answer.headers['etag']]).toEqual([202, undefined]);
      expect(answer.headers['dataserviceid']).toBe(`${rest.target.url}${path}/reboot`);
      expect((await rest.get(path)).json.state).toBe('rebooting');
      const again = await rest.post(`${path}/reboot`);
      expect([again.status, again.json.code]).toEqual([409, 'NodeBeingRebooted']);
      const after = await nodeInState(path, 'idle');
      expect(Date.parse(after.lastBootTime)).toBeGreaterThan(Date.parse(before.lastBootTime));
      expect(await boots(path)).toBe(2);
    });

    it('reimage empties the node, and runs the start task again', async () => {
      const { path } = await oneNode({ startTask: START_TASK });
      await rest.post(`${path}/users`, { name: 'somebody', password: 'secret' });
      expect((await rest.post(`${path}/reimage`, {})).status).toBe(202);
      const again = await rest.post(`${path}/reimage`);
      // By then it may have come as far as its start task.
      expect([again.status, again.json.code]).toEqual([409, expect.stringMatching(/^NodeBeing(Reimaged|Started)$/)]);
      await nodeInState(path, 'idle');
      expect(await boots(path)).toBe(1);
      expect((await rest.delete(`${path}/users/somebody`)).json.code).toBe('NodeUserNotFound');
    });

    it('deallocate leaves a node without files in the pool, start brings it up again', async () => {
      const { poolId, path } = await oneNode({ startTask: START_TASK });
      const running = await rest.post(`${path}/start`);
      expect([running.status, running.json.code]).toEqual([409, 'OperationNotValidOnNode']);
      expect((await rest.post(`${path}/deallocate`)).status).toBe(202);
      expect((await rest.get(path)).json.state).toBe('deallocating');
      await nodeInState(path, 'deallocated');
      const counts = await rest.get('/nodecounts', { query: { $filter: `poolId eq '${poolId}'` } });
      expect(counts.json.value[0].dedicated).toMatchObject({ deallocated: 1, deallocating: 0, total: 1 });
      expect((await rest.get(`/pools/${poolId}`)).json.currentDedicatedNodes).toBe(1);
      const again = await rest.post(`${path}/reboot`);
      expect([again.status, again.json.code]).toEqual([409, 'OperationNotValidOnNode']);
      expect((await rest.post(`${path}/start`)).status).toBe(202);
      await nodeInState(path, 'idle');
      expect(await boots(path)).toBe(1);
    });

    it('counters of node states follow the api-version', async () => {
      const { poolId } = await oneNode();
      const counted = async (apiVersion: string): Promise<string[]> => {
        const query = { $filter: `poolId eq '${poolId}'` };
        return Object.keys((await rest.get('/nodecounts', { query, apiVersion })).json.value[0].dedicated);
      };
      expect(await counted('2022-10-01.16.0')).not.toContain('upgradingOS');
      expect(await counted('2024-02-01.19.0')).toContain('upgradingOS');
      expect(await counted('2024-02-01.19.0')).not.toContain('deallocated');
      expect(await counted('2025-06-01')).toEqual(
        expect.arrayContaining(['upgradingOS', 'deallocated', 'deallocating']),
      );
    });

    describe.each(['reboot', 'reimage', 'deallocate'])('%s of a node with a running task', (operation) => {
      const option = `node${operation.charAt(0).toUpperCase()}${operation.slice(1)}Option`;
      const passing = { reboot: 'rebooting', reimage: 'reimaging', deallocate: 'deallocating' }[operation] ?? '';
      const after = operation === 'deallocate' ? ['deallocated'] : ['idle', 'running'];

      const busyNode = async (commandLine: string): Promise<{ path: string; jobId: string }> => {
        const { poolId, path } = await oneNode();
        const jobId = await createJob(rest, poolId);
        await addTasks(rest, jobId, [{ id: 't', commandLine }]);
        await taskInState(rest, jobId, 't', 'running');
        return { path, jobId };
      };

      it('requeue runs the task again and counts it', async () => {
        const { path, jobId } = await busyNode('sleep 300');
        expect((await rest.post(`${path}/${operation}`)).status).toBe(202);
        const task = (await rest.get(`/jobs/${jobId}/tasks/t`)).json;
        expect([task.state, task.executionInfo.requeueCount]).toEqual(['active', 1]);
        await nodeInState(path, ...after);
        await rest.delete(`/jobs/${jobId}`);
      });

      it('terminate completes the task', async () => {
        const { path, jobId } = await busyNode('sleep 300');
        await rest.post(`${path}/${operation}`, { [option]: 'terminate' });
        const task = (await rest.get(`/jobs/${jobId}/tasks/t`)).json;
        expect([task.state, task.executionInfo.failureInfo.code]).toEqual(['completed', 'TaskEnded']);
        await nodeInState(path, ...after);
      });

      it('taskcompletion waits for the task and starts no other', async () => {
        const { path, jobId } = await busyNode('sleep 300');
        await addTasks(rest, jobId, [{ id: 'next', commandLine: 'true' }]);
        await rest.post(`${path}/${operation}`, { [option]: 'taskcompletion' });
        expect((await rest.get(path)).json).toMatchObject({ state: passing, runningTasksCount: 1 });
        await rest.post(`/jobs/${jobId}/tasks/t/terminate`);
        await nodeInState(path, ...after);
        await rest.delete(`/jobs/${jobId}`);
      });

      it('retaineddata waits for the retention time of completed tasks as well', async () => {
        const { poolId, path } = await oneNode();
        const jobId = await createJob(rest, poolId);
        await runTask(rest, jobId, { commandLine: 'true', constraints: { retentionTime: 'PT0.4S' } });
        const [task] = (await rest.get(`/jobs/${jobId}/tasks`)).json.value;
        await rest.post(`${path}/${operation}`, { [option]: 'retaineddata' });
        const node = await nodeInState(path, ...after);
        const since = Date.parse(operation === 'deallocate' ? node.stateTransitionTime : node.lastBootTime);
        expect(since - Date.parse(task.executionInfo.endTime)).toBeGreaterThanOrEqual(400);
      });
    });

    it('disablescheduling requeues by default, and the node rests offline until it is enabled', async () => {
      const { poolId, path } = await oneNode();
      const jobId = await createJob(rest, poolId);
      await addTasks(rest, jobId, [{ id: 't', commandLine: 'sleep 300' }]);
      await taskInState(rest, jobId, 't', 'running');
      const answer = await rest.post(`${path}/disablescheduling`);
      expect([answer.status, answer.headers['dataserviceid']]).toEqual([
        200,
        `${rest.target.url}${path}/disablescheduling`,
      ]);
      const again = await rest.post(`${path}/disablescheduling`);
      expect([again.status, again.json.code]).toEqual([409, 'NodeAlreadyInTargetSchedulingState']);
      const node = await nodeInState(path, 'offline');
      expect(node.schedulingState).toBe('disabled');
      const task = (await rest.get(`/jobs/${jobId}/tasks/t`)).json;
      expect([task.state, task.executionInfo.requeueCount]).toEqual(['active', 1]);
      expect((await rest.post(`${path}/enablescheduling`)).status).toBe(200);
      const twice = await rest.post(`${path}/enablescheduling`);
      expect([twice.status, twice.json.code]).toEqual([409, 'NodeAlreadyInTargetSchedulingState']);
      await taskInState(rest, jobId, 't', 'running');
      await rest.delete(`/jobs/${jobId}`);
    });

    it('disablescheduling with taskcompletion lets the task end, with terminate it does not', async () => {
      const { poolId, path } = await oneNode();
      const jobId = await createJob(rest, poolId);
      await addTasks(rest, jobId, [{ id: 'ends', commandLine: 'sleep 0.2' }]);
      await taskInState(rest, jobId, 'ends', 'running');
      await rest.post(`${path}/disablescheduling`, { nodeDisableSchedulingOption: 'taskcompletion' });
      await addTasks(rest, jobId, [{ id: 'killed', commandLine: 'sleep 300' }]);
      expect((await taskInState(rest, jobId, 'ends', 'completed')).executionInfo.result).toBe('success');
      await nodeInState(path, 'offline');
      await rest.post(`${path}/enablescheduling`);
      await taskInState(rest, jobId, 'killed', 'running');
      await rest.post(`${path}/disablescheduling`, { nodeDisableSchedulingOption: 'terminate' });
      const { executionInfo } = await taskInState(rest, jobId, 'killed', 'completed');
      expect(executionInfo.failureInfo.code).toBe('TaskEnded');
    });

    it('a node that has not booted yet takes no operation', async () => {
      const poolId = await createPool(rest, { startTask: { commandLine: 'sleep 300', waitForSuccess: true } });
      const path = await until(async () => {
        const [node] = (await rest.get(`/pools/${poolId}/nodes`)).json.value;
        return node?.state === 'waitingforstarttask' && `/pools/${poolId}/nodes/${node.id}`;
      }, 'the start task to run');
      const codes: string[] = [];
      for (const action of ['reboot', 'reimage', 'deallocate', 'start'])
        codes.push((await rest.post(`${path}/${action}`)).json.code);
      codes.push((await rest.post(`${path}/users`, { name: 'x', password: 'y' })).json.code);
      expect(codes).toEqual(Array(5).fill('NodeBeingStarted'));
      await rest.delete(`/pools/${poolId}`);
    });

    it('a node whose start task failed is not rebooted or reimaged, and is unusable otherwise', async () => {
      const poolId = await createPool(rest, { startTask: { commandLine: 'false' } });
      const path = await until(async () => {
        const [node] = (await rest.get(`/pools/${poolId}/nodes`)).json.value;
        return node?.state === 'starttaskfailed' && `/pools/${poolId}/nodes/${node.id}`;
      }, 'the start task to fail');
      for (const action of ['reboot', 'reimage']) {
        const answer = await rest.post(`${path}/${action}`);
        expect([answer.status, answer.json.code]).toEqual([409, 'OperationNotValidOnNode']);
      }
      const user = await rest.post(`${path}/users`, { name: 'x', password: 'y' });
      expect([user.status, user.json.code]).toEqual([409, 'NodeStateUnusable']);
    });

    it('a changed start task applies after a reboot', async () => {
      const { poolId, path } = await oneNode({ startTask: START_TASK });
      await rest.patch(`/pools/${poolId}`, { startTask: { commandLine: `/bin/sh -c 'echo changed'` } });
      expect((await rest.get(path)).json.startTask.commandLine).toBe(START_TASK.commandLine);
      await rest.post(`${path}/reboot`);
      await nodeInState(path, 'idle');
      expect((await rest.get(`${path}/files/startup%2Fstdout.txt`)).text).toBe('changed\n');
    });
  });
}
