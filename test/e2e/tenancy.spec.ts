/** Two workspaces on one installation: what the one can learn of the other, which is nothing. */
import { createHash } from 'node:crypto';
import { UnsecuredJWT } from 'jose';
import { createStorage, storageConfigFromConnectionString } from '@windrow/storage';
import { AUDIENCE, shellJob, startIssuer, TestStack, waitFor, WORKSPACE } from '../support';
import type { Answer, Body } from '../support/test-stack';

const ADMIN = 'wdr_admin_0123456789abcdef0123456789abcdef';
const A = 'team-a';
const B = 'team-b';
/** What B has, and names as long that nobody has, so that not even lengths differ by themselves. */
const THERE: Record<string, string> = {
  experiment: 'b-exp',
  job: 'b-job',
  cluster: 'b-wind',
  fileServer: 'b-data',
  application: 'b-tool',
  version: 'b-1.0',
  index: '0',
  name: 'b-rule',
  webhook: 'b-hook',
  schedule: 'b-plan',
};
const NOWHERE: Record<string, string> = {
  experiment: 'x-exp',
  job: 'x-job',
  cluster: 'x-wind',
  fileServer: 'x-data',
  application: 'x-tool',
  version: 'x-1.0',
  index: '1',
  name: 'x-rule',
  webhook: 'x-hook',
  schedule: 'x-plan',
};
const FILES = { path: 'stdout.txt' };
/** Of each answer another one, whatever is asked. */
const CHANGING = ['date', 'x-request-id', 'connection', 'keep-alive'];

let stack: TestStack;
let issuer: Awaited<ReturnType<typeof startIssuer>>;
let keyOfA: string;
let keyIdOfB: string;
let document: Body;

const jobPath = (workspace: string, job: string) => `/v1/workspaces/${workspace}/experiments/b-exp/jobs/${job}`;
const assignments = (workspace: string) => `/v1/workspaces/${workspace}/roleAssignments`;
const as = (key: string, method: string, path: string, body?: unknown) =>
  stack.call(method, path, body, { authorization: `Bearer ${key}` });
const finished = (path: string) =>
  waitFor(path, async () => {
    const job = (await stack.call('GET', path)).body;
    return ['succeeded', 'failed'].includes(job.state) && job;
  });
const makeKey = async (roles: object) =>
  (await stack.call('POST', '/v1/apiKeys', { displayName: 'test', roles })).body as { id: string; key: string };

const ONE = shellJob('', {
  input: { kind: 'repeat', count: 1 },
  task: {
    commandLine: "/bin/sh -c 'mkdir out; echo x > out/x'",
    outputs: [{ pattern: 'out/**', when: 'success' }],
  },
});

beforeAll(async () => {
  issuer = await startIssuer();
  stack = await TestStack.start({
    key: ADMIN,
    env: {
      WINDROW_ADMIN_KEY_SHA256: createHash('sha256').update(ADMIN).digest('hex'),
      WINDROW_OIDC_ISSUERS: JSON.stringify([{ issuer: issuer.url, audience: AUDIENCE }]),
    },
  });
  for (const workspace of [A, B]) await stack.call('PUT', `/v1/workspaces/${workspace}`, {});
  keyOfA = (await makeKey({ [A]: 'owner' })).key;
  keyIdOfB = (await makeKey({ [B]: 'contributor' })).id;
  document = (await stack.call('GET', '/docs-json')).body;
  const cluster = { vmSizes: ['standard_d2s_v3'], nodes: { max: 1 } };
  const hook = { url: 'https://example.com/', events: ['cluster.broken'] };
  const rule = { principal: { issuer: issuer.url, subject: 'bea' }, role: 'contributor' };
  const made = await Promise.all([
    ...[jobPath(A, 'mine'), jobPath(B, 'b-job'), '/v1/jobs/b-job'].map((path) => stack.call('PUT', path, ONE)),
    stack.call('PUT', `/v1/workspaces/${B}/clusters/b-wind`, cluster),
    stack.call('PUT', '/v1/clusters/b-wind', cluster),
    stack.call('PUT', `/v1/workspaces/${B}/fileServers/b-data`, { nfs: { source: 'host:/export' } }),
    stack.call('PUT', `/v1/workspaces/${B}/applications/b-tool`, {}),
    stack.call('PUT', '/v1/applications/b-tool', {}),
    stack.call('PUT', `${assignments(B)}/b-rule`, rule),
    stack.call('PUT', `/v1/workspaces/${B}/webhooks/b-hook`, hook),
    stack.call('PUT', `/v1/workspaces/${B}/schedules/b-plan`, { spec: { cron: ['0 0 1 1 *'] }, job: ONE }),
  ]);
  expect(made.map(({ status }) => status)).toEqual(made.map(() => 201));
  for (const within of [`/v1/workspaces/${B}`, '/v1']) {
    expect((await stack.call('PUT', `${within}/applications/b-tool/versions/b-1.0`)).status).toBe(201);
  }
  for (const path of [jobPath(A, 'mine'), jobPath(B, 'b-job'), '/v1/jobs/b-job']) await finished(path);
});

