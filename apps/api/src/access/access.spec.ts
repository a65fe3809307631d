import { createHash } from 'node:crypto';
import { CONFIG, jobInState, JOBS, KEY, SPEC, startApi } from '../testing/start-api';

const ADMIN = 'wdr_admin_0123456789abcdef0123456789abcdef';
const ACCESS = { adminKeySha256: createHash('sha256').update(ADMIN).digest('hex'), issuers: [] };
const DAY_MS = 86_400_000;

describe('access by API key', () => {
  let sut: Awaited<ReturnType<typeof startApi>>;
  beforeEach(async () => {
    sut = await startApi({ access: ACCESS });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await sut.close();
  });

  type Verb = 'get' | 'put' | 'post' | 'patch' | 'delete';
  const as = (key: string | undefined, verb: Verb, path: string) => {
    const request = sut.http[verb](path);
    return key === undefined ? request : request.set('Authorization', `Bearer ${key}`);
  };
  const keyFor = async (roles: object, more: object = {}) =>
    (
      await as(ADMIN, 'post', '/v1/apiKeys')
        .send({ displayName: 'test', roles, ...more })
        .expect(201)
    ).body as {
      id: string;
      key: string;
      expiresTime: string;
      createdTime: string;
    };
  const later = (ms: number) => {
    const now = Date.now();
    jest.spyOn(Date, 'now').mockImplementation(() => now + ms);
  };

  it.each(['/v1', '/v1/jobs', '/V1/jobs', '/v1/me', '/v1/audit', '/v1/none', '/other'])(
    'asks who calls %s',
    async (path) => {
      const answer = await as(undefined, 'get', path).expect(401);
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="windrow"');
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(answer.body).toMatchObject({ code: 'Unauthenticated', status: 401 });
    },
  );

  it('asks before it reads the body', async () => {
    const malformed = () => sut.http.post('/v1/jobs').set('Content-Type', 'application/json');
    expect((await malformed().send('{').expect(401)).body.code).toBe('Unauthenticated');
  });

  it.each(['/health/live', '/health/ready', '/docs/', '/docs-json'])('asks nobody at %s', async (path) => {
    await as(undefined, 'get', path).expect(200);
    await as('wdr_wrong', 'get', path).expect(200);
  });

  it.each([
    ['Basic dTpw', 'TokenInvalid'],
    ['Bearer', 'TokenInvalid'],
    ['Bearer a b', 'TokenInvalid'],
    ['Bearer wdr_', 'KeyInvalid'],
    ['Bearer wdr_0123456789abcdef_tooshort', 'KeyInvalid'],
    [`Bearer wdr_0123456789abcdef_${'A'.repeat(43)}`, 'KeyInvalid'],
    [`Bearer ${ADMIN}x`, 'KeyInvalid'],
    ['Bearer eyJ.a.b', 'TokenInvalid'],
  ])('refuses %s', async (header, code) => {
    const answer = await sut.http.get('/v1/me').set('Authorization', header).expect(401);
    expect(answer.body.code).toBe(code);
    expect(answer.headers['www-authenticate']).toContain('error="invalid_token"');
    expect(answer.text).not.toContain(ADMIN);
  });

  it('shows a key once and keeps but its hash', async () => {
    const { id, key, createdTime, expiresTime } = await keyFor({ aero: 'reader' });
    expect(key).toMatch(/^wdr_[0-9a-z]{16}_[\w-]{43}$/);
    expect(Date.parse(expiresTime) - Date.parse(createdTime)).toBe(90 * DAY_MS);
    const stored = JSON.stringify(await sut.resources.get({ kind: 'apiKey', scope: [], name: id }));
    expect(stored).toContain(createHash('sha256').update(key).digest('hex'));
    expect(stored).not.toContain(key.split('_')[2]);
    const { body } = await as(ADMIN, 'get', `/v1/apiKeys/${id}`).expect(200);
    const listed = (await as(ADMIN, 'get', '/v1/apiKeys').expect(200)).body;
    expect(listed.value).toEqual([{ ...body, url: expect.any(String) }]);
    expect(JSON.stringify(listed)).not.toMatch(/wdr_|sha256/);
    expect((await as(key, 'get', '/v1/me').expect(200)).body).toEqual({
      id: `apiKey:${id}`,
      kind: 'apiKey',
      displayName: 'test',
      administrator: false,
      roles: { aero: 'reader' },
      expiresTime,
    });
  });

  it('refuses a key whose secret is another', async () => {
    const { key } = await keyFor({ aero: 'reader' });
    const other = key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A');
    expect((await as(other, 'get', '/v1/me').expect(401)).body.code).toBe('KeyInvalid');
  });

  it('refuses a key from the moment it is revoked', async () => {
    const { id, key } = await keyFor({ aero: 'reader' });
    await as(key, 'get', JOBS).expect(200);
    await as(ADMIN, 'delete', `/v1/apiKeys/${id}`).expect(204);
    expect((await as(key, 'get', JOBS).expect(401)).body.code).toBe('KeyInvalid');
    await as(ADMIN, 'delete', `/v1/apiKeys/${id}`).expect(404);
  });

  it('refuses a key that has expired, and says when that was', async () => {
    const { key, expiresTime } = await keyFor({ aero: 'reader' });
    later(90 * DAY_MS - 60_000);
    await as(key, 'get', JOBS).expect(200);
    jest.restoreAllMocks();
    later(90 * DAY_MS + 1000);
    const { body } = await as(key, 'get', JOBS).expect(401);
    expect(body).toMatchObject({ code: 'KeyExpired', detail: expect.stringContaining(expiresTime) });
  });

  it('notes the hour of the last use, and a use does not bring a revoked key back', async () => {
    const { id, key } = await keyFor({ aero: 'reader' });
    const change = jest.spyOn(sut.resources, 'change');
    await as(key, 'get', JOBS).expect(200);
    await as(key, 'get', JOBS).expect(200);
    expect(change).toHaveBeenCalledTimes(1);
    await change.mock.results[0]!.value;
    const { lastUsedTime } = (await as(ADMIN, 'get', `/v1/apiKeys/${id}`)).body;
    expect(lastUsedTime).toMatch(/:00:00\.000Z$/);
    later(3_600_000);
    await as(key, 'get', JOBS).expect(200);
    expect(change).toHaveBeenCalledTimes(2);
  });

  it.each([
    [{ roles: {} }, '$.roles'],
    [{ administrator: true, roles: { aero: 'reader' } }, '$.roles'],
    [{ roles: { aero: 'king' } }, '$.roles.aero'],
    [{ roles: { Aero: 'reader' } }, '$.roles.Aero'],
    [{ roles: { aero: 'reader' }, expiresTime: '2020-01-01T00:00:00Z' }, '$.expiresTime'],
    [{ roles: { aero: 'reader' }, expiresTime: new Date(Date.now() + 366 * DAY_MS).toISOString() }, '$.expiresTime'],
    [{ roles: { aero: 'reader' }, key: 'mine' }, '$.key'],
  ])('makes no key of %j', async (body, path) => {
    const answer = await as(ADMIN, 'post', '/v1/apiKeys')
      .send({ displayName: 'x', ...body })
      .expect(400);
    expect(answer.body.errors[0].path).toBe(path);
  });

  it('lets each role do what it may, and says what is missing', async () => {
    await jobInState(sut, { state: 'running' });
    const job = `${JOBS}/${KEY.job}`;
    const { key: reader } = await keyFor({ aero: 'reader' });
    const { key: contributor } = await keyFor({ aero: 'contributor' });
    const { key: owner } = await keyFor({ aero: 'owner' });
    await as(reader, 'get', job).expect(200);
    await sut.http.head(job).set('Authorization', `Bearer ${reader}`).expect(200);
    for (const [verb, path] of [
      ['put', `${JOBS}/new`],
      ['post', `${JOBS}:plan`],
      ['post', `${job}:cancel`],
    ] as const) {
      const { body } = await as(reader, verb, path).send(SPEC).expect(403);
      expect(body).toMatchObject({ code: 'Forbidden', detail: expect.stringMatching(/is reader.*contributor/) });
    }
    await as(contributor, 'put', `${JOBS}/new`).send(SPEC).expect(201);
    const keys = '/v1/workspaces/aero/apiKeys';
    await as(contributor, 'get', keys).expect(403);
    await as(contributor, 'post', keys).send({ displayName: 'x', role: 'reader' }).expect(403);
    await as(contributor, 'get', '/v1/workspaces/aero/audit').expect(403);
    await as(owner, 'get', keys).expect(200);
    await as(owner, 'get', '/v1/apiKeys').expect(403);
    await as(owner, 'get', '/v1/audit').expect(403);
    await as(ADMIN, 'get', `${JOBS}/new`).expect(200);
  });

  it('hides a workspace in which the caller has no role, whatever there is or is not in it', async () => {
    await jobInState(sut, { state: 'running' });
    const { key } = await keyFor({ blades: 'owner' });
    const strip = (body: object) => ({ ...body, instance: '', requestId: '' });
    const answers = [];
    for (const workspace of ['aero', 'none', 'Not-A-Name'])
      for (const path of [`jobs/${KEY.job}`, 'jobs', 'jobs/none/tasks/0']) {
        const { body, status } = await as(key, 'get', `/v1/workspaces/${workspace}/experiments/blades/${path}`);
        answers.push(JSON.stringify([status, strip(body)]).replaceAll(workspace, 'W'));
      }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('WorkspaceNotFound');
    // The flat paths are a workspace like any other.
    await as(key, 'get', '/v1/jobs').expect(404);
    await as(key, 'get', '/v1/workspaces/constructor/clusters').expect(404);
  });

  it('lets owners make, see and revoke the keys of their workspace, and no others', async () => {
    const { key: owner } = await keyFor({ aero: 'owner' });
    const both = await keyFor({ aero: 'reader', blades: 'reader' });
    const other = await keyFor({ blades: 'reader' });
    const keys = '/v1/workspaces/aero/apiKeys';
    const { body: made } = await as(owner, 'post', keys).send({ displayName: 'x', role: 'contributor' }).expect(201);
    expect(made.roles).toEqual({ aero: 'contributor' });
    const ids = (await as(owner, 'get', keys).expect(200)).body.value.map(({ id }: { id: string }) => id);
    expect(ids).toContain(made.id);
    expect(ids).not.toContain(both.id);
    expect(ids).not.toContain(other.id);
    for (const { id } of [both, other]) {
      await as(owner, 'get', `${keys}/${id}`).expect(404);
      await as(owner, 'delete', `${keys}/${id}`).expect(404);
    }
    await as(made.key, 'get', JOBS).expect(200);
    await as(owner, 'delete', `${keys}/${made.id}`).expect(204);
    await as(made.key, 'get', JOBS).expect(401);
    await as(owner, 'post', keys).send({ displayName: 'x', role: 'administrator' }).expect(400);
  });

  it('does not let a job name the container of another workspace, or one of Windrow’s own', async () => {
    for (const container of ['windrow-blades', 'windrowaudit', 'windrowsystem', 'corpus', 'windrow-aero']) {
      sut.blobs.put(container, 'a', 'x');
    }
    const input = (container: string) => ({ ...SPEC, input: { kind: 'blobs', container } });
    const put = (container: string) => as(ADMIN, 'put', `${JOBS}/${container}`).send(input(container));
    for (const container of ['windrow-blades', 'windrow-none', 'windrowaudit', 'windrowsystem']) {
      expect((await put(container).expect(422)).body.errors[0].code).toBe('ContainerNotFound');
    }
    await put('corpus').expect(201);
    await put('windrow-aero').expect(201);
    const program = { ...SPEC, task: { commandLine: 'x', program: [{ container: 'windrow-blades', prefix: '' }] } };
    expect((await as(ADMIN, 'put', `${JOBS}/p`).send(program).expect(422)).body.code).toBe('ContainerNotFound');
  });
});

