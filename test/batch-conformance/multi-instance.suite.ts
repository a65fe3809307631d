import { addTasks, createJob, createPool, poolReady, runTask, taskInState } from './fixtures';
import { Rest, type Body } from './rest';
import { until, type Target } from './target';

export function describeMultiInstance(target: () => Target): void {
  describe('multi-instance tasks', () => {
    let rest: Rest;
    let poolId: string;
    let jobId: string;
    beforeAll(async () => {
      rest = new Rest(target());
      poolId = await createPool(rest, { targetDedicatedNodes: 3, enableInterNodeCommunication: true });
      await poolReady(rest, poolId, 3);
      jobId = await createJob(rest, poolId);
    });

    const gang = (numberOfInstances: number, coordinationCommandLine = 'true', fields: Body = {}): Body => ({
      multiInstanceSettings: { numberOfInstances, coordinationCommandLine },
      ...fields,
    });
    const subtasks = async (id: string): Promise<Body[]> =>
      (await rest.get(`/jobs/${jobId}/tasks/${id}/subtasksinfo`)).json.value;
    const file = async ({ nodeUrl, taskRootDirectory }: Body, name: string): Promise<string> => {
      const path = new URL(`${nodeUrl}/files/${encodeURIComponent(`${taskRootDirectory}/${name}`)}`).pathname;
      return (await rest.get(path)).text;
    };
    const free = (pool: string, count: number): Promise<unknown> =>
      until(async () => {
        const nodes: Body[] = (await rest.get(`/pools/${pool}/nodes`)).json.value;
        return nodes.filter((node) => node.state === 'idle' && node.runningTasksCount === 0).length === count;
      }, `${count} free nodes`);

    it('run their coordination command on every node, then the command on the first', async () => {
      const coordination = `/bin/sh -c 'echo ready > $AZ_BATCH_TASK_SHARED_DIR/mark; echo $AZ_BATCH_IS_CURRENT_NODE_MASTER'`;
      const fields = { id: 'three', commandLine: `/bin/sh -c 'cat $AZ_BATCH_TASK_SHARED_DIR/mark; pwd'` };
      const task = await runTask(rest, jobId, gang(3, coordination, fields));
      expect(task.executionInfo).toMatchObject({ exitCode: 0, result: 'success' });
      expect(task.multiInstanceSettings.numberOfInstances).toBe(3);
      expect(await file(task.nodeInfo, 'stdout.txt')).toMatch(/^ready\n.*\/three\/wd\n$/);
      const list = await subtasks('three');
      expect(list.map((subtask) => [subtask.id, subtask.state, subtask.exitCode, subtask.result])).toEqual([
        [1, 'completed', 0, 'success'],
        [2, 'completed', 0, 'success'],
      ]);
      const nodes = new Set([task, ...list].map((one) => one.nodeInfo.nodeId));
      expect(nodes.size).toBe(3);
      for (const subtask of list) expect(await file(subtask.nodeInfo, 'stdout.txt')).toBe('false\n');
    });

    it('know of each other', async () => {
      const commandLine = `/bin/sh -c 'echo $AZ_BATCH_HOST_LIST $AZ_BATCH_NODE_LIST $AZ_BATCH_MASTER_NODE $AZ_BATCH_IS_CURRENT_NODE_MASTER; echo $CCP_NODES'`;
      const task = await runTask(rest, jobId, gang(2, 'true', { commandLine }));
      const [first = '', second = ''] = (await file(task.nodeInfo, 'stdout.txt')).split('\n');
      const [hosts = '', list = '', master = '', isMaster] = first.split(' ');
      const [a = '', b = ''] = hosts.split(',');
      expect([new Set([a, b]).size, list, isMaster]).toEqual([2, `${a};${b}`, 'true']);
      expect(master).toMatch(new RegExp(`^${a}:\\d+$`));
      expect(second).toMatch(new RegExp(`^2 ${a} \\d+ ${b} \\d+$`));
    });

    it('end what their coordination left running, when they end', async () => {
      const coordination = `/bin/sh -c 'sleep 303 & echo $! > $AZ_BATCH_TASK_SHARED_DIR/pid'`;
      // A process that nobody has waited for yet is dead all the same.
      const isAlive = (directory: string): string =>
        `/bin/sh -c 'grep -q "^State:.[^ZX]" /proc/$(cat ${directory}/pid)/status'`;
      const task = await runTask(
        rest,
        jobId,
        gang(2, coordination, { commandLine: isAlive('$AZ_BATCH_TASK_SHARED_DIR') }),
      );
      expect(task.executionInfo.exitCode).toBe(0);
      const check = await runTask(rest, jobId, {
        commandLine: isAlive(`$AZ_BATCH_NODE_ROOT_DIR/${task.nodeInfo.taskRootDirectory}/shared`),
        affinityInfo: { affinityId: task.nodeInfo.affinityId },
      });
      expect(check.executionInfo.exitCode).not.toBe(0);
    });

    it('fail with their coordination, on whichever node, after the retries', async () => {
      const coordination = `/bin/sh -c '[ $AZ_BATCH_IS_CURRENT_NODE_MASTER = true ] || exit 4'`;
      const constraints = { maxTaskRetryCount: 1 };
      const task = await runTask(rest, jobId, gang(2, coordination, { id: 'bad', commandLine: 'true', constraints }));
      expect(task.executionInfo).toMatchObject({
        exitCode: 4,
        retryCount: 1,
        failureInfo: { code: 'FailureExitCode' },
      });
      expect((await subtasks('bad'))[0]).toMatchObject({ exitCode: 4, result: 'failure' });
      await free(poolId, 3);
    });

    it.each([
      ['coordinate', 'sleep 304', 'true'],
      ['run', 'true', 'sleep 304'],
    ])('can be terminated while they %s, and free all nodes', async (_phase, coordination, commandLine) => {
      const id = `end-${coordination.length}`;
      await addTasks(rest, jobId, [gang(3, coordination, { id, commandLine })]);
      await taskInState(rest, jobId, id, 'running');
      await until(async () => (await subtasks(id)).length === 2, 'subtasks');
      expect((await rest.post(`/jobs/${jobId}/tasks/${id}/terminate`)).status).toBe(204);
      await free(poolId, 3);
      expect((await rest.get(`/jobs/${jobId}/tasks/${id}`)).json.executionInfo.failureInfo.code).toBe('TaskEnded');
      expect((await subtasks(id)).map((subtask) => subtask.state)).toEqual(['completed', 'completed']);
    });

    it('run out of time as a whole', async () => {
      const constraints = { maxWallClockTime: 'PT0.3S' };
      const task = await runTask(rest, jobId, gang(3, 'sleep 305', { commandLine: 'true', constraints }));
      expect(task.executionInfo.failureInfo.code).toBe('TaskEnded');
      await free(poolId, 3);
    });

    it('start over when one of their nodes is taken away', async () => {
      const pool = await createPool(rest, { targetDedicatedNodes: 3, enableInterNodeCommunication: true });
      await poolReady(rest, pool, 3);
      const own = await createJob(rest, pool);
      await addTasks(rest, own, [gang(2, 'true', { id: 't', commandLine: 'sleep 306' })]);
      await taskInState(rest, own, 't', 'running');
      const list = await until(async () => {
        const { value } = (await rest.get(`/jobs/${own}/tasks/t/subtasksinfo`)).json;
        return value.length === 1 && value;
      }, 'the subtask');
      await rest.post(`/pools/${pool}/removenodes`, { nodeList: [list[0].nodeInfo.nodeId] });
      const again = await until(async () => {
        const task = (await rest.get(`/jobs/${own}/tasks/t`)).json;
        return task.state === 'running' && task.executionInfo.requeueCount === 1 && task;
      }, 'the task to run again');
      expect(again.executionInfo.retryCount).toBe(0);
      await rest.delete(`/jobs/${own}`);
    });

    it('that need many nodes do not wait for each other, nor starve behind small ones', async () => {
      const busy = await createJob(rest, poolId);
      const small = (at: number): Body => ({ id: `s${at}`, commandLine: `sleep 0.0${1 + (at % 7)}` });
      await addTasks(
        rest,
        busy,
        Array.from({ length: 90 }, (_, at) => small(at)),
      );
      await addTasks(rest, jobId, [
        gang(2, 'true', { id: 'wide1', commandLine: 'true' }),
        gang(3, 'true', { id: 'wide2', commandLine: 'true' }),
      ]);
      await taskInState(rest, jobId, 'wide1', 'completed');
      await taskInState(rest, jobId, 'wide2', 'completed');
      const { taskCounts } = (await rest.get(`/jobs/${busy}/taskcounts`)).json;
      expect(taskCounts.active).toBeGreaterThan(0);
      await rest.delete(`/jobs/${busy}`);
    });

    it('stay active in a pool that does not provide for them', async () => {
      const pools = [{}, { enableInterNodeCommunication: true, taskSlotsPerNode: 2 }];
      for (const fields of pools) {
        const own = await createJob(rest, await createPool(rest, fields));
        await addTasks(rest, own, [gang(1, 'true', { id: 'wide', commandLine: 'true' })]);
        await runTask(rest, own, { commandLine: 'true' });
        expect((await rest.get(`/jobs/${own}/tasks/wide`)).json.state).toBe('active');
      }
    });

    it('take one slot of a node, and have at least one instance', async () => {
      const add = async (fields: Body): Promise<unknown[]> => {
        const answer = await rest.post(`/jobs/${jobId}/tasks`, { id: 'x', commandLine: 'true', ...fields });
        return [answer.status, answer.json.code];
      };
      expect(await add(gang(2, 'true', { requiredSlots: 2 }))).toEqual([400, 'InvalidPropertyValue']);
      expect(await add(gang(0))).toEqual([400, 'InvalidPropertyValue']);
      expect(await add(gang(2, ' '))).toEqual([400, 'InvalidPropertyValue']);
    });
  });

  describe('tasks that need many slots', () => {
    it('get a node of their own when small ones have overtaken them often enough', async () => {
      const rest = new Rest(target());
      const pool = await createPool(rest, { targetDedicatedNodes: 1, taskSlotsPerNode: 4 });
      await poolReady(rest, pool, 1);
      const jobId = await createJob(rest, pool);
      const small = (at: number): Body => ({ id: `s${at}`, commandLine: `sleep 0.0${1 + (at % 7)}` });
      const first = Array.from({ length: 6 }, (_, at) => small(at));
      const later = Array.from({ length: 90 }, (_, at) => small(at + 6));
      await addTasks(rest, jobId, first);
      await addTasks(rest, jobId, [{ id: 'wide', commandLine: 'true', requiredSlots: 4 }, ...later]);
      await taskInState(rest, jobId, 'wide', 'completed');
      expect((await rest.get(`/jobs/${jobId}/taskcounts`)).json.taskCounts.active).toBeGreaterThan(0);
      await rest.delete(`/jobs/${jobId}`);
    });

    it.each([
      ['is ended', (rest: Rest, jobId: string) => rest.post(`/jobs/${jobId}/tasks/wide/terminate`)],
      ['loses its job', (rest: Rest, jobId: string) => rest.delete(`/jobs/${jobId}`)],
    ])('give that node back when the task %s', async (_how, giveUp) => {
      const rest = new Rest(target());
      const pool = await createPool(rest, { targetDedicatedNodes: 1, taskSlotsPerNode: 2 });
      await poolReady(rest, pool, 1);
      const [jobId, other] = [await createJob(rest, pool), await createJob(rest, pool)];
      await addTasks(rest, other, [{ id: 'long', commandLine: 'sleep 300' }]);
      await taskInState(rest, other, 'long', 'running');
      await addTasks(rest, jobId, [{ id: 'wide', commandLine: 'true', requiredSlots: 2 }]);
      await addTasks(
        rest,
        other,
        Array.from({ length: 40 }, (_, at) => ({ id: `s${at}`, commandLine: 'true' })),
      );
      const countsOf = async (): Promise<Body> => (await rest.get(`/jobs/${other}/taskcounts`)).json.taskCounts;
      await until(async () => {
        const { completed, running } = await countsOf();
        return completed >= 16 && running === 1;
      }, 'the node to be kept free');
      expect((await countsOf()).active).toBeGreaterThan(0);
      await giveUp(rest, jobId);
      await until(async () => (await countsOf()).completed === 40, 'the others to go on');
      await rest.delete(`/jobs/${other}`);
    });

    it('equal jobs take turns, unless the pool wants the older one first', async () => {
      const rest = new Rest(target());
      const startedFirst = async (jobDefaultOrder: string): Promise<string[]> => {
        const taskSchedulingPolicy = { nodeFillType: 'spread', jobDefaultOrder };
        const pool = await createPool(rest, { targetDedicatedNodes: 0, taskSchedulingPolicy });
        await poolReady(rest, pool, 0);
        const jobs = [await createJob(rest, pool), await createJob(rest, pool)];
        for (const job of jobs)
          await addTasks(
            rest,
            job,
            ['a', 'b'].map((id) => ({ id, commandLine: 'true' })),
          );
        await rest.post(`/pools/${pool}/resize`, { targetDedicatedNodes: 1 });
        const started: [number, string][] = [];
        for (const [index, job] of jobs.entries()) {
          for (const id of ['a', 'b']) {
            const task = await taskInState(rest, job, id, 'completed');
            started.push([Date.parse(task.executionInfo.startTime), `${index}${id}`]);
          }
        }
        return started.sort(([a], [b]) => a - b).map(([, name]) => name);
      };
      expect(await startedFirst('none')).toEqual(['0a', '1a', '0b', '1b']);
      expect(await startedFirst('creationtime')).toEqual(['0a', '0b', '1a', '1b']);
    });
  });
}
