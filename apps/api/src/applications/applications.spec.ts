import { BatchConflictError, BatchUnavailableError } from '@windrow/batch';
import { applicationPlace } from '@windrow/contract';
import { startApi } from '../testing/start-api';

const ALL = '/v1/workspaces/aero/applications';
const SOLVER = `${ALL}/solver`;
const BODY = { displayName: 'Solver', labels: { team: 'aero' } };
const QUOTA = new BatchConflictError('full', { code: 'ApplicationQuotaReached', status: 409 });
const DOWN = new BatchUnavailableError('down', { code: 'Unreachable' });

describe('applications', () => {
  let sut: Awaited<ReturnType<typeof startApi>>;
  beforeEach(async () => {
    sut = await startApi();
  });
  afterEach(() => sut.close());

  const put = (body: object = BODY) => sut.http.put(SOLVER).send(body);
  const version = (name: string) => `${SOLVER}/versions/${name}`;
  const upload = async (name: string) =>
    sut.packages.uploaded.add((await sut.http.put(version(name)).expect(201)).body.uploadUrl);
  const publish = async (name: string) => {
    await upload(name);
    await sut.http.post(`${version(name)}:activate`).expect(200);
  };

  it('are created once, in the workspace and in the account', async () => {
    const first = await put().expect(201);
    expect(first.body).toMatchObject({
      ...{ workspace: 'aero', application: 'solver', displayName: 'Solver', provisioningState: 'succeeded' },
      batchApplication: expect.stringMatching(/^windrow_aero_solver_[0-9a-f]{12}$/),
    });
    expect(first.headers['location']).toBe(first.body.url);
    expect([...sut.packages.applications]).toEqual([
      [first.body.batchApplication, expect.objectContaining({ displayName: 'Solver' })],
    ]);
    const again = await put().expect(200);
    expect(again.headers['etag']).toBe(first.headers['etag']);
    expect(again.body).toEqual({ ...first.body, url: expect.any(String) });
    expect((await put({ displayName: 'x' }).expect(409)).body.code).toBe('ApplicationExists');
    expect((await put({ allowUpdates: true }).expect(400)).body.errors[0].path).toBe('$.allowUpdates');
    await sut.http.put('/v1/workspaces/none/applications/solver').send({}).expect(404);
  });

  it('have ids that Batch takes, each another one, however long their names are and in whatever case', async () => {
    const names = ['a'.repeat(64), `${'a'.repeat(63)}b`, 'Solver', 'solver'];
    const ids: string[] = [];
    for (const name of names)
      ids.push((await sut.http.put(`${ALL}/${name}`).send({}).expect(201)).body.batchApplication);
    for (const id of ids) expect(id).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    expect(new Set(ids.map((id) => id.toLowerCase())).size).toBe(names.length);
  });

  it('are named by us when posted, on the flat path too, without a body as well', async () => {
    const post = () => sut.http.post('/v1/applications').set('Idempotency-Key', 'k');
    const { body } = await post().expect(201);
    expect((await post().expect(200)).body.application).toBe(body.application);
    expect(body.workspace).toBe('migrated-local');
  });

  it('are listed by name, page by page', async () => {
    for (const name of ['c', 'a', 'b']) await sut.http.put(`${ALL}/${name}`).send({}).expect(201);
    const first = await sut.http.get(`${ALL}?pageSize=2`).expect(200);
    expect(first.body.value.map(({ application }: { application: string }) => application)).toEqual(['a', 'b']);
    const { pathname, search } = new URL(first.body.nextLink);
    expect((await sut.http.get(pathname + search).expect(200)).body.value).toMatchObject([{ application: 'c' }]);
  });

  it('are changed in title, labels and default version, at the version that If-Match names', async () => {
    const etag = (await put().expect(201)).headers['etag']!;
    await publish('1.2-Beta');
    const patch = (body: object, tag = '*') => sut.http.patch(SOLVER).set('If-Match', tag).send(body);
    const change = { displayName: null, labels: { team: null, a: 'b' }, defaultVersion: '1.2-beta' };
    const { body } = await patch(change, etag).expect(200);
    expect(body).toMatchObject({ labels: { a: 'b' }, defaultVersion: '1.2-Beta' });
    expect(body).not.toHaveProperty('displayName');
    expect(sut.packages.applications.get(body.batchApplication)).not.toHaveProperty('displayName');
    await patch({ displayName: 'late' }, etag).expect(412);
    expect((await patch({ labels: {} }).expect(200)).body.defaultVersion).toBe('1.2-Beta');
    expect((await patch({ defaultVersion: null }).expect(200)).body).not.toHaveProperty('defaultVersion');
    await upload('pending');
    for (const defaultVersion of ['pending', '9', 'a/b#?', '.']) {
      expect((await patch({ defaultVersion }).expect(422)).body.errors).toMatchObject([
        { path: '$.defaultVersion', code: 'ApplicationVersionNotFound' },
      ]);
    }
    expect((await patch({ batchApplication: 'x' }).expect(400)).body.errors[0].path).toBe('$.batchApplication');
    await sut.http.patch(`${ALL}/none`).send({ defaultVersion: '1' }).expect(404);
  });

  it('leave nothing when Batch refuses them for good, and go on after an outage', async () => {
    sut.packages.failures = [QUOTA];
    expect((await put().expect(502)).body.batch.code).toBe('ApplicationQuotaReached');
    await sut.http.get(SOLVER).expect(404);
    sut.packages.failures = [DOWN];
    await put().expect(503);
    expect(sut.packages.applications.size).toBe(0);
    await put().expect(200);
    expect(sut.packages.applications.size).toBe(1);
  });

  it('are marked and then deleted by a workflow, which asking again joins', async () => {
    await put().expect(201);
    const deletion = await sut.http.delete(SOLVER).expect(202);
    expect(deletion.body.provisioningState).toBe('deleting');
    await sut.http.delete(SOLVER).expect(202);
    const input = { kind: 'application', workspace: 'aero', application: 'solver' };
    expect(sut.workflows.deletions).toEqual([input, input]);
    expect((await put().expect(409)).body.code).toBe('ApplicationDeleting');
    for (const request of [sut.http.put(version('1')), sut.http.post(`${version('1')}:activate`)])
      expect((await request.expect(409)).body.code).toBe('ApplicationDeleting');
    await sut.resources.delete(applicationPlace({ workspace: 'aero', application: 'solver' }));
    await sut.http.delete(SOLVER).expect(204);
    await sut.http.delete(SOLVER).set('If-Match', '*').expect(412);
  });

  it('are not deleted while nodes get them, nor are their versions', async () => {
    const { batchApplication: application } = (await put().expect(201)).body;
    await publish('1');
    await publish('2');
    sut.batch.packaged.push({ pool: 'windrow-wind-u', application, version: '1' });
    for (const url of [SOLVER, version('1')]) {
      expect((await sut.http.delete(url).expect(409)).body).toMatchObject({
        code: 'ApplicationInUse',
        pools: 'windrow-wind-u',
        detail: expect.stringContaining('windrow-wind-u'),
      });
    }
    await sut.http.delete(version('2')).expect(204);
    expect((await sut.http.get(SOLVER).expect(200)).body.provisioningState).toBe('succeeded');
  });
});

it('applications say what to set where the account cannot be managed', async () => {
  const sut = await startApi({}, { managed: false });
  const answer = await sut.http.put(SOLVER).send(BODY).expect(501);
  expect(answer.body).toMatchObject({ code: 'NotConfigured', detail: expect.stringContaining('WINDROW_BATCH_ARM') });
  expect((await sut.http.get(ALL).expect(200)).body.value).toEqual([]);
  await sut.close();
});