describe('without an identity provider', () => {
  it('everybody may do everything, and it says so', async () => {
    const sut = await startApi();
    expect((await sut.http.get('/v1').expect(200)).body.authentication).toBe(false);
    expect((await sut.http.get('/health/ready').expect(200)).body.authentication).toBe(false);
    expect((await sut.http.get('/v1/me').expect(200)).body).toMatchObject({ id: 'anonymous', administrator: true });
    await sut.http.get('/v1/jobs').set('Authorization', 'Bearer whatever').expect(200);
    await sut.close();
    expect(CONFIG.access.issuers).toEqual([]);
  });
});

describe('rate limits', () => {
  const limited = () => startApi({ access: { ...ACCESS, rateLimit: { perSecond: 2, burst: 3 } } });
  afterEach(() => jest.restoreAllMocks());

  it('hold for each caller, and say when to come back', async () => {
    const sut = await limited();
    const now = Date.now();
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => now);
    const me = (key = ADMIN) => sut.http.get('/v1/me').set('Authorization', `Bearer ${key}`);
    const body = { displayName: 'x', roles: { aero: 'reader' } };
    const { key } = (await sut.http.post('/v1/apiKeys').set('Authorization', `Bearer ${ADMIN}`).send(body)).body;
    const granted = await me().expect(200);
    expect(granted.headers).toMatchObject({ 'ratelimit-limit': '3', 'ratelimit-remaining': '1' });
    await me().expect(200);
    const refused = await me().expect(429);
    expect(refused.headers).toMatchObject({ 'retry-after': '1', 'ratelimit-remaining': '0', 'ratelimit-reset': '2' });
    expect(refused.body.code).toBe('TooManyRequests');
    await me(key).expect(200);
    await sut.http.get('/health/live').expect(200);
    clock.mockImplementation(() => now + 500);
    await me().expect(200);
    await me().expect(429);
    await sut.close();
  });

  it('hold for an address that fails to say who it is, and lock nobody else out', async () => {
    const sut = await startApi({ access: ACCESS });
    const now = Date.now();
    jest.spyOn(Date, 'now').mockImplementation(() => now);
    for (let n = 0; n < 30; n += 1) await sut.http.get('/v1/me').expect(401);
    const refused = await sut.http.get('/v1/me').set('Authorization', 'Bearer wdr_x').expect(429);
    expect(refused.headers['retry-after']).toBe('1');
    await sut.http.get('/v1/me').set('Authorization', `Bearer ${ADMIN}`).expect(200);
    await sut.close();
  });
});
