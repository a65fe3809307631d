import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { createJob, createPool, jobInState } from './fixtures';
import { Rest } from './rest';
import { until } from './target';

describe('quotas of the account', () => {
  let emulator: Emulator;
  let rest: Rest;
  beforeAll(async () => {
    emulator = await startEmulator({ quotas: { pools: 2, activeJobsAndSchedules: 2 } });
    rest = new Rest(emulator);
  });
  afterAll(() => emulator.close());

  it('no more pools than the quota; one that is gone makes room', async () => {
    const first = await createPool(rest, { targetDedicatedNodes: 0 });
    await createPool(rest, { targetDedicatedNodes: 0 });
    const refused = await rest.post('/pools', { id: 'third', vmSize: 'standard_d2_v3' });
    expect([refused.status, refused.json.code]).toEqual([409, 'PoolQuotaReached']);
    await rest.delete(`/pools/${first}`);
    await until(async () => (await rest.get(`/pools/${first}`)).status === 404, 'the pool to be gone');
    await createPool(rest, { targetDedicatedNodes: 0 });
  });

  it('no more active jobs than the quota; completed ones do not count', async () => {
    const first = await createJob(rest, 'nopool');
    await createJob(rest, 'nopool');
    const refused = await rest.post('/jobs', { id: 'third', poolInfo: { poolId: 'nopool' } });
    expect([refused.status, refused.json.code]).toEqual([409, 'ActiveJobAndScheduleQuotaReached']);
    await rest.post(`/jobs/${first}/terminate`);
    await jobInState(rest, first, 'completed');
    await createJob(rest, 'nopool');
  });

  it('job schedules count with the jobs, and an automatic pool over the quota is a scheduling error', async () => {
    for (const job of (await rest.get('/jobs')).json.value) await rest.delete(`/jobs/${job.id}`);
    await until(async () => (await rest.get('/jobs')).json.value.length === 0, 'the jobs to be gone');
    const pool = { vmSize: 'Standard_D2_v3' };
    const poolInfo = { autoPoolSpecification: { poolLifetimeOption: 'job', pool } };
    await rest.post('/jobs', { id: 'auto', poolInfo });
    const { executionInfo } = await jobInState(rest, 'auto', 'completed');
    expect(executionInfo.schedulingError.code).toBe('AutoPoolCreationFailedWithQuotaReached');
    const jobSpecification = { poolInfo: { poolId: 'nopool' } };
    await rest.post('/jobschedules', { id: 's', schedule: {}, jobSpecification });
    const refused = await rest.post('/jobschedules', { id: 't', schedule: {}, jobSpecification });
    expect([refused.status, refused.json.code]).toEqual([409, 'ActiveJobAndScheduleQuotaReached']);
  });
});
