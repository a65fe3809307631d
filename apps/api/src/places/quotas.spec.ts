import { createHash } from 'node:crypto';
import { KEY, SPEC, startApi } from '../testing/start-api';
import { QueueFullError } from '../workflows/workflow-gateway';

const W = `/v1/workspaces/${KEY.workspace}`;
const JOB = `${W}/experiments/e/jobs/j`;
const ADMIN = 'wdr_admin_0123456789abcdef0123456789abcdef';

describe('quotas of a workspace', () => {
  let sut: Awaited<ReturnType<typeof startApi>>;
  beforeEach(async () => {
    sut = await startApi();
  });
  afterEach(() => sut.close());

  const patch = (quotas: unknown) => sut.http.patch(W).send({ quotas });

  it('are merged, shown, and told to the admission that runs', async () => {
    await patch({ nodes: 5, concurrentJobs: 2 }).expect(200);
    expect(sut.workflows.updates).toEqual([]);
    const running = { status: 'running', startTime: '2026-01-15T09:00:00.000Z', memo: {} } as const;
    sut.workflows.workflows.set('admission:aero', running);
    const { body } = await patch({ nodes: null, queuedJobs: 3 }).expect(200);
    expect(body.quotas).toEqual({ concurrentJobs: 2, queuedJobs: 3 });
    expect(sut.workflows.updates).toEqual([
      {
        id: 'admission:aero',
        name: 'limit',
        arg: { concurrentJobs: 2, queuedJobs: 3, asOf: body.updatedTime },
      },
    ]);
  });

  it.each<[unknown, string]>([
    [{ nodes: -1 }, '$.quotas.nodes'],
    [{ nodes: 1.5 }, '$.quotas.nodes'],
    [{ cores: 1 }, '$.quotas.cores'],
    [[], '$.quotas'],
  ])('are refused: %j', async (quotas, path) => {
    expect((await patch(quotas).expect(400)).body.errors).toMatchObject([{ path }]);
  });

  it('let a job in by a place that is reserved for it, and no further one when the queue is full', async () => {
    await sut.http.put(JOB).send(SPEC).expect(201);
    expect(sut.workflows.admitted).toEqual([]);
    await patch({ concurrentJobs: 2 }).expect(200);
    await sut.http.put(`${JOB}2`).send(SPEC).expect(201);
    expect(sut.workflows.admitted).toMatchObject([
      {
        workspace: 'aero',
        request: { holder: 'job:aero/e/j2', priority: 1, submission: true, quotas: { concurrentJobs: 2 } },
      },
    ]);
    sut.workflows.failures = [new QueueFullError('2 jobs run, and 0 wait')];
    const answer = await sut.http.put(`${JOB}3`).send(SPEC).expect(429);
    expect(answer.body).toMatchObject({ code: 'QueueFull', detail: '2 jobs run, and 0 wait' });
    expect(answer.headers['retry-after']).toBe('30');
    await sut.http.get(`${JOB}3`).expect(404);
    // What is there already needs no further place.
    await sut.http.put(`${JOB}2`).send(SPEC).expect(200);
    expect(sut.workflows.admitted).toHaveLength(1);
  });

  it('of nodes leave no pool to a formula', async () => {
    await patch({ nodes: 5 }).expect(200);
    const pool = { ...SPEC.pool, autoscaleFormula: '$TargetDedicatedNodes = 1;' };
    const { body } = await sut.http
      .put(JOB)
      .send({ ...SPEC, pool })
      .expect(422);
    expect(body.errors).toMatchObject([{ path: '$.pool.autoscaleFormula', code: 'WorkspaceQuota' }]);
  });

  it('are set by administrators, not by owners of the workspace', async () => {
    await sut.close();
    sut = await startApi({ access: { issuers: [], adminKeySha256: createHash('sha256').update(ADMIN).digest('hex') } });
    const as = (key: string) => ({ authorization: `Bearer ${key}` });
    const key = { displayName: 'owner', roles: { aero: 'owner' } };
    const made = await sut.http.post('/v1/apiKeys').set(as(ADMIN)).send(key).expect(201);
    await sut.http
      .patch(W)
      .set(as(made.body.key))
      .send({ quotas: { nodes: 1 } })
      .expect(403);
    await sut.http.patch(W).set(as(made.body.key)).send({ displayName: 'Mine' }).expect(200);
    await sut.http
      .patch(W)
      .set(as(ADMIN))
      .send({ quotas: { nodes: 1 } })
      .expect(200);
  });
});
