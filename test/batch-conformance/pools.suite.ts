import { addTasks, createJob, createPool, poolReady, runTask, taskInState } from './fixtures';
import { Rest, type Body } from './rest';
import { until, uniqueId, type Target } from './target';

export function describePools(target: () => Target): void {
  describe('pools and nodes', () => {
    let rest: Rest;
    beforeAll(() => (rest = new Rest(target())));

    it('fills in the defaults the service shows', async () => {
      const id = uniqueId('pool');
      const answer = await rest.post('/pools', { id, vmSize: 'Standard_D1_v2', startTask: { commandLine: 'true' } });
      expect(answer.status).toBe(201);
      expect(answer.headers['location']).toBe(`${rest.target.url}/pools/${id}`);
      expect(answer.headers['dataserviceid']).toBe(answer.headers['location']);
      expect(answer.headers['content-type']).toBeUndefined();
      const { json } = await rest.get(`/pools/${id}`);
      expect(json).toMatchObject({
        'odata.metadata': `${rest.target.url}/$metadata#pools/@Element`,
        id,
        state: 'active',
        vmSize: 'standard_d1_v2',
        resizeTimeout: 'PT15M',
        currentDedicatedNodes: 0,
        targetDedicatedNodes: 0,
        currentLowPriorityNodes: 0,
        targetLowPriorityNodes: 0,
        enableAutoScale: false,
        enableInterNodeCommunication: false,
        taskSlotsPerNode: 1,
        taskSchedulingPolicy: { nodeFillType: 'Spread' },
        startTask: {
          userIdentity: { autoUser: { scope: 'pool', elevationLevel: 'nonadmin' } },
          maxTaskRetryCount: 0,
          waitForSuccess: true,
        },
      });
      for (const absent of ['metadata', 'resizeErrors', 'displayName', 'networkConfiguration', 'upgradePolicy']) {
        expect(json).not.toHaveProperty(absent);
      }
    });

    it('refuses descriptions that the service refuses', async () => {
      const autoUser = { scope: 'pool' };
      const commandLine = 'true';
      const account = (name: string): Body => ({ name, password: 'p' });
      const natPool = (backendPort: number): Body => ({
        name: 'n',
        protocol: 'tcp',
        backendPort,
        frontendPortRangeStart: 15_000,
        frontendPortRangeEnd: 15_100,
      });
      const network = (port: number): Body => ({ endpointConfiguration: { inboundNATPools: [natPool(port)] } });
      const cases: [Body, string][] = [
        [{ displayName: 'x'.repeat(1025) }, 'InvalidPropertyValue'],
        [{ metadata: [{ name: '', value: 'a' }] }, 'EmptyMetadataKey'],
        [{ userAccounts: [account('x'.repeat(21))] }, 'InvalidPropertyValue'],
        [{ userAccounts: [account('same'), account('SAME')] }, 'InvalidPropertyValue'],
        [{ startTask: { commandLine: ' ' } }, 'InvalidPropertyValue'],
        [{ startTask: { commandLine, userIdentity: { username: 'u', autoUser } } }, 'InvalidPropertyValue'],
        [{ networkConfiguration: network(0) }, 'InvalidPropertyValue'],
        [{ networkConfiguration: network(65_536) }, 'InvalidPropertyValue'],
      ];
      const there = await createPool(rest, { targetDedicatedNodes: 0 });
      for (const [fields, code] of cases) {
        const added = await rest.post('/pools', { id: uniqueId('pool'), vmSize: 'Standard_D1_v2', ...fields });
        expect([fields, added.status, added.json.code]).toEqual([fields, 400, code]);
        const changed = await rest.patch(`/pools/${there}`, fields);
        expect([fields, changed.status, changed.json.code]).toEqual([fields, 400, code]);
      }
      const metadata = [{ name: '', value: 'a' }];
      const job = { id: uniqueId('job'), poolInfo: { poolId: there } };
      expect((await rest.post('/jobs', { ...job, metadata })).json.code).toBe('EmptyMetadataKey');
      const schedule = { id: job.id, schedule: {}, jobSpecification: { poolInfo: job.poolInfo }, metadata };
      expect((await rest.post('/jobschedules', schedule)).json.code).toBe('EmptyMetadataKey');
    });

    it('a new pool is resizing first, then steady with its nodes', async () => {
      const poolId = await createPool(rest, { targetDedicatedNodes: 2, targetLowPriorityNodes: 1 });
      expect((await rest.get(`/pools/${poolId}`)).json.allocationState).toBe('resizing');
      const nodes = await poolReady(rest, poolId, 3);
      expect(nodes.filter((node) => node.isDedicated)).toHaveLength(2);
      expect(nodes[0]).toMatchObject({
        affinityId: `TVM:${nodes[0].id}`,
        schedulingState: 'enabled',
        totalTasksRun: 0,
      });
      const node = await rest.get(`/pools/${poolId}/nodes/${nodes[0].id}`);
      expect(node.json.id).toBe(nodes[0].id);
      const counts = await rest.get('/nodecounts', { query: { $filter: `poolId eq '${poolId}'` } });
      expect(counts.json.value).toHaveLength(1);
      expect(counts.json.value[0]).toMatchObject({
        dedicated: { idle: 2, total: 2, waitingForStartTask: 0, startTaskFailed: 0, leavingPool: 0 },
        lowPriority: { idle: 1, total: 1 },
      });
    });

    it('HEAD says whether a pool exists', async () => {
      const poolId = await createPool(rest, { targetDedicatedNodes: 0 });
      const head = await rest.head(`/pools/${poolId}`);
      expect([head.status, head.text, head.headers['etag']]).toEqual([200, '', expect.stringMatching(/^0x8D/)]);
      expect((await rest.head('/pools/nosuchpool')).status).toBe(404);
    });

    it('PATCH changes what is given and the ETag; resizing keeps the ETag', async () => {
      const poolId = await createPool(rest, { targetDedicatedNodes: 0, metadata: [{ name: 'a', value: '1' }] });
      const before = (await rest.get(`/pools/${poolId}`)).json;
      await poolReady(rest, poolId, 0);
      expect((await rest.get(`/pools/${poolId}`)).json.eTag).toBe(before.eTag);
      expect((await rest.patch(`/pools/${poolId}`, { metadata: [{ name: 'b', value: '2' }] })).status).toBe(200);
      const after = (await rest.get(`/pools/${poolId}`)).json;
      expect(after.metadata).toEqual([{ name: 'b', value: '2' }]);
      expect(after.eTag).not.toBe(before.eTag);
    });

    it('resizes only while steady, and not with a timeout below five minutes', async () => {
      const poolId = await createPool(rest, { targetDedicatedNodes: 1 });
      await poolReady(rest, poolId, 1);
      const short = await rest.post(`/pools/${poolId}/resize`, { targetDedicatedNodes: 2, resizeTimeout: 'PT1M' });
      expect([short.status, short.json.code]).toEqual([400, 'InvalidPropertyValue']);
      const answer = await rest.post(`/pools/${poolId}/resize`, { targetDedicatedNodes: 3 });
      expect([answer.status, answer.headers['dataserviceid']]).toEqual([
        202,
        `${rest.target.url}/pools/${poolId}/resize`,
      ]);
      const again = await rest.post(`/pools/${poolId}/resize`, { targetDedicatedNodes: 4 });
      expect([again.status, again.json.code]).toEqual([409, 'PoolBeingResized']);
      await poolReady(rest, poolId, 3);
      await rest.post(`/pools/${poolId}/resize`, { targetDedicatedNodes: 1 });
      await poolReady(rest, poolId, 1);
    });

    it('stopresize ends a resize with an error that says so', async () => {
      const poolId = await createPool(rest, { targetDedicatedNodes: 2 });
      expect((await rest.post(`/pools/${poolId}/stopresize`)).status).toBe(202);
      const pool = await until(async () => {
        const { json } = await rest.get(`/pools/${poolId}`);
        return json.allocationState === 'steady' && json;
      }, 'the resize to stop');
      expect(pool.resizeErrors[0].code).toBe('ResizeStopped');
      expect(pool.targetDedicatedNodes).toBe(pool.currentDedicatedNodes);
    });

    it('removes chosen nodes', async () => {
      const poolId = await createPool(rest, { targetDedicatedNodes: 2 });
      const [gone, stays] = await poolReady(rest, poolId, 2);
      expect((await rest.post(`/pools/${poolId}/removenodes`, { nodeList: [gone.id] })).status).toBe(202);
      const left = await poolReady(rest, poolId, 1);
      expect(left.map((node) => node.id)).toEqual([stays.id]);
      expect((await rest.get(`/pools/${poolId}`)).json.targetDedicatedNodes).toBe(1);
    });

    it('a resize with requeue runs the tasks of a leaving node again, and counts it', async () => {
      const poolId = await createPool(rest, { targetDedicatedNodes: 1 });
      const jobId = await createJob(rest, poolId);
      await addTasks(rest, jobId, [{ id: 'long', commandLine: 'sleep 300' }]);
      await taskInState(rest, jobId, 'long', 'running');
      await poolReady(rest, poolId, 1);
      await rest.post(`/pools/${poolId}/resize`, { targetDedicatedNodes: 0, nodeDeallocationOption: 'requeue' });
      const task = await taskInState(rest, jobId, 'long', 'active');
      expect(task.executionInfo).toMatchObject({ requeueCount: 1, retryCount: 0 });
      await poolReady(rest, poolId, 0);
      await rest.delete(`/jobs/${jobId}`);
    });

    it('taskcompletion waits for the tasks of a leaving node', async () => {
      const poolId = await createPool(rest, { targetDedicatedNodes: 1 });
      const jobId = await createJob(rest, poolId);
      const [node] = await poolReady(rest, poolId, 1);
      await addTasks(rest, jobId, [{ id: 'waits', commandLine: 'sleep 300' }]);
      await taskInState(rest, jobId, 'waits', 'running');
      await rest.post(`/pools/${poolId}/resize`, { targetDedicatedNodes: 0, nodeDeallocationOption: 'taskcompletion' });
      expect((await rest.get(`/pools/${poolId}`)).json.allocationState).toBe('resizing');
      expect((await rest.get(`/pools/${poolId}/nodes/${node.id}`)).status).toBe(200);
      await rest.post(`/jobs/${jobId}/tasks/waits/terminate`);
      await poolReady(rest, poolId, 0);
    });

    it('delete passes through deleting, refuses changes meanwhile, and leaves the jobs', async () => {
      const poolId = await createPool(rest, { targetDedicatedNodes: 1 });
      const jobId = await createJob(rest, poolId);
      await poolReady(rest, poolId, 1);
      expect((await rest.delete(`/pools/${poolId}`)).status).toBe(202);
      expect((await rest.get(`/pools/${poolId}`)).json.state).toBe('deleting');
      const change = await rest.patch(`/pools/${poolId}`, { metadata: [] });
      expect([change.status, change.json.code]).toEqual([409, 'PoolBeingDeleted']);
      await until(async () => (await rest.get(`/pools/${poolId}`)).status === 404, 'the pool to be gone');
      expect((await rest.get(`/jobs/${jobId}`)).json.state).toBe('active');
    });

    it('tasks of a job wait for its pool to come', async () => {
      const poolId = uniqueId('later');
      const jobId = await createJob(rest, poolId);
      await addTasks(rest, jobId, [{ id: 't', commandLine: 'true' }]);
      expect((await rest.get(`/jobs/${jobId}/tasks/t`)).json.state).toBe('active');
      await createPool(rest, { id: poolId });
      expect((await taskInState(rest, jobId, 't', 'completed')).executionInfo.result).toBe('success');
    });

    it('runs the start task with its environment before any task', async () => {
      const poolId = await createPool(rest, {
        startTask: {
          commandLine: `/bin/sh -c 'echo $GREETING > $AZ_BATCH_NODE_SHARED_DIR/greeting'`,
          environmentSettings: [{ name: 'GREETING', value: 'good morning' }],
        },
      });
      const jobId = await createJob(rest, poolId);
      await runTask(rest, jobId, { id: 't', commandLine: `/bin/sh -c 'cat $AZ_BATCH_NODE_SHARED_DIR/greeting'` });
      expect((await rest.get(`/jobs/${jobId}/tasks/t/files/stdout.txt`)).text).toBe('good morning\n');
      const [node] = await poolReady(rest, poolId, 1);
      expect(node.startTaskInfo).toMatchObject({ state: 'completed', exitCode: 0, result: 'success', retryCount: 0 });
    });

    it('a start task that fails after its retries leaves the node without tasks, its output readable', async () => {
      const poolId = await createPool(rest, {
        startTask: { commandLine: `/bin/sh -c 'echo broken >&2; exit 3'`, maxTaskRetryCount: 1, waitForSuccess: true },
      });
      const node = await until(async () => {
        const [first] = (await rest.get(`/pools/${poolId}/nodes`)).json.value;
        return first?.state === 'starttaskfailed' && first;
      }, 'the start task to fail');
      expect(node.startTaskInfo).toMatchObject({ exitCode: 3, result: 'failure', retryCount: 1 });
      const stderr = await rest.get(`/pools/${poolId}/nodes/${node.id}/files/startup%2Fstderr.txt`);
      expect(stderr.text).toBe('broken\n');
    });

    it('lists supported images', async () => {
      const { json } = await rest.get('/supportedimages', { query: { maxresults: '1' } });
      expect(json.value[0]).toMatchObject({ nodeAgentSKUId: expect.any(String), osType: expect.any(String) });
    });
  });
}
