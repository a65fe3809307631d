import type { ClusterRow } from '@windrow/contract';
import { startApi } from '../testing/start-api';
import { UpdateRefusedError } from '../workflows/workflow-gateway';

const WIND = '/v1/workspaces/aero/clusters/wind';
const BODY = { displayName: 'Wind', vmSizes: ['Standard_D2s_v5'], nodes: { min: 0, max: 3 }, slotsPerNode: 4 };
const ID = 'cluster:aero/wind';

describe('clusters', () => {
  let sut: Awaited<ReturnType<typeof startApi>>;
  beforeEach(async () => {
    sut = await startApi();
  });
  afterEach(() => sut.close());

  const put = (body: object = BODY) => sut.http.put(WIND).send(body);
  async function row(state: ClusterRow['state']) {
    const { body } = await put();
    await sut.catalogue.putCluster({ ...(body as ClusterRow), state });
  }

  it('are created once by the start of their workflow', async () => {
    const first = await put().expect(201);
    expect(first.body).toMatchObject({ cluster: 'wind', displayName: 'Wind', template: { slotsPerNode: 4 } });
    expect(sut.workflows.started).toMatchObject([
      { id: ID, input: { workspace: 'aero', cluster: 'wind', ephemeral: false, template: { slotsPerNode: 4 } } },
    ]);
    const again = await put({ ...BODY, nodes: { max: 3, min: 0 } }).expect(200);
    expect(again.body.createdTime).toBe(first.body.createdTime);
    expect((await put({ ...BODY, slotsPerNode: 2 }).expect(409)).body.code).toBe('ClusterExists');
    await sut.http.get(WIND).expect(200);
  });

  it('race without harm', async () => {
    const statuses = (await Promise.all([put(), put(), put()])).map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 200, 201]);
  });

  it('stay what they were asked for when they were resized since', async () => {
    await row('steady');
    const stored = sut.catalogue.clusters.get(ID);
    if (stored) stored.template = { ...stored.template, nodes: { max: 9 } };
    expect((await put().expect(200)).body.template.nodes.max).toBe(9);
  });

  it('leave their name to a new one when they have ended', async () => {
    await row('deleted');
    sut.workflows.end(ID, 'completed');
    await sut.http.get(WIND).expect(404);
    await put({ ...BODY, slotsPerNode: 8 }).expect(201);
    expect((await sut.http.get(WIND).expect(200)).body.template.slotsPerNode).toBe(8);
  });

  it('keep their name while they are being deleted', async () => {
    await row('deleting');
    expect((await put().expect(409)).body.code).toBe('ClusterDeleting');
  });

  it('are named by us when posted, and by the same Idempotency-Key alike', async () => {
    const post = (body: object) => sut.http.post('/v1/clusters').set('Idempotency-Key', 'k').send(body);
    const { body } = await post(BODY).expect(201);
    expect((await post(BODY).expect(200)).body.cluster).toBe(body.cluster);
    await post({ ...BODY, slotsPerNode: 1 }).expect(409);
    expect(body.workspace).toBe('migrated-local');
  });

  it('are listed', async () => {
    await row('steady');
    const { body } = await sut.http.get('/v1/workspaces/aero/clusters').expect(200);
    expect(body.value).toMatchObject([{ cluster: 'wind', links: { resize: expect.stringMatching(/wind:resize$/) } }]);
  });

  it('are resized and deleted by updates', async () => {
    await row('steady');
    await sut.http.post(`${WIND}:resize`).send({ min: 1, max: 5 }).expect(200);
    await sut.http.delete(WIND).expect(202);
    expect(sut.workflows.updates).toEqual([
      { id: ID, name: 'resize', arg: { min: 1, max: 5 } },
      { id: ID, name: 'delete' },
    ]);
  });

  describe('a merge patch', () => {
    const patch = (body: object, ifMatch = '*') => sut.http.patch(WIND).set('If-Match', ifMatch).send(body);

    it('changes title and labels beside the row, and nodes as a resize does', async () => {
      await row('steady');
      const change = { displayName: null, labels: { tier: '1' }, nodes: { max: 9 } };
      const { body } = await patch(change).expect(200);
      expect(body.labels).toEqual({ tier: '1' });
      expect(body).not.toHaveProperty('displayName');
      expect(sut.workflows.updates).toEqual([{ id: ID, name: 'resize', arg: { min: 0, max: 9 } }]);
    });

    it('is for the version that If-Match names; nodes that come and go make no other', async () => {
      await row('steady');
      const etag = (await sut.http.get(WIND).expect(200)).headers['etag']!;
      const stored = sut.catalogue.clusters.get(ID)!;
      stored.nodes = { ...stored.nodes, current: 2 };
      await patch({ displayName: 'X' }, etag).expect(200);
      expect((await patch({ displayName: 'Y' }, etag).expect(412)).body.code).toBe('PreconditionFailed');
      await sut.http.delete(WIND).set('If-Match', etag).expect(412);
      expect(sut.workflows.updates).toEqual([]);
    });

    it('of two at once that name the same version one is refused, and none without a version is lost', async () => {
      await row('steady');
      const etag = (await sut.http.get(WIND).expect(200)).headers['etag']!;
      const both = await Promise.all([patch({ labels: { a: '1' } }, etag), patch({ labels: { b: '2' } }, etag)]);
      expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
      await Promise.all([patch({ labels: { c: '3' } }), patch({ labels: { d: '4' } })]);
      expect(sut.catalogue.clusters.get(ID)!.labels).toMatchObject({ c: '3', d: '4' });
    });

    it.each<[object, string]>([
      [{ nodes: { min: 4, max: 3 } }, '$.nodes.min'],
      [{ nodes: { spotPercent: 10 } }, '$.nodes.spotPercent'],
      [{ vmSizes: ['x'] }, '$.vmSizes'],
      [{ labels: { a: 1 } }, '$.labels.a'],
    ])('refuses %j', async (change, path) => {
      await row('steady');
      expect((await patch(change).expect(400)).body.errors).toMatchObject([{ path }]);
    });

    it('of a cluster without a row yet is to be tried again', async () => {
      await put().expect(201);
      expect((await patch({ displayName: 'X' }).expect(409)).body.code).toBe('ClusterStarting');
      await sut.http.patch('/v1/workspaces/aero/clusters/none').send({}).expect(404);
    });
  });

  it('hand on the reason when they refuse', async () => {
    await row('steady');
    sut.workflows.failures = [new UpdateRefusedError('two jobs hold leases')];
    const answer = await sut.http.delete(WIND).expect(409);
    expect(answer.body).toMatchObject({ code: 'ClusterRefused', detail: 'two jobs hold leases' });
  });

  it.each<[object, string, string]>([
    [{}, '$.vmSizes', 'Required'],
    [{ ...BODY, nodes: { min: 4, max: 3 } }, '$.nodes.min', 'OutOfRange'],
    [{ ...BODY, cluster: 'x' }, '$.cluster', 'UnknownField'],
    [{ ...BODY, setupTask: {} }, '$.setupTask.commandLine', 'Required'],
  ])('refuse %j', async (body, path, code) => {
    expect((await put(body).expect(400)).body.errors).toContainEqual(expect.objectContaining({ path, code }));
  });

  it('answer 404 when there are none, and 422 for programs that are not there', async () => {
    await sut.http.delete(WIND).expect(404);
    await sut.http.post(`${WIND}:resize`).send({ min: 0, max: 1 }).expect(404);
    await sut.http.post(`${WIND}:resize`).send({ min: 2, max: 1 }).expect(400);
    const setupTask = { commandLine: 'x', program: [{ container: 'nowhere', prefix: '' }] };
    expect((await put({ ...BODY, setupTask }).expect(422)).body.errors[0].path).toBe(
      '$.setupTask.program[0].container',
    );
    await sut.http.get('/v1/workspaces/Aero/clusters/wind').expect(400);
    await sut.http.get('/v1/workspaces/aero/clusters/~u1').expect(400);
  });
});
