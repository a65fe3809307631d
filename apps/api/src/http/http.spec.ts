import { MAX_BODY_BYTES } from '@windrow/contract';
import { StorageRefusedError, StorageUnavailableError } from '@windrow/storage';
import { BatchRefusedRequestError, DependencyUnavailableError } from '../common/errors';
import { JOBS, SPEC, startApi } from '../testing/start-api';
import { MethodTable } from './method-table';
import { toProblem } from './problem-mapping';

describe('the HTTP side', () => {
  let sut: Awaited<ReturnType<typeof startApi>>;
  beforeAll(async () => {
    sut = await startApi();
  });
  afterAll(() => sut.close());

  const raw = (body: string, type = 'application/json') =>
    sut.http.put(`${JOBS}/j1`).set('Content-Type', type).send(body);

  it.each([
    ['malformed JSON', '{"a":', 'application/json', 400, 'MalformedJson'],
    ['a lone value', '1', 'application/json', 400, 'InvalidRequest'],
    ['null', 'null', 'application/json', 400, 'InvalidRequest'],
    ['a list', '[]', 'application/json', 400, 'InvalidRequest'],
    ['no body', '', 'application/json', 400, 'InvalidRequest'],
    ['another type', 'a=1', 'application/x-www-form-urlencoded', 415, 'UnsupportedMediaType'],
    ['another charset', '{}', 'application/json; charset=klingon', 415, 'UnsupportedMediaType'],
    ['too much', `{"a":"${'x'.repeat(MAX_BODY_BYTES)}"}`, 'application/json', 413, 'BodyTooLarge'],
  ])('refuses %s', async (_what, body, type, status, code) => {
    const answer = await raw(body, type).expect(status);
    expect(answer.body.requestId).toBe(answer.headers['x-request-id']);
    expect(answer.body).toMatchObject({ status, code, type: `urn:windrow:problem:${code}`, instance: `${JOBS}/j1` });
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  });

  it.each([
    ['null', 'must be a JSON object, not null'],
    ['1', 'must be a JSON object, not a number'],
    ['[]', 'must be a JSON object, not a list'],
  ])('says of the body %p what is expected instead', async (body, message) => {
    expect((await raw(body).expect(400)).body.errors).toEqual([{ path: '$', code: 'InvalidType', message }]);
  });

  it('takes JSON by its other names', async () => {
    await raw(JSON.stringify(SPEC), 'application/vnd.x+json; charset=utf-8').expect(201);
  });

  it('gives entity tags to resources alone', async () => {
    await raw(JSON.stringify(SPEC));
    expect((await sut.http.get(`${JOBS}/j1`).expect(200)).headers['etag']).toMatch(/^"[0-9a-f-]+"$/);
    for (const path of [JOBS, '/docs-json', '/v1/account']) {
      expect([path, (await sut.http.get(path)).headers]).toEqual([
        path,
        expect.not.objectContaining({ etag: expect.anything() }),
      ]);
    }
    expect((await sut.http.get(`${JOBS}/none`).expect(404)).headers).not.toHaveProperty('etag');
  });

  it('knows unknown paths from wrong verbs', async () => {
    expect((await sut.http.get('/v2/jobs').expect(404)).body.code).toBe('RouteNotFound');
    const answer = await sut.http.post(`${JOBS}/j1`).expect(405);
    expect(answer.headers['allow']).toBe('GET, HEAD, PUT, DELETE, PATCH');
    expect(answer.body.code).toBe('MethodNotAllowed');
    expect((await sut.http.get(`${JOBS}/j1:launch`).expect(400)).body.errors[0].code).toBe('InvalidName');
    await sut.http.get('/v1/jobs/%E0%A4%A').expect(400);
  });

  it.each(['get', 'put', 'delete', 'patch'] as const)(
    'knows an action from a name: %s is none of its verbs',
    async (verb) => {
      for (const path of [`${JOBS}/j1:cancel`, `${JOBS}/j1%3Acancel`, '/v1/clusters/c1:resize']) {
        const answer = await sut.http[verb](path).expect(405);
        expect(answer.headers['allow']).toBe('POST');
        expect(answer.body).toMatchObject({ code: 'MethodNotAllowed', status: 405 });
        expect(answer.body.errors).toBeUndefined();
      }
    },
  );

  it.each([
    ['workspaces/A/experiments/e/jobs', 'workspace'],
    ['workspaces/a--b/experiments/e/jobs', 'workspace'],
    ['workspaces/aero/experiments/-e/jobs', 'experiment'],
    [`workspaces/aero/experiments/e/jobs/${'x'.repeat(65)}`, 'job'],
    ['jobs/a%2Fb', 'job'],
  ])('refuses the name in /v1/%s', async (path, field) => {
    const answer = await sut.http.get(`/v1/${path}`).expect(400);
    expect(answer.body.errors).toMatchObject([{ path: field, code: 'InvalidName' }]);
  });

  it.each(['pageSize=0', 'pageSize=1001', 'pageSize=ten', 'pageSize=1&pageSize=2', 'state=done', '$filter=x'])(
    'refuses ?%s',
    async (query) => {
      await sut.http.get(`${JOBS}?${query}`).expect(400);
    },
  );

  it('echoes a request id or gives one', async () => {
    expect((await sut.http.get('/v1').set('X-Request-Id', 'abc-1')).headers['x-request-id']).toBe('abc-1');
    const other = (await sut.http.get('/v1').set('X-Request-Id', 'a b')).headers['x-request-id'];
    expect(other).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('makes links from a host only if it is one', async () => {
    const { body } = await sut.http.get('/v1').set('Host', 'windrow.example:8080');
    expect(body.links.jobs).toBe('http://windrow.example:8080/v1/jobs');
    const odd = await sut.http.get('/v1').set('Host', 'x/"><script>');
    expect(JSON.stringify(odd.body)).not.toContain('script');
  });

  it('keeps unexpected errors to the log', async () => {
    sut.catalogue.listJobs = async () => {
      throw new Error('the secret is 42');
    };
    const answer = await sut.http.get(JOBS).set('X-Request-Id', 'r-1').expect(500);
    expect(answer.body).toMatchObject({ code: 'InternalError', requestId: 'r-1' });
    expect(answer.text).not.toContain('42');
  });

  it('refuses an Idempotency-Key that is none, such as an empty one', async () => {
    const started = sut.workflows.started.length;
    for (const key of ['a b', '', 'ü', 'x'.repeat(256)]) {
      const answer = await sut.http.post(JOBS).set('Idempotency-Key', key).send(SPEC).expect(400);
      expect(answer.body.errors[0].path).toBe('Idempotency-Key');
    }
    expect(sut.workflows.started).toHaveLength(started);
  });

  it('answers where to begin and that it lives', async () => {
    await sut.http.get('/health/live').expect(200, { status: 'live' });
    expect((await sut.http.get('/docs/').expect(200)).text).toContain('swagger-ui');
  });
});

describe('readiness', () => {
  it('names each dependency that is missing', async () => {
    const sut = await startApi();
    expect((await sut.http.get('/health/ready').expect(200)).body.dependencies).toHaveLength(4);
    sut.workflows.failures = [new DependencyUnavailableError('Temporal')];
    sut.catalogue.failure = new StorageUnavailableError('down', { code: 'ECONNREFUSED' });
    const { body } = await sut.http.get('/health/ready').expect(503);
    expect(body).toMatchObject({ code: 'NotReady', missing: ['Temporal', 'Table storage'] });
    await sut.close();
  });
});

it('finishes what is in flight before it stops, and does not wait for idle clients', async () => {
  const sut = await startApi();
  const address = await sut.api.listen();
  const begun = new Promise<void>((resolve) => {
    sut.catalogue.listJobs = async () => {
      resolve();
      await new Promise((later) => setTimeout(later, 300));
      return { rows: [] };
    };
  });
  const answer = fetch(`${address}/v1/jobs`);
  await begun;
  const started = Date.now();
  await sut.close();
  expect(Date.now() - started).toBeLessThan(2000);
  expect((await answer).status).toBe(200);
  await expect(fetch(`${address}/v1/jobs`)).rejects.toThrow();
});

describe('toProblem', () => {
  it('shows the Batch error beneath', () => {
    const error = new BatchRefusedRequestError({ code: 'AuthenticationFailed', message: 'no' }, undefined);
    expect(toProblem(error).problem).toMatchObject({ status: 502, batch: { code: 'AuthenticationFailed' } });
  });

  it.each([
    [new StorageRefusedError('key=abc', { code: 'AuthorizationFailure', statusCode: 403 })],
    ['text'],
    [undefined],
  ])('tells nothing of %p', (thrown) => {
    const { problem, unexpected } = toProblem(thrown);
    expect(unexpected).toBe(true);
    expect(JSON.stringify(problem)).not.toContain('abc');
  });
});

it('finds the verbs of a path', () => {
  const table = new MethodTable();
  const operation = { responses: {} };
  table.learn({ paths: { '/a/{b}': { get: operation }, '/a/{b}:go': { post: operation } } } as never);
  expect(table.of('/a/x?y=1')).toEqual(['GET', 'HEAD']);
  expect(table.of('/a/x:go')).toEqual(['POST']);
  expect(table.of('/a')).toEqual([]);
});