afterAll(async () => {
  await stack.stop();
  await issuer.stop();
});

interface Operation {
  verb: string;
  path: string;
  body: unknown;
}

function operations(): Operation[] {
  return Object.entries<Body>(document.paths).flatMap(([path, item]) =>
    ['get', 'put', 'post', 'patch', 'delete'].flatMap((verb) => {
      const operation = item[verb];
      if (!operation) return [];
      const media = operation.requestBody?.content?.['application/json'];
      const [example] = Object.values<Body>(media?.examples ?? {});
      return [{ verb: verb.toUpperCase(), path, body: example?.value }];
    }),
  );
}

/** The path with the names in it; one that this file knows nothing of is for its author to add here. */
function filled(path: string, names: Record<string, string>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = { ...FILES, ...names }[name];
    if (value === undefined) throw new Error(`What is {${name}} of ${path} in workspace ${B}?`);
    return value;
  });
}

/** All of an answer but the names that were asked for. */
function shape({ status, body, headers }: Answer, url: string, names: Record<string, string>) {
  const nameless = Object.entries(names).reduce(
    (text, [name, value]) => (name === 'index' ? text : text.replaceAll(value, `{${name}}`)),
    JSON.stringify(body)
      .replaceAll(`"${url}"`, '"URL"')
      .replace(/"requestId":"[^"]*"/, '"requestId":""'),
  );
  return { status, body: nameless, headers: [...headers].filter(([name]) => !CHANGING.includes(name)).sort() };
}

describe('a key of one workspace', () => {
  it('gets the same answer to what is in another as to what is nowhere, on every route', async () => {
    const there = { ...THERE, workspace: B, key: keyIdOfB };
    const nowhere = { ...NOWHERE, workspace: 'team-x', key: '0'.repeat(keyIdOfB.length) };
    const seen: [string, number][] = [];
    for (const { verb, path, body } of operations()) {
      if (!path.startsWith('/v1/') || ['/v1/me', '/v1/workspaces'].includes(path)) continue;
      const answers = [];
      for (const names of [there, nowhere]) {
        const url = filled(path, names);
        answers.push(shape(await as(keyOfA, verb, url, body), url, names));
      }
      expect([verb, path, answers[0]]).toEqual([verb, path, answers[1]]);
      const flat = !path.includes('{workspace}');
      const administrators = flat && /^\/v1\/(?:apiKeys|audit|account|codec)/.test(path);
      seen.push([`${verb} ${path}`, answers[0]!.status]);
      expect(seen.at(-1)).toEqual([`${verb} ${path}`, administrators ? 403 : 404]);
    }
    expect(seen.length).toBeGreaterThan(40);
    // Nothing of it had an effect.
    expect((await stack.call('GET', jobPath(B, 'b-job'))).body.redrives).toBeUndefined();
    expect((await stack.call('GET', `/v1/workspaces/${B}/clusters/b-wind`)).body.template.nodes.max).toBe(1);
    expect((await stack.call('GET', `/v1/apiKeys/${keyIdOfB}`)).status).toBe(200);
    expect((await stack.call('GET', `${assignments(B)}/b-rule`)).body.principal.subject).toBe('bea');
    expect((await stack.call('GET', `/v1/workspaces/${B}/experiments/b-exp/jobs`)).body.value).toHaveLength(1);
  });

  it('lists, links and names nothing of another', async () => {
    const text = async (path: string) => JSON.stringify((await as(keyOfA, 'GET', path)).body);
    const own = await Promise.all(
      ['experiments/b-exp/jobs', 'clusters', 'applications', 'apiKeys', 'roleAssignments', 'audit?pageSize=1000'].map(
        (path) => text(`/v1/workspaces/${A}/${path}`),
      ),
    );
    expect(own[0]).toContain('mine');
    expect([...own, await text('/v1/me'), await text('/v1/workspaces')].join()).not.toMatch(
      new RegExp(`${B}|${keyIdOfB}|${WORKSPACE}|"bea"`),
    );

    const submit = (change: object) => as(keyOfA, 'PUT', jobPath(A, 'new'), { ...ONE, ...change });
    for (const [theirs, none] of [
      [{ pool: { cluster: 'b-wind' } }, { pool: { cluster: 'x-wind' } }],
      [
        { task: { ...ONE.task, program: [{ application: 'b-tool', version: 'b-1.0' }] } },
        { task: { ...ONE.task, program: [{ application: 'x-tool', version: 'b-1.0' }] } },
      ],
      [
        { input: { kind: 'blobs', container: `windrow-${B}` } },
        { input: { kind: 'blobs', container: 'windrow-team-x' } },
      ],
    ] as const) {
      const names = { c: 'b-wind', a: 'b-tool', b: `windrow-${B}` };
      const noNames = { c: 'x-wind', a: 'x-tool', b: 'windrow-team-x' };
      const answer = await submit(theirs);
      expect(answer.status).toBe(422);
      expect(shape(answer, '', names)).toEqual(shape(await submit(none), '', noNames));
    }
    const link = (await as(keyOfA, 'GET', `${jobPath(A, 'mine')}/outputs`)).body.value[0].url as string;
    expect((await fetch(link)).status).toBe(200);
    const theirs = await stack.call('GET', `${jobPath(B, 'b-job')}/outputs`);
    const target = new URL(theirs.body.value[0].url);
    target.search = new URL(link).search;
    expect((await fetch(target)).status).toBe(403);
    const page = await stack.call('GET', `/v1/audit?pageSize=1&workspace=${B}`);
    const token = new URL(page.body.nextLink).search;
    expect((await as(keyOfA, 'GET', `/v1/workspaces/${A}/audit${token}`)).status).toBe(400);
  });

  it('is refused when it was revoked, or has expired', async () => {
    const { id, key } = await makeKey({ [A]: 'reader' });
    expect((await as(key, 'GET', jobPath(A, 'mine'))).status).toBe(200);
    await stack.call('DELETE', `/v1/apiKeys/${id}`);
    expect((await as(key, 'GET', jobPath(A, 'mine'))).body.code).toBe('KeyInvalid');
    const old = await makeKey({ [A]: 'reader' });
    const { resources } = createStorage(storageConfigFromConnectionString(stack.stack.storageConnectionString));
    await resources.change({ kind: 'apiKey', scope: [], name: old.id }, (record) => ({
      ...record,
      expiresTime: '2026-01-01T00:00:00.000Z',
    }));
    expect(await as(old.key, 'GET', jobPath(A, 'mine'))).toMatchObject({ status: 401, body: { code: 'KeyExpired' } });
  });
});

