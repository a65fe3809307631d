import { experimentPlace, type Place, PLACE_CACHE_MS, workspacePlace } from '@windrow/contract';
import { ANONYMOUS, type Principal } from '../access/principal';
import { DependencyUnavailableError } from '../common/errors';
import { JOBS, KEY, SPEC, startApi } from '../testing/start-api';
import { Places } from './places';
import { Scopes } from './scopes';
import { WorkspacesService } from './workspaces.service';

type Running = Awaited<ReturnType<typeof startApi>>;
const AERO = workspacePlace(KEY.workspace);

/** What was believed a moment ago is looked up again. */
function later(): () => void {
  const now = Date.now();
  const clock = jest.spyOn(Date, 'now').mockReturnValue(now + PLACE_CACHE_MS + 1);
  return () => clock.mockRestore();
}

describe('workspaces and experiments', () => {
  let sut: Running;
  beforeEach(async () => {
    sut = await startApi();
  });
  afterEach(() => sut.close());

  describe.each([
    ['workspace', '/v1/workspaces', 'Workspace', /^w[0-9a-z]+$/],
    ['experiment', '/v1/workspaces/aero/experiments', 'Experiment', /^e[0-9a-z]+$/],
  ])('a %s', (kind, path, title, name) => {
    const put = (body?: object) => sut.http.put(`${path}/x1`).send(body);

    it('is created once, and got by the same body', async () => {
      const made = await put({ labels: { a: '1' } }).expect(201);
      expect(made.headers['location']).toBe(made.body.url);
      expect(made.headers['etag']).toMatch(/^"\w+"$/);
      expect(made.body).toMatchObject({ [kind]: 'x1', labels: { a: '1' }, provisioningState: 'succeeded' });
      expect(made.body).not.toHaveProperty('specHash');
      await put({ labels: { a: '1' } }).expect(200);
      expect((await put({}).expect(409)).body.code).toBe(`${title}Exists`);
      expect((await put({ nmae: 'x' }).expect(400)).body.errors).toMatchObject([{ path: '$.nmae' }]);
    });

    it('is got by the body it was created with, whatever was changed since', async () => {
      await put().expect(201);
      await sut.http.patch(`${path}/x1`).send({ displayName: 'X' }).expect(200);
      expect((await put().expect(200)).body.displayName).toBe('X');
    });

    it('is named by us when posted, and by the same Idempotency-Key alike', async () => {
      const post = () => sut.http.post(path).set('Idempotency-Key', 'k').send({ displayName: 'P' });
      const { body } = await post().expect(201);
      expect(body[kind]).toMatch(name);
      expect((await post().expect(200)).body[kind]).toBe(body[kind]);
      expect((await sut.http.post(path).expect(201)).body[kind]).not.toBe(body[kind]);
    });

    it('is changed by a merge patch', async () => {
      await put({ displayName: 'X', labels: { a: '1', b: '2' } });
      const answer = await sut.http.patch(`${path}/x1`).send({ displayName: null, labels: { a: null, c: '3' } });
      expect(answer.body.labels).toEqual({ b: '2', c: '3' });
      expect(answer.body).not.toHaveProperty('displayName');
      await sut.http.patch(`${path}/none`).send({}).expect(404);
    });

    it.each<[object, string]>([
      [{ labels: { a: 1 } }, '$.labels.a'],
      [{ labels: null }, '$.labels'],
      [{ displayName: '' }, '$.displayName'],
      [{ displayName: 7 }, '$.displayName'],
      [{ provisioningState: 'deleting' }, '$.provisioningState'],
      [{ labels: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`l${n}`, 'x'])) }, '$.labels'],
    ])('refuses the change %j', async (change, at) => {
      await put();
      expect((await sut.http.patch(`${path}/x1`).send(change).expect(400)).body.errors).toMatchObject([{ path: at }]);
    });

    it('is changed and deleted in the version that If-Match names, and in no other', async () => {
      const etag = (await put().expect(201)).headers['etag']!;
      const patch = (tag: string) => sut.http.patch(`${path}/x1`).set('If-Match', tag).send({ displayName: 'X' });
      await patch(`"other", W/${etag}`).expect(200);
      expect((await patch(etag).expect(412)).body.code).toBe('PreconditionFailed');
      await patch('*').expect(200);
      expect((await patch('bare').expect(400)).body.errors).toMatchObject([{ path: 'If-Match' }]);
      await sut.http.put(`${path}/x1`).set('If-Match', etag).expect(412);
      await sut.http.put(`${path}/none`).set('If-Match', '*').expect(412);
      await sut.http.delete(`${path}/x1`).set('If-Match', etag).expect(412);
      expect(sut.workflows.deletions).toEqual([]);
      await sut.http.delete(`${path}/x1`).set('If-Match', '*').expect(202);
    });

    it('is deleted by a workflow, that is joined by asking again; a start that failed is made up for', async () => {
      await sut.http.delete(`${path}/x1`).expect(204);
      await put();
      sut.workflows.failures = [new DependencyUnavailableError('Temporal')];
      await sut.http.delete(`${path}/x1`).expect(503);
      expect((await put().expect(409)).body.code).toBe(`${title}Deleting`);
      const answer = await sut.http.delete(`${path}/x1`).expect(202);
      expect(answer.body).toMatchObject({ provisioningState: 'deleting' });
      expect(answer.headers['location']).toBe(answer.body.url);
      expect(sut.workflows.deletions).toMatchObject([{ kind, [kind]: 'x1' }]);
      expect((await sut.http.patch(`${path}/x1`).send({}).expect(409)).body.code).toBe(`${title}Deleting`);
      await sut.http.get(`${path}/x1`).expect(200);
    });

    it('is listed by name, page by page', async () => {
      for (const one of ['x3', 'x1', 'x2']) await sut.http.put(`${path}/${one}`);
      const names: string[] = [];
      for (let next: string | undefined = `${path}?pageSize=2`; next;) {
        const body: { value: Record<string, string>[]; nextLink?: string } = (await sut.http.get(next).expect(200))
          .body;
        names.push(...body.value.map((one) => one[kind]!));
        next = body.nextLink?.replace(/^https?:\/\/[^/]+/, '');
      }
      expect(names.filter((one) => one.startsWith('x'))).toEqual(['x1', 'x2', 'x3']);
      expect(names).toEqual([...names].sort());
    });
  });

  it('nothing is put into a workspace, or read from one, that is not there', async () => {
    const none = '/v1/workspaces/none';
    for (const path of ['experiments/e/jobs', 'clusters', 'experiments', 'experiments/e/jobs/j/tasks']) {
      expect((await sut.http.get(`${none}/${path}`).expect(404)).body.code).toBe('WorkspaceNotFound');
    }
    expect((await sut.http.put(`${none}/experiments/e/jobs/j`).send(SPEC).expect(404)).body.code).toBe(
      'WorkspaceNotFound',
    );
    expect((await sut.http.put(`${none}/clusters/c`).send(SPEC.pool).expect(404)).body.code).toBe('WorkspaceNotFound');
    await sut.http.put('/v1/workspaces/none/experiments/e').expect(404);
    expect(sut.workflows.started).toEqual([]);
  });

  it('an experiment comes into being with its first job, and not with one that is refused', async () => {
    await sut.http
      .put(`${JOBS}/j1`)
      .send({ ...SPEC, pool: { cluster: 'none' } })
      .expect(422);
    await sut.http.get('/v1/workspaces/aero/experiments/blades').expect(404);
    await sut.http.put(`${JOBS}/j1`).send(SPEC).expect(201);
    await sut.http.get('/v1/workspaces/aero/experiments/blades').expect(200);
  });

  it('takes nothing new while it is deleted', async () => {
    await sut.http.put(`${JOBS}/j1`).send(SPEC).expect(201);
    const put = (path: string, body: object) => sut.http.put(path).send(body);
    const code = async (path: string, body: object) => (await put(path, body).expect(409)).body.code as string;
    const restore = later();
    await sut.http.delete('/v1/workspaces/aero/experiments/blades').expect(202);
    expect(await code(`${JOBS}/j2`, SPEC)).toBe('ExperimentDeleting');
    await sut.http.put('/v1/workspaces/aero/experiments/other/jobs/j1').send(SPEC).expect(201);
    restore();
    const again = later();
    await sut.http.delete('/v1/workspaces/aero').expect(202);
    sut.api.app.get(Scopes)['open'].clear();
    expect(await code('/v1/workspaces/aero/experiments/other/jobs/j2', SPEC)).toBe('WorkspaceDeleting');
    expect(await code('/v1/workspaces/aero/clusters/c', SPEC.pool)).toBe('WorkspaceDeleting');
    expect(await code('/v1/workspaces/aero/experiments/new', {})).toBe('WorkspaceDeleting');
    again();
  });

  it('looks a workspace and an experiment up once for the jobs of a moment', async () => {
    const get = jest.spyOn(sut.resources, 'get');
    for (const name of ['a', 'b', 'c']) await sut.http.put(`${JOBS}/${name}`).send(SPEC).expect(201);
    const read = get.mock.calls.map(([{ kind }]) => kind);
    expect(read).toEqual(['workspace', 'experiment']);
    const restore = later();
    await sut.http.put(`${JOBS}/d`).send(SPEC).expect(201);
    restore();
    expect(get.mock.calls).toHaveLength(4);
  });

  it('the workspace behind the flat paths is there without being made, and again after it was deleted', async () => {
    await sut.http.get('/v1/workspaces/migrated-local').expect(200);
    await sut.http.put('/v1/jobs/j1').send(SPEC).expect(201);
    await sut.resources.delete(workspacePlace('migrated-local'));
    await sut.resources.delete(experimentPlace({ workspace: 'migrated-local', experiment: 'migrated' }));
    const restore = later();
    const { body } = await sut.http.get('/v1/workspaces').expect(200);
    restore();
    expect(body.value.map(({ workspace }: { workspace: string }) => workspace)).toEqual(['aero', 'migrated-local']);
  });

  it('the list has the workspaces one has a role in, and no others', async () => {
    for (const name of ['a', 'b', 'c']) await sut.http.put(`/v1/workspaces/${name}`).expect(201);
    const roles = { c: 'reader', a: 'owner', gone: 'owner' } as const;
    const caller: Principal = { ...ANONYMOUS, administrator: false, roles };
    const service = sut.api.app.get(WorkspacesService);
    const first = await service.listWorkspaces(caller, { pageSize: 1 });
    expect(first.rows.map(({ name }) => name)).toEqual(['a']);
    const rest = await service.listWorkspaces(caller, { pageSize: 5, pageToken: first.nextPageToken! });
    expect(rest.rows.map(({ name }) => name)).toEqual(['c']);
    await expect(service.listWorkspaces(caller, { pageSize: 5, pageToken: 'x' })).rejects.toThrow('pageToken');
  });

  it('loses no change of two at once', async () => {
    const places = sut.api.app.get(Places);
    const patch = (label: string) => places.change(AERO, { labels: { [label]: 'x' } });
    await Promise.all(['a', 'b', 'c'].map(patch));
    expect((await sut.resources.get<Place>(AERO))?.value.labels).toEqual({ a: 'x', b: 'x', c: 'x' });
  });
});
