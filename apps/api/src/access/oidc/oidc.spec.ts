import { createHash } from 'node:crypto';
import { exportJWK, generateKeyPair, UnsecuredJWT } from 'jose';
import { AUDIENCE, type Claims, startIssuer } from '../../../../../test/support/issuer';
import { JOBS, SPEC, startApi } from '../../testing/start-api';

const ADMIN = 'wdr_admin_0123456789abcdef0123456789abcdef';
const HOUR_MS = 3_600_000;

describe('access by token', () => {
  let issuer: Awaited<ReturnType<typeof startIssuer>>;
  let sut: Awaited<ReturnType<typeof startApi>>;
  beforeEach(async () => {
    issuer = await startIssuer();
    const issuers = [
      { issuer: issuer.url, audience: AUDIENCE, rolesClaim: 'roles', groupsClaim: 'groups', administrators: ['Boss'] },
    ];
    const adminKeySha256 = createHash('sha256').update(ADMIN).digest('hex');
    sut = await startApi({ access: { adminKeySha256, issuers } });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await sut.close();
    await issuer.stop();
  });

  const me = (token: string) => sut.http.get('/v1/me').set('Authorization', `Bearer ${token}`);
  const refused = async (token: string) => (await me(token).expect(401)).body as { code: string; detail: string };
  const put = (path: string, body: object, key = ADMIN) =>
    sut.http.put(path).set('Authorization', `Bearer ${key}`).send(body);
  const now = () => Math.floor(Date.now() / 1000);
  const later = (ms: number) => {
    const then = Date.now() + ms;
    jest.spyOn(Date, 'now').mockImplementation(() => then);
  };

  it('knows the bearer of a good one', async () => {
    const exp = now() + 600;
    const { body } = await me(await issuer.token({ sub: 'u7', name: 'Ann', exp })).expect(200);
    expect(body).toEqual({
      id: `token:${issuer.url}|u7`,
      kind: 'token',
      displayName: 'Ann',
      administrator: false,
      roles: {},
      expiresTime: new Date(exp * 1000).toISOString(),
    });
  });

  it.each<[string, (at: number) => Claims, string, string]>([
    ['has expired', (at) => ({ exp: at - 90 }), 'TokenExpired', 'expired'],
    ['is not yet valid', (at) => ({ nbf: at + 90 }), 'TokenInvalid', 'nbf'],
    ['never expires', () => ({ exp: undefined }), 'TokenInvalid', 'exp'],
    ['is for somebody else', () => ({ aud: 'api://other' }), 'TokenInvalid', 'aud'],
    ['is of another issuer', () => ({ iss: 'https://evil.example' }), 'TokenInvalid', 'issuer'],
    ['has no subject', () => ({ sub: undefined }), 'TokenInvalid', 'subject'],
  ])('refuses one that %s', async (_, claims, code, words) => {
    expect(await refused(await issuer.token(claims(now())))).toMatchObject({
      code,
      detail: expect.stringContaining(words),
    });
  });

  it('forgives a clock that is a minute wrong', async () => {
    await me(await issuer.token({ exp: now() - 30 })).expect(200);
    await me(await issuer.token({ nbf: now() + 30 })).expect(200);
  });

  it('refuses what no issuer’s private key has signed', async () => {
    const claims = { iss: issuer.url, aud: AUDIENCE, sub: 'u1', exp: now() + 600 };
    expect((await refused(new UnsecuredJWT(claims).encode())).code).toBe('TokenInvalid');
    const secret = new TextEncoder().encode(issuer.publicText);
    expect((await refused(await issuer.token({}, { alg: 'HS256', key: secret }))).detail).toContain('RS256');
    const stranger = await generateKeyPair('RS256');
    expect((await refused(await issuer.token({}, { key: stranger.privateKey }))).detail).toContain('signature');
    const good = await issuer.token();
    const [header, , signature] = good.split('.');
    const forged = Buffer.from(JSON.stringify({ ...claims, roles: ['Boss'] })).toString('base64url');
    await refused(`${header}.${forged}.${signature}`);
  });

  it('fetches keys again for one it does not know, but not for every one', async () => {
    await me(await issuer.token()).expect(200);
    expect(issuer.state.fetches).toBe(1);
    const next = await generateKeyPair('ES256', { extractable: true });
    const sign = () => issuer.token({}, { kid: 'k2', alg: 'ES256', key: next.privateKey });
    await refused(await sign());
    await refused(await sign());
    expect(issuer.state.fetches).toBe(1);
    issuer.state.keys.push({ ...(await exportJWK(next.publicKey)), kid: 'k2', alg: 'ES256' });
    later(31_000);
    await me(await sign()).expect(200);
    expect(issuer.state.fetches).toBe(2);
  });

  it('is unavailable while no key of the issuer was ever had, and goes on with old ones when it is down', async () => {
    issuer.state.down = true;
    const answer = await me(await issuer.token()).expect(503);
    expect(answer.body).toMatchObject({ code: 'DependencyUnavailable', dependency: 'identity provider' });
    expect(answer.headers['retry-after']).toBe('5');
    issuer.state.down = false;
    await me(await issuer.token()).expect(503);
    later(6000);
    await me(await issuer.token()).expect(200);
    jest.restoreAllMocks();
    issuer.state.down = true;
    later(HOUR_MS);
    await me(await issuer.token()).expect(200);
  });

  it('makes an administrator by a claim that the configuration names', async () => {
    expect((await me(await issuer.token({ roles: ['Boss'] }))).body.administrator).toBe(true);
    expect((await me(await issuer.token({ roles: 'Boss' }))).body.administrator).toBe(true);
    expect((await me(await issuer.token({ roles: ['boss', { Boss: 1 }] }))).body.administrator).toBe(false);
  });

  it('goes by the object id in Entra ID, and only there', async () => {
    const tenant = '72f988bf-86f1-41af-91ab-2d7cd011db47';
    expect((await me(await issuer.token({ oid: 'o1', tid: tenant }))).body.id).toBe(`token:${issuer.url}|u1`);
    const entra = `${issuer.url}/${tenant}/v2.0`;
    const issuers = [
      { issuer: entra, jwksUri: `${issuer.url}/keys`, audience: AUDIENCE, rolesClaim: 'roles', administrators: [] },
    ];
    const other = await startApi({ access: { issuers } });
    const token = await issuer.token({ iss: entra, oid: 'o1', tid: tenant });
    const { body } = await other.http.get('/v1/me').set('Authorization', `Bearer ${token}`).expect(200);
    expect(body.id).toBe(`token:${entra}|o1`);
    await other.close();
  });

  it('has the highest role that its subject, roles and groups are given, until it is taken away', async () => {
    const path = '/v1/workspaces/aero/roleAssignments';
    const assign = (name: string, principal: object, role: string) =>
      put(`${path}/${name}`, { principal: { issuer: issuer.url, ...principal }, role });
    await assign('all', { role: 'Staff' }, 'reader').expect(201);
    await assign('ann', { subject: 'ann' }, 'contributor').expect(201);
    await assign('ops', { group: 'g1' }, 'owner').expect(201);
    const rolesOf = async (claims: Claims) => (await me(await issuer.token(claims)).expect(200)).body.roles;
    expect(await rolesOf({ sub: 'bob' })).toEqual({});
    expect(await rolesOf({ sub: 'bob', roles: ['Staff'] })).toEqual({ aero: 'reader' });
    expect(await rolesOf({ sub: 'ann', roles: ['Staff'] })).toEqual({ aero: 'contributor' });
    expect(await rolesOf({ sub: 'bob', groups: ['g1'], roles: ['Staff'] })).toEqual({ aero: 'owner' });
    // A role is no group, and a subject is neither.
    expect(await rolesOf({ sub: 'g1', groups: ['Staff'], roles: ['g1', 'ann'] })).toEqual({});

    const token = await issuer.token({ sub: 'ann' });
    await put(`${JOBS}/x`, SPEC, token).expect(201);
    await put('/v1/workspaces/blades/experiments/e/jobs/x', SPEC, token).expect(404);
    await put(`${path}/me`, { principal: { issuer: issuer.url, subject: 'ann' }, role: 'owner' }, token).expect(403);
    expect((await assign('ann', { subject: 'carl' }, 'contributor').expect(200)).body.principal.subject).toBe('carl');
    expect(await rolesOf({ sub: 'ann' })).toEqual({});
    expect(await rolesOf({ sub: 'carl' })).toEqual({ aero: 'contributor' });
    const bearer = `Bearer ${ADMIN}`;
    await sut.http.delete(`${path}/ann`).set('Authorization', bearer).expect(204);
    expect(await rolesOf({ sub: 'carl' })).toEqual({});
    const { body } = await sut.http.get(path).set('Authorization', bearer).expect(200);
    expect(body.value.map(({ name }: { name: string }) => name)).toEqual(['all', 'ops']);
    await sut.http.get(`${path}/ann`).set('Authorization', bearer).expect(404);
  });

  it('has no role by a pointer that a crash left without its assignment', async () => {
    const path = '/v1/workspaces/aero/roleAssignments/ann';
    await put(path, { principal: { issuer: issuer.url, subject: 'ann' }, role: 'owner' }).expect(201);
    await sut.resources.delete({ kind: 'roleAssignment', scope: ['aero'], name: 'ann' });
    expect((await me(await issuer.token({ sub: 'ann' }))).body.roles).toEqual({});
  });

  it('is given and taken roles in the version that If-Match names', async () => {
    const path = '/v1/workspaces/aero/roleAssignments/ann';
    const bearer = `Bearer ${ADMIN}`;
    const assign = (role: string, tag?: string) => {
      const request = put(path, { principal: { issuer: issuer.url, subject: 'ann' }, role });
      return tag === undefined ? request : request.set('If-Match', tag);
    };
    const made = (await assign('reader').expect(201)).headers['etag']!;
    expect((await sut.http.get(path).set('Authorization', bearer).expect(200)).headers['etag']).toBe(made);
    const both = await Promise.all([assign('owner', made), assign('contributor', made)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
    await sut.http.delete(path).set('Authorization', bearer).set('If-Match', made).expect(412);
    // One that is given while it is taken away still gives its role, when it is there.
    const remove = jest.spyOn(sut.resources, 'delete');
    let meanwhile: Promise<unknown> | undefined;
    remove.mockImplementation(async (key, etag) => {
      if (key.kind === 'roleOf') await (meanwhile ??= assign('reader').expect(201));
      return Object.getPrototypeOf(sut.resources).delete.call(sut.resources, key, etag) as Promise<boolean>;
    });
    await sut.http.delete(path).set('Authorization', bearer).expect(204);
    remove.mockRestore();
    expect((await me(await issuer.token({ sub: 'ann' })).expect(200)).body.roles).toEqual({ aero: 'reader' });
  });

  it.each([
    [{ issuer: 'https://other.example', subject: 'x' }, '$.principal.issuer'],
    [{ subject: 'x', role: 'y' }, '$.principal'],
    [{}, '$.principal'],
  ])('is assigned nothing by %j', async (principal, path) => {
    const body = { principal: { issuer: issuer.url, ...principal }, role: 'reader' };
    const answer = await put('/v1/workspaces/aero/roleAssignments/x', body).expect(400);
    expect(answer.body.errors[0].path).toBe(path);
  });
});
