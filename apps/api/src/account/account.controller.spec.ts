import { startApi } from '../testing/start-api';
import { coresOf } from './account.service';

const W = '/v1/workspaces/aero';

describe('the account and the usage of workspaces', () => {
  let sut: Awaited<ReturnType<typeof startApi>>;
  beforeEach(async () => {
    sut = await startApi({ defaultQuotas: { nodes: 9, queuedJobs: 5 } });
    sut.batch.pooled.push(
      { workspace: 'aero', vmSize: 'Standard_D4s_v5', dedicated: 2, spot: 1 },
      { workspace: 'other', vmSize: 'Standard_D2s_v5', dedicated: 3, spot: 0 },
      { vmSize: 'Standard_D2s_v5', dedicated: 1, spot: 0 },
    );
  });
  afterEach(() => sut.close());

  it('tells what is used of the account, and says what to set where its quotas cannot be had', async () => {
    const answer = await sut.http.get('/v1/account').expect(501);
    expect(answer.body).toMatchObject({ code: 'NotConfigured', detail: expect.stringContaining('WINDROW_BATCH_ARM') });
    const properties = { dedicatedCoreQuota: 100, lowPriorityCoreQuota: 10, poolQuota: 20 };
    sut.batch.managed = { name: 'b', location: 'westeurope', properties };
    const { body } = await sut.http.get('/v1/account').expect(200);
    expect(body.location).toBe('westeurope');
    expect(body.usage.map((one: { currentValue: number; limit?: number }) => [one.currentValue, one.limit])).toEqual([
      ...[
        [16, 100],
        [4, 10],
        [3, 20],
        [7, undefined],
      ],
    ]);
  });

  it('tells of a workspace what is its own, against its quotas and the defaults of the deployment', async () => {
    sut.workflows.counts = { running: 2, queued: 1 };
    await sut.http
      .patch(W)
      .send({ quotas: { nodes: 4 } })
      .expect(200);
    const { body } = await sut.http.get(`${W}/usage`).expect(200);
    expect(
      body.value.map((one: { name: { value: string }; currentValue: number; limit?: number; unit: string }) => [
        ...[one.name.value, one.currentValue, one.limit, one.unit],
      ]),
    ).toEqual([
      ['nodes', 3, 4, 'Count'],
      ['concurrentJobs', 2, undefined, 'Count'],
      ['queuedJobs', 1, 5, 'Count'],
      ['storageLinks', 0, undefined, 'Count'],
    ]);
    await sut.http.get('/v1/workspaces/nowhere/usage').expect(404);
  });

  it.each([
    ['Standard_D4s_v5', 4],
    ['standard_e16ads_v5', 16],
    ['odd', 1],
  ])('counts the cores of %s by its name', (size, cores) => {
    expect(coresOf(size)).toBe(cores);
  });
});
