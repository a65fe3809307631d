import { startHttpScript } from '../../../../test/support/http-script';
import type { HttpScript } from '../../../../test/support/http-script';
import { createBatchClient } from '../index';
import type { BatchConfig, BatchRuntime, ChangeReport, RequestReport } from '../index';

const NOW = Date.UTC(2024, 0, 1);
const IMAGE = { imageReference: { publisher: 'p', offer: 'o', sku: 's' }, nodeAgentSKUId: 'n' };

describe('transport', () => {
  let server: HttpScript;
  let slept: number[];
  let reports: RequestReport[];
  const runtime: BatchRuntime = {
    now: () => NOW,
    random: () => 0,
    sleep: async (ms) => void slept.push(ms),
  };
  const client = (more: Partial<BatchConfig> = {}) =>
    createBatchClient(
      {
        endpoint: server.url,
        auth: { kind: 'sharedKey', accountName: 'acc', accountKey: 'a2V5' },
        onRequest: (report) => reports.push(report),
        ...more,
      },
      runtime,
    );

  beforeAll(async () => {
    server = await startHttpScript();
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    slept = [];
    reports = [];
  });

  it('names its version, signs, and sends lengths the service can check', async () => {
    server.answer(() => ({ status: 202 }));
    await client().pools.stopResize('p');
    expect(server.seen[0]).toMatchObject({ method: 'POST', url: '/pools/p/stopresize?api-version=2025-06-01' });
    expect(server.seen[0]!.headers).toMatchObject({
      authorization: expect.stringMatching(/^SharedKey acc:[A-Za-z0-9+/]{43}=$/),
      'content-length': '0',
      'ocp-date': 'Mon, 01 Jan 2024 00:00:00 GMT',
      'client-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(server.seen[0]!.headers['content-type']).toBeUndefined();
    await client({ apiVersion: '2024-07-01.20.0' }).pools.resize('p', { targetDedicatedNodes: 2 });
    expect(server.seen[1]).toMatchObject({
      url: '/pools/p/resize?api-version=2024-07-01.20.0',
      headers: { 'content-type': 'application/json; odata=minimalmetadata', 'content-length': '26' },
      body: '{"targetDedicatedNodes":2}',
    });
  });

  it('reports each call that changes something once, when it has ended, and no readings', async () => {
    const changes: ChangeReport[] = [];
    const onChange = (report: ChangeReport) => changes.push(report);
    const taken = { value: [{ taskId: '1', status: 'success' }] };
    server.answer((_, n) =>
      n === 1 ? { status: 503 } : { status: 200, headers: { 'request-id': 'az1' }, body: taken },
    );
    const batch = client({ onChange });
    await batch.tasks.addCollection('j', [{ id: '1', commandLine: 'secret' }]);
    await batch.jobs.get('j');
    server.answer(() => ({ status: 201 }));
    await batch.pools.create({ id: 'p', vmSize: 'v', virtualMachineConfiguration: IMAGE });
    server.answer(() => ({ status: 404, body: { code: 'PoolNotFound', message: { value: 'no' } } }));
    await expect(batch.pools.delete('p')).rejects.toThrow('PoolNotFound');
    expect(changes).toEqual([
      {
        operation: 'tasks.addCollection',
        method: 'POST',
        path: '/jobs/j/addtaskcollection',
        tasks: 1,
        status: 200,
        requestId: 'az1',
        attempts: 2,
      },
      { operation: 'pools.create', method: 'POST', path: '/pools/p', status: 201, attempts: 1 },
      { operation: 'pools.delete', method: 'DELETE', path: '/pools/p', status: 404, code: 'PoolNotFound', attempts: 1 },
    ]);
  });

  it('encodes ids and file paths as single segments', async () => {
    server.answer(() => ({ status: 200, headers: { 'content-length': '0' } }));
    await client().files.taskFileProperties('a/b', 'ü', 'wd/sub dir/a+b.txt');
    expect(server.seen[0]!.url).toMatch(/^\/jobs\/a%2Fb\/tasks\/%C3%BC\/files\/wd%2Fsub%20dir%2Fa%2Bb\.txt\?/);
  });

  it.each([429, 503, 500, 408, 502, 504])('tries again after %d, backing off', async (status) => {
    server.answer((_, n) => (n < 4 ? { status } : { status: 200, body: { id: 'j' } }));
    expect(await client().jobs.get('j')).toEqual({ id: 'j' });
    expect(slept).toEqual([250, 500, 1000]);
    expect(reports).toEqual([
      { operation: 'jobs.get', method: 'GET', status, ms: 0, attempt: 1 },
      { operation: 'jobs.get', method: 'GET', status, ms: 0, attempt: 2 },
      { operation: 'jobs.get', method: 'GET', status, ms: 0, attempt: 3 },
      { operation: 'jobs.get', method: 'GET', status: 200, ms: 0, attempt: 4 },
    ]);
  });

  it('tries again when the answer is lost, writes included', async () => {
    server.answer((_, n) => (n === 1 ? { status: 0, hangUp: true } : { status: 201 }));
    await client().jobs.create({ id: 'j', poolInfo: { poolId: 'p' } });
    expect(server.seen.map(({ body }) => body)).toEqual(Array(2).fill('{"id":"j","poolInfo":{"poolId":"p"}}'));
    expect(reports[0]).toEqual({ operation: 'jobs.create', method: 'POST', ms: 0, attempt: 1 });
  });

  it('waits as long as the service asks, in seconds or until a date', async () => {
    const waits = ['7', new Date(NOW + 9000).toUTCString(), new Date(NOW - 9000).toUTCString(), 'soon'];
    server.answer((_, n) =>
      n <= waits.length ? { status: 503, headers: { 'retry-after': waits[n - 1]! } } : { status: 202 },
    );
    await client().pools.delete('p');
    expect(slept).toEqual([7000, 9000, 0, 2000]);
  });

  it('leaves a longer wait to the caller', async () => {
    server.answer(() => ({ status: 429, headers: { 'retry-after': '90' }, body: { code: 'TooManyRequests' } }));
    await expect(client().jobs.get('j')).rejects.toMatchObject({
      name: 'BatchUnavailableError',
      code: 'TooManyRequests',
      status: 429,
      retryAfterMs: 90_000,
    });
    expect(slept).toEqual([]);
  });

  it('gives up after as many attempts as it is allowed', async () => {
    server.answer(() => ({ status: 503, body: { code: 'ServerBusy' } }));
    const retry = { maxAttempts: 3, baseDelayMs: 100, maxDelayMs: 150 };
    await expect(client({ retry }).jobs.get('j')).rejects.toMatchObject({ code: 'ServerBusy' });
    expect(slept).toEqual([50, 75]);
    server.answer(() => ({ status: 0, hangUp: true }));
    await expect(client({ retry }).jobs.get('j')).rejects.toMatchObject({
      name: 'BatchUnavailableError',
      code: 'ECONNRESET',
      status: undefined,
    });
  });

  it.each([
    [400, 'InvalidPropertyValue', 'BatchRefusedError'],
    [403, 'AuthenticationFailed', 'BatchRefusedError'],
    [413, 'RequestBodyTooLarge', 'BatchRefusedError'],
    [501, 'NotImplemented', 'BatchRefusedError'],
    [404, 'JobNotFound', 'BatchNotFoundError'],
    [409, 'JobCompleted', 'BatchConflictError'],
    [409, 'ActiveJobAndScheduleQuotaReached', 'BatchQuotaError'],
    [409, 'PoolQuotaReached', 'BatchQuotaError'],
  ])('reads %d %s as %s, at once', async (status, code, name) => {
    server.answer(() => ({
      status,
      headers: { 'request-id': 'r-1' },
      body: {
        code,
        message: { value: 'A sentence.\nRequestId:r-1\nTime:2024' },
        values: [{ key: 'Reason', value: 'because of https://a.b/c?sv=1&sig=SECRET' }],
      },
    }));
    const error: unknown = await client()
      .jobs.get('j')
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name, code, status, requestId: 'r-1', values: [{ key: 'Reason' }] });
    expect(String(error)).toBe(
      `${name}: jobs.get failed (${code}, HTTP ${status}): A sentence. Reason: because of https://a.b/c?....`,
    );
    expect(JSON.stringify(error)).not.toContain('SECRET');
    expect(server.seen).toHaveLength(1);
  });

  it('makes do with answers that are not from the service', async () => {
    server.answer(() => ({ status: 403, body: '<html>proxy</html>' }));
    await expect(client().jobs.get('j')).rejects.toMatchObject({ name: 'BatchRefusedError', code: 'Http403' });
  });

  it('says when a token cannot be had', async () => {
    const getToken = () => Promise.reject(Object.assign(new Error('az login'), { name: 'CredentialUnavailableError' }));
    const config = { endpoint: 'https://127.0.0.1:9', auth: { kind: 'token' as const, credential: { getToken } } };
    await expect(client(config).jobs.get('j')).rejects.toMatchObject({
      name: 'BatchRefusedError',
      code: 'CredentialUnavailableError',
    });
  });
});
