import { BatchConflictError, BatchUnavailableError } from '@windrow/batch';
import { startApi } from '../testing/start-api';

const SOLVER = '/v1/workspaces/aero/applications/solver';
const ONE = `${SOLVER}/versions/1.0-B`;
const DOWN = new BatchUnavailableError('down', { code: 'Unreachable' });

describe('versions of an application', () => {
  let sut: Awaited<ReturnType<typeof startApi>>;
  let id: string;
  beforeEach(async () => {
    sut = await startApi();
    id = (await sut.http.put(SOLVER).send({}).expect(201)).body.batchApplication;
  });
  afterEach(() => sut.close());

  const put = (url = ONE) => sut.http.put(url);
  const activate = (url = ONE) => sut.http.post(`${url}:activate`);
  const uploaded = async () => sut.packages.uploaded.add((await put()).body.uploadUrl);

  it('are created with a link to upload to, which is in no other answer', async () => {
    const { body, headers } = await put().expect(201);
    expect(body).toMatchObject({
      ...{ workspace: 'aero', application: 'solver', version: '1.0-B', state: 'pending', isDefault: false },
      variables: ['AZ_BATCH_APP_PACKAGE_solver_1_0_B'],
      uploadUrl: expect.stringContaining('sig='),
      uploadUrlExpiry: '2026-01-15T13:30:00.000Z',
    });
    expect(headers).toMatchObject({ location: body.url, 'cache-control': 'no-store', etag: expect.any(String) });
    expect((await put().expect(200)).body.uploadUrl).toBe(body.uploadUrl);
    const { body: shown } = await sut.http.get(ONE).expect(200);
    const { body: list } = await sut.http.get(`${SOLVER}/versions`).expect(200);
    expect(list.value).toEqual([{ ...shown, url: expect.any(String) }]);
    expect(JSON.stringify([shown, list])).not.toMatch(/sig=|uploadUrl/);
  });

  it('are active once something is uploaded, and never change then', async () => {
    await put().expect(201);
    expect((await activate().expect(409)).body).toMatchObject({
      code: 'PackageNotUploaded',
      detail: expect.stringContaining('PUT'),
    });
    await uploaded();
    const { body, headers } = await activate().expect(200);
    expect(body).toMatchObject({ state: 'active', activatedTime: expect.any(String) });
    const same = { ...body, url: expect.any(String) };
    expect((await activate().expect(200)).body).toEqual(same);
    const again = await put().expect(200);
    expect([again.body, again.headers['etag']]).toEqual([same, headers['etag']]);
  });

  it('that are no zip archive are refused in words that say what to do', async () => {
    await uploaded();
    sut.packages.activatePackage = () =>
      Promise.reject(new BatchConflictError('bad', { code: 'InvalidApplicationPackage', status: 409 }));
    expect((await activate().expect(409)).body.code).toBe('PackageInvalid');
  });

  it('are the same whatever their case', async () => {
    await uploaded();
    const lower = `${SOLVER}/versions/1.0-b`;
    expect((await activate(lower).expect(200)).body.version).toBe('1.0-B');
    expect((await put(lower).expect(200)).body.version).toBe('1.0-B');
  });

  it('go on where a request did not come to its end', async () => {
    sut.packages.failures = [DOWN];
    await put().expect(503);
    sut.packages.applications.clear();
    expect((await put().expect(200)).body.uploadUrl).toBeDefined();
    await uploaded();
    await sut.packages.activatePackage(id, '1.0-B');
    // Batch has activated it, and nobody heard of it.
    expect((await put().expect(200)).body).toMatchObject({ state: 'active' });
    await activate().expect(200);
  });

  it('leave nothing when Batch refuses them for good', async () => {
    sut.packages.putPackage = () =>
      Promise.reject(new BatchConflictError('full', { code: 'ApplicationPackageQuotaReached', status: 409 }));
    expect((await put().expect(502)).body.batch.code).toBe('ApplicationPackageQuotaReached');
    await sut.http.get(ONE).expect(404);
  });

  it('are deleted, but for the default one, at the version that If-Match names', async () => {
    const pending = (await put().expect(201)).headers['etag']!;
    await uploaded();
    await activate().set('If-Match', '"other"').expect(412);
    const active = (await activate().set('If-Match', pending).expect(200)).headers['etag']!;
    await sut.http.patch(SOLVER).send({ defaultVersion: '1.0-B' }).expect(200);
    expect((await sut.http.get(ONE)).body).toMatchObject({
      isDefault: true,
      variables: ['AZ_BATCH_APP_PACKAGE_solver_1_0_B', 'AZ_BATCH_APP_PACKAGE_solver'],
    });
    expect((await sut.http.delete(ONE).expect(409)).body.code).toBe('VersionIsDefault');
    await sut.http.patch(SOLVER).send({ defaultVersion: null }).expect(200);
    await sut.http.delete(ONE).set('If-Match', pending).expect(412);
    await sut.http.delete(ONE).set('If-Match', active).expect(204);
    expect(await sut.packages.listPackages(id)).toEqual([]);
    await sut.http.get(ONE).expect(404);
    await sut.http.delete(ONE).expect(204);
  });

  it.each(['.hidden', 'a%20b', 'x'.repeat(65)])('are not named %s', async (name) => {
    const { body } = await put(`${SOLVER}/versions/${name}`).expect(400);
    expect(body.errors).toMatchObject([{ path: 'version', code: 'InvalidName' }]);
  });

  it('need their application', async () => {
    for (const request of [
      put('/v1/workspaces/aero/applications/none/versions/1'),
      sut.http.get('/v1/workspaces/aero/applications/none/versions'),
      activate('/v1/workspaces/aero/applications/none/versions/1'),
    ])
      expect((await request.expect(404)).body.code).toBe('ApplicationNotFound');
    expect((await activate(`${SOLVER}/versions/9`).expect(404)).body.code).toBe('ApplicationVersionNotFound');
  });
});
