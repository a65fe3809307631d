import { createHash } from 'node:crypto';
import { workspacePlace } from '@windrow/contract';
import { newPlace } from '@windrow/storage';
import { JOBS, SPEC, startApi } from '../testing/start-api';

const ADMIN = 'wdr_admin_0123456789abcdef0123456789abcdef';
const ACCESS = { adminKeySha256: createHash('sha256').update(ADMIN).digest('hex'), issuers: [] };

describe('the audit log', () => {
  let sut: Awaited<ReturnType<typeof startApi>>;
  beforeEach(async () => {
    sut = await startApi({ access: ACCESS });
  });
  afterEach(() => sut.close());

  const bearer = (key: string): [string, string] => ['Authorization', `Bearer ${key}`];
  const read = async (query = '', path = '/v1/audit', key = ADMIN) =>
    (
      await sut.http
        .get(path + query)
        .set(...bearer(key))
        .expect(200)
    ).body;

  it('has who, what, when and the outcome of a change, and neither body nor query', async () => {
    const put = () =>
      sut.http
        .put(`${JOBS}/j1?secret=sig`)
        .set(...bearer(ADMIN))
        .set('X-Request-Id', 'r1');
    await put()
      .send({ ...SPEC, displayName: 'hidden' })
      .expect(201);
    const { value } = await read();
    expect(value).toEqual([
      {
        id: expect.stringMatching(/^[\da-f-]{36}$/),
        time: expect.stringMatching(/Z$/),
        source: 'api',
        principal: 'apiKey:admin',
        method: 'PUT',
        operation: '/v1/workspaces/{workspace}/experiments/{experiment}/jobs/{job}',
        resource: `${JOBS}/j1`,
        workspace: 'aero',
        status: 201,
        requestId: 'r1',
        address: expect.stringContaining('127.0.0.1'),
      },
    ]);
    expect(JSON.stringify(value)).not.toMatch(/sig|hidden|wdr_/);
  });

  it('has refused changes too, and no readings', async () => {
    const body = { displayName: 'x', roles: { aero: 'reader' } };
    const { id, key } = (
      await sut.http
        .post('/v1/apiKeys')
        .set(...bearer(ADMIN))
        .send(body)
        .expect(201)
    ).body;
    await sut.http.put(`${JOBS}/a`).send(SPEC).expect(401);
    await sut.http
      .put(`${JOBS}/a`)
      .set(...bearer(key))
      .send(SPEC)
      .expect(403);
    await sut.http
      .post('/v1/workspaces/blades/experiments/e/jobs/x:cancel')
      .set(...bearer(key))
      .expect(404);
    await sut.http
      .delete('/v1/none')
      .set(...bearer(key))
      .expect(404);
    await sut.http
      .put(`${JOBS}/a`)
      .set(...bearer(ADMIN))
      .set('Content-Type', 'application/json')
      .send('{')
      .expect(400);
    await sut.http
      .get(JOBS)
      .set(...bearer(key))
      .expect(200);
    await sut.audit.close();
    const { value } = await read();
    type Row = { principal: string; status: number; code?: string; workspace?: string; operation: string };
    expect(value.map((row: Row) => [row.principal, row.status, row.code])).toEqual([
      ['apiKey:admin', 201, undefined],
      ['anonymous', 401, 'Unauthenticated'],
      [`apiKey:${id}`, 403, 'Forbidden'],
      [`apiKey:${id}`, 404, 'WorkspaceNotFound'],
      [`apiKey:${id}`, 404, 'RouteNotFound'],
      ['apiKey:admin', 400, 'MalformedJson'],
    ]);
    expect(value[3]).toMatchObject({ workspace: 'blades', operation: expect.stringMatching(/\{job\}:cancel$/) });
  });

  it('sends the answer to a change when its line is durable, and not before', async () => {
    const stored: string[] = [];
    const append = sut.audit.append.bind(sut.audit);
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const asked = new Promise<void>((resolve) => {
      sut.audit.append = async (record) => {
        resolve();
        await held;
        await append(record);
        stored.push(record.resource);
      };
    });
    const answer = sut.http
      .put(`${JOBS}/j1`)
      .set(...bearer(ADMIN))
      .send(SPEC)
      .then(() => [...stored]);
    await asked;
    release();
    expect(await answer).toEqual([`${JOBS}/j1`]);
  });

  it('does not hide a change that was made when the line cannot be stored', async () => {
    sut.audit.append = async () => Promise.reject(new Error('storage is down'));
    await sut.http
      .put(`${JOBS}/j1`)
      .set(...bearer(ADMIN))
      .send(SPEC)
      .expect(201);
  });

  it('shows owners what is about their workspace, by pages and by principal', async () => {
    await sut.resources.create(workspacePlace('blades'), newPlace({}));
    for (const workspace of ['aero', 'blades'])
      for (const name of ['a', 'b', 'c']) {
        const path = `/v1/workspaces/${workspace}/experiments/e/jobs/${name}`;
        await sut.http
          .put(path)
          .set(...bearer(ADMIN))
          .send(SPEC)
          .expect(201);
      }
    const body = { displayName: 'x', roles: { aero: 'owner' } };
    const { key } = (
      await sut.http
        .post('/v1/apiKeys')
        .set(...bearer(ADMIN))
        .send(body)
        .expect(201)
    ).body;
    const path = '/v1/workspaces/aero/audit';
    const first = await read('?pageSize=2', path, key);
    expect(first.value).toHaveLength(2);
    const next = new URL(first.nextLink);
    const second = await read(next.search, next.pathname, key);
    const all = [...first.value, ...second.value];
    expect(all.map(({ resource }) => resource.split('/').at(-1))).toEqual(['a', 'b', 'c']);
    expect(second.nextLink).toBeUndefined();
    expect((await read('?principal=windrow:worker', path, key)).value).toEqual([]);
    expect((await read('?workspace=blades')).value).toHaveLength(3);
    expect((await read('?to=2020-01-01T00:00:00Z')).value).toEqual([]);
    const stolen = next.search.replace(/^/, '');
    await sut.http
      .get(`/v1/workspaces/aero/audit${stolen}&principal=x`)
      .set(...bearer(key))
      .expect(400);
  });
});
