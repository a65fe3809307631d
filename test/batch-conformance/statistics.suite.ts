import { createJob, createPool, poolReady, runTask } from './fixtures';
import { Rest } from './rest';
import { uniqueId, type Target } from './target';

const EXPAND = { $expand: 'stats' };

export function describeStatistics(target: () => Target): void {
  describe('statistics and VM sizes', () => {
    let rest: Rest;
    let poolId: string;
    let jobId: string;
    beforeAll(async () => {
      rest = new Rest(target());
      poolId = await createPool(rest, { targetDedicatedNodes: 1 });
      await poolReady(rest, poolId, 1);
      jobId = await createJob(rest, poolId);
      await runTask(rest, jobId, { id: 'good', commandLine: 'sleep 0.1' });
      await runTask(rest, jobId, { id: 'bad', commandLine: 'false', constraints: { maxTaskRetryCount: 2 } });
    });

    it.each(['pools', 'jobs', 'tasks'])('of %s come only when they are asked for', async (kind) => {
      const list = kind === 'tasks' ? `/jobs/${jobId}/tasks` : `/${kind}`;
      const id = { pools: poolId, jobs: jobId, tasks: 'good' }[kind] ?? '';
      const plain = (await rest.get(`${list}/${id}`)).json;
      expect(plain).not.toHaveProperty('stats');
      const { stats } = (await rest.get(`${list}/${id}`, { query: EXPAND })).json;
      expect(stats).toMatchObject({
        url: plain.url,
        startTime: expect.any(String),
        lastUpdateTime: expect.any(String),
      });
      const listed = (await rest.get(list, { query: { ...EXPAND, $filter: `id eq '${id}'` } })).json.value;
      expect(listed[0].stats).toHaveProperty('lastUpdateTime');
    });

    it('of a job add up its tasks', async () => {
      const { stats } = (await rest.get(`/jobs/${jobId}`, { query: EXPAND })).json;
      expect(stats).toMatchObject({ numSucceededTasks: 1, numFailedTasks: 1, numTaskRetries: 2 });
      expect(stats.wallClockTime).toMatch(/^PT0\.[1-9]/);
      expect(stats.waitTime).toMatch(/^PT/);
    });

    it('of a job schedule add up its jobs', async () => {
      const id = uniqueId('schedule');
      const jobSpecification = { poolInfo: { poolId } };
      await rest.post('/jobschedules', { id, schedule: { recurrenceInterval: 'PT1H' }, jobSpecification });
      await runTask(rest, `${id}:job-1`, { commandLine: 'true' });
      const { stats } = (await rest.get(`/jobschedules/${id}`, { query: EXPAND })).json;
      expect(stats).toMatchObject({ numSucceededTasks: 1, numFailedTasks: 0, numTaskRetries: 0 });
      const jobs = (await rest.get(`/jobschedules/${id}/jobs`, { query: EXPAND })).json.value;
      expect(jobs[0].stats.numSucceededTasks).toBe(1);
      await rest.delete(`/jobschedules/${id}`);
    });

    it('of a pool tell the core time of its nodes', async () => {
      const { stats } = (await rest.get(`/pools/${poolId}`, { query: EXPAND })).json;
      expect(stats.usageStats.dedicatedCoreTime).toMatch(/^PT/);
      expect(stats.usageStats.dedicatedCoreTime).not.toBe('PT0S');
      expect(stats.resourceStats).toHaveProperty('avgCPUPercentage');
    });

    it('are left out when they are not selected', async () => {
      const { json } = await rest.get(`/pools/${poolId}`, { query: { ...EXPAND, $select: 'id,state' } });
      expect(Object.keys(json)).toEqual(['odata.metadata', 'id', 'state']);
    });

    it('nothing but stats can be expanded', async () => {
      for (const path of [`/pools/${poolId}`, '/jobs', `/jobs/${jobId}/tasks`]) {
        const answer = await rest.get(path, { query: { $expand: 'everything' } });
        expect([answer.status, answer.json.code]).toEqual([400, 'InvalidQueryParameterValue']);
      }
    });

    it('usage metrics are a list, and end after they start', async () => {
      const { status, json } = await rest.get('/poolusagemetrics');
      expect([status, json['odata.metadata']]).toEqual([200, `${rest.target.url}/$metadata#poolusagemetrics`]);
      expect(json.value).toEqual(expect.any(Array));
      const query = { startTime: '2024-01-02T00:00:00Z', endtime: '2024-01-01T00:00:00Z' };
      const refused = await rest.get('/poolusagemetrics', { query });
      expect([refused.status, refused.json.code]).toEqual([400, 'InvalidQueryParameterValue']);
    });

    it.each(['small', 's', 'Standard D2'])('%j is no VM size', async (vmSize) => {
      const answer = await rest.post('/pools', { id: uniqueId('pool'), vmSize });
      expect([answer.status, answer.json.code]).toEqual([400, 'InvalidPropertyValue']);
    });

    it.each([
      ['Standard_D2_v3', 8, 201],
      ['Standard_D2_v3', 9, 400],
      ['Standard_HB120rs_v3', 256, 201],
      ['Standard_HB120rs_v3', 257, 400],
    ])('%s with %i task slots per node answers %i', async (vmSize, taskSlotsPerNode, status) => {
      expect((await rest.post('/pools', { id: uniqueId('pool'), vmSize, taskSlotsPerNode })).status).toBe(status);
    });
  });
}
