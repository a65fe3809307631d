import type { ClusterRow } from '@windrow/contract';
import { SPEC, startApi } from '../testing/start-api';

const DATA = '/v1/workspaces/aero/fileServers/data';
const BODY = { displayName: 'Models', blobContainer: { container: 'models', create: true } };
const CLUSTER = { vmSizes: ['Standard_D2s_v5'], nodes: { max: 1 }, mounts: [{ fileServer: 'data', path: 'data' }] };
const SECRET = 'https://team.vault.azure.net/secrets/key';

describe('file servers', () => {
  let sut: Awaited<ReturnType<typeof startApi>>;
  beforeEach(async () => {
    sut = await startApi();
  });
  afterEach(() => sut.close());

  const put = (body: object = BODY) => sut.http.put(DATA).send(body);

  it('are created once, with the container that is asked for', async () => {
    const first = await put().expect(201);
    expect(first.body).toMatchObject({
      ...{ workspace: 'aero', fileServer: 'data', displayName: 'Models', provisioningState: 'succeeded' },
      blobContainer: { container: 'models' },
    });
    expect(await sut.blobs.containerExists('models')).toBe(true);
    expect((await put().expect(200)).headers['etag']).toBe(first.headers['etag']);
    expect((await put({ nfs: { source: 'h:/x' } }).expect(409)).body.code).toBe('FileServerExists');
    expect((await sut.http.get('/v1/workspaces/aero/fileServers').expect(200)).body.value).toMatchObject([
      { fileServer: 'data', url: expect.stringMatching(/fileServers\/data$/) },
    ]);
  });

  it('of one workspace: a container that was made for it is not there for another, and shared ones are for all', async () => {
    const to = (workspace: string, name: string, body: object) =>
      sut.http.put(`/v1/workspaces/${workspace}/fileServers/${name}`).send(body);
    await sut.http.put('/v1/workspaces/blades').send({}).expect(201);
    await put().expect(201);
    await to('blades', 'mine', { blobContainer: { container: 'own', create: true } }).expect(201);
    const found = async (container: string) => {
      const answer = await to('blades', 'x', { blobContainer: { container } }).expect(422);
      return JSON.stringify({ ...answer.body, requestId: '' }).replaceAll(container, 'C');
    };
    expect(await found('models')).toBe(await found('nothing'));
    expect((await to('blades', 'x', BODY).expect(422)).body.code).toBe('ContainerTaken');
    const input = (container: string) => ({ ...SPEC, input: { kind: 'blobs', container } });
    const job = (workspace: string, container: string) =>
      sut.http.put(`/v1/workspaces/${workspace}/experiments/e/jobs/of-${container}`).send(input(container));
    expect((await job('blades', 'models').expect(422)).body.code).toBe('ContainerNotFound');
    await job('aero', 'models').expect(201);
    const arrival = { spec: { blobArrival: { container: 'models' } }, job: SPEC };
    await sut.http.put('/v1/workspaces/blades/schedules/s').send(arrival).expect(422);
    sut.blobs.put('shared', 'a', 'x');
    for (const workspace of ['aero', 'blades']) {
      await to(workspace, 'shared', { blobContainer: { container: 'shared', create: true } }).expect(201);
      await job(workspace, 'shared').expect(201);
    }
  });

  it('are no more than the quota of storage links, also of several at once', async () => {
    await sut.http
      .put('/v1/workspaces/few')
      .send({ quotas: { storageLinks: 2 } })
      .expect(201);
    const put = (name: string) =>
      sut.http.put(`/v1/workspaces/few/fileServers/${name}`).send({ nfs: { source: 'host:/export' } });
    await put('a').expect(201);
    const answers = await Promise.all(['b', 'c', 'd'].map((name) => put(name)));
    const refused = answers.filter(({ status }) => status === 409);
    expect(refused.length).toBeGreaterThanOrEqual(2);
    expect(refused[0]!.body).toMatchObject({ code: 'WorkspaceQuota', detail: expect.stringContaining('all of its 2') });
    const names = async () =>
      (await sut.http.get('/v1/workspaces/few/fileServers')).body.value.map(
        (one: { fileServer: string }) => one.fileServer,
      );
    expect((await names()).length).toBeLessThanOrEqual(2);
    await put('a').expect(200);
    await sut.http.delete('/v1/workspaces/few/fileServers/a').expect(204);
    await put('e').expect(201);
    expect(await names()).toContain('e');
  });

  it('are named by us when posted, on the flat path too', async () => {
    const post = () => sut.http.post('/v1/fileServers').set('Idempotency-Key', 'k').send(BODY);
    const { body } = await post().expect(201);
    expect((await post().expect(200)).body.fileServer).toBe(body.fileServer);
    expect(body.workspace).toBe('migrated-local');
  });

  it('are changed in title and labels only, at the version that If-Match names', async () => {
    const etag = (await put().expect(201)).headers['etag']!;
    const patch = (body: object) => sut.http.patch(DATA).set('If-Match', etag).send(body);
    const { body } = await patch({ displayName: null, labels: { a: 'b' } }).expect(200);
    expect(body).toMatchObject({ labels: { a: 'b' }, blobContainer: { container: 'models' } });
    expect(body).not.toHaveProperty('displayName');
    await patch({ displayName: 'late' }).expect(412);
    await sut.http
      .patch(DATA)
      .send({ nfs: { source: 'h:/x' } })
      .expect(400);
  });

  it.each<[object, string]>([
    [{}, '$'],
    [{ ...BODY, nfs: { source: 'h:/x' } }, '$'],
    [{ blobContainer: { container: 'windrow-aero' } }, '$.blobContainer.container'],
    [{ blobContainer: { container: 'windrowaudit' } }, '$.blobContainer.container'],
    [{ blobContainer: { container: 'models', accountName: 'other' } }, '$.blobContainer.keyVaultSecret'],
    [{ blobContainer: { container: 'models', keyVaultSecret: SECRET } }, '$.blobContainer.keyVaultSecret'],
    [
      { blobContainer: { container: 'models', accountName: 'other', keyVaultSecret: SECRET, create: true } },
      '$.blobContainer.create',
    ],
    [{ azureFiles: { shareUrl: 'https://a.file.core.windows.net/x' } }, '$.azureFiles.keyVaultSecret'],
    [{ azureFiles: { shareUrl: 'https://example.org/x', keyVaultSecret: SECRET } }, '$.azureFiles.shareUrl'],
    [
      {
        azureFiles: {
          shareUrl: 'https://acct.file.core.windows.net/models',
          keyVaultSecret: 'https://other.vault.azure.net/secrets/key',
        },
      },
      '$.azureFiles.keyVaultSecret',
    ],
    [{ nfs: { source: '/export' } }, '$.nfs.source'],
    [{ nfs: { source: 'h:/x' }, mountOptions: 'a\nb' }, '$.mountOptions'],
    [{ ...BODY, accountKey: 'x' }, '$.accountKey'],
  ])('refuse %j', async (body, path) => {
    expect((await put(body).expect(400)).body.errors).toEqual([expect.objectContaining({ path })]);
  });

  it('answer 422 for a container that is not there and not to be made', async () => {
    const { body } = await put({ blobContainer: { container: 'nowhere' } }).expect(422);
    expect(body.errors).toMatchObject([{ path: '$.blobContainer.container', code: 'ContainerNotFound' }]);
  });

  it('are there for the clusters and pools that mount them', async () => {
    const cluster = () => sut.http.put('/v1/workspaces/aero/clusters/wind').send(CLUSTER);
    const job = (mounts: object[]) =>
      sut.http.put('/v1/workspaces/aero/experiments/e/jobs/j').send({ ...SPEC, pool: { ...SPEC.pool, mounts } });
    expect((await cluster().expect(422)).body.errors).toMatchObject([
      { path: '$.mounts[0].fileServer', code: 'FileServerNotFound' },
    ]);
    expect((await job(CLUSTER.mounts).expect(422)).body.errors).toMatchObject([
      { path: '$.pool.mounts[0].fileServer', code: 'FileServerNotFound' },
    ]);
    await put().expect(201);
    await cluster().expect(201);
    await job(CLUSTER.mounts).expect(201);
  });

  it.each<[object[], string]>([
    [[{ fileServer: 'data', path: '../x' }], '$.mounts[0].path'],
    [[{ fileServer: 'data', path: '/x' }], '$.mounts[0].path'],
    [
      [
        { fileServer: 'data', path: 'a' },
        { fileServer: 'data', path: 'a/b' },
      ],
      '$.mounts[1].path',
    ],
    [Array.from({ length: 11 }, (_, n) => ({ fileServer: 'data', path: `m${n}` })), '$.mounts'],
  ])('are not mounted as %j', async (mounts, path) => {
    const { body } = await sut.http
      .put('/v1/workspaces/aero/clusters/wind')
      .send({ ...CLUSTER, mounts })
      .expect(400);
    expect(body.errors).toMatchObject([{ path }]);
  });

  it('are not deleted while a cluster mounts them, and can be used on', async () => {
    await put().expect(201);
    const { body } = await sut.http.put('/v1/workspaces/aero/clusters/wind').send(CLUSTER).expect(201);
    await sut.catalogue.putCluster({ ...(body as ClusterRow), state: 'steady' });
    const refusal = await sut.http.delete(DATA).expect(409);
    expect(refusal.body).toMatchObject({ code: 'FileServerInUse', detail: expect.stringContaining('wind') });
    expect((await sut.http.get(DATA).expect(200)).body.provisioningState).toBe('succeeded');
    await sut.catalogue.putCluster({ ...(body as ClusterRow), state: 'deleted' });
    await sut.http.delete(DATA).expect(204);
    await sut.http.get(DATA).expect(404);
    await sut.http.delete(DATA).expect(204);
    // What was on it stays.
    expect(await sut.blobs.containerExists('models')).toBe(true);
  });
});