describe('a token', () => {
  it('has the roles that its bearer was given', async () => {
    const token = await issuer.token({ sub: 'bea' });
    expect((await as(token, 'GET', '/v1/me')).body.roles).toEqual({ [B]: 'contributor' });
    expect((await as(token, 'GET', jobPath(B, 'b-job'))).status).toBe(200);
    expect((await as(token, 'GET', jobPath(A, 'mine'))).status).toBe(404);
    expect((await as(token, 'GET', `/v1/workspaces/${B}/audit`)).status).toBe(403);
  });

  it('is refused when the issuer has not signed it for us', async () => {
    const claims = { iss: issuer.url, aud: AUDIENCE, sub: 'bea', exp: Math.floor(Date.now() / 1000) + 60 };
    const secret = new TextEncoder().encode(issuer.publicText);
    const tokens = [
      new UnsecuredJWT(claims).encode(),
      await issuer.token({ sub: 'bea' }, { alg: 'HS256', key: secret }),
      await issuer.token({ sub: 'bea' }, { kid: 'k9' }),
      await issuer.token({ sub: 'bea', aud: 'api://other' }),
      await issuer.token({ sub: 'bea', iss: 'https://other.example' }),
    ];
    for (const token of tokens) {
      const answer = await as(token, 'GET', jobPath(B, 'b-job'));
      expect(answer).toMatchObject({ status: 401, body: { code: 'TokenInvalid' } });
      expect(answer.headers.get('www-authenticate')).toContain('invalid_token');
    }
  });
});

it('the audit log tells who changed what, of our API and of the Batch account', async () => {
  const operationsOf = async (query: string) =>
    (await stack.call('GET', `/v1/workspaces/${A}/audit?pageSize=1000&${query}`)).body.value as Body[];
  const worker = await waitFor('the worker’s lines', async () => {
    const lines = await operationsOf('principal=windrow:worker');
    return lines.some(({ operation }) => operation === 'pools.delete') && lines;
  });
  const workflowId = expect.stringContaining(`${A}/`);
  for (const operation of ['pools.create', 'jobs.create', 'tasks.addCollection', 'jobs.delete']) {
    expect(worker).toContainEqual(
      expect.objectContaining({ source: 'batch', operation, workspace: A, workflowId, resource: expect.any(String) }),
    );
  }
  expect(worker.find(({ operation }) => operation === 'tasks.addCollection')).toMatchObject({ tasks: 1, status: 200 });
  const api = (await operationsOf('principal=apiKey:admin')).filter(({ source }) => source === 'api');
  expect(api).toContainEqual(expect.objectContaining({ method: 'PUT', resource: jobPath(A, 'mine'), status: 201 }));
  await as(keyOfA, 'DELETE', `/v1/workspaces/${B}/clusters/b-wind`);
  // Nobody waits for the lines of what was refused.
  const refused = await waitFor('the line of a refused request', async () => {
    const lines = (await stack.call('GET', `/v1/audit?pageSize=1000&workspace=${B}`)).body.value as Body[];
    const found = lines.filter(({ method, code }) => method === 'DELETE' && code === 'WorkspaceNotFound');
    return found.length > 0 && found;
  });
  expect(refused[0]).toMatchObject({ status: 404, principal: expect.stringMatching(/^apiKey:/), workspace: B });
  expect(JSON.stringify([worker, api, refused])).not.toMatch(/sig=|wdr_|commandLine/);
});
