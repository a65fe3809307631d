import { createBatchClient } from '@windrow/batch';
import { type HttpScript, startHttpScript } from '../../../../test/support/http-script';
import { BatchRefusedRequestError, DependencyUnavailableError } from '../common/errors';
import { BatchGateway } from './batch.gateway';

const KEY = { uid: 'u1', wave: 2, index: 17 };
const TASK = {
  id: '00000017',
  state: 'completed',
  executionInfo: {
    exitCode: 2,
    result: 'failure',
    retryCount: 1,
    failureInfo: { category: 'usererror', code: 'FailureExitCode', message: 'ended with 2' },
  },
  nodeInfo: { nodeId: 'tvm-1' },
};

describe('BatchGateway', () => {
  let server: HttpScript;
  let sut: BatchGateway;

  beforeAll(async () => {
    server = await startHttpScript();
    const auth = { kind: 'sharedKey' as const, accountName: 'dev', accountKey: 'a2V5' };
    const client = createBatchClient({ endpoint: server.url, auth, retry: { maxAttempts: 1 } });
    sut = new BatchGateway(client, server.url);
  });
  afterAll(() => server.stop());

  const answer = (status: number, body: object = {}) => server.answer(() => ({ status, body }));
  const notFound = (code: string) => answer(404, { code, message: { value: 'gone' } });
  const asked = () => new URL(server.seen[0]?.url ?? '', server.url);

  it('finds the waves of a job, the latest first, without those of a reduction', async () => {
    const ids = ['windrow-u1-1', 'windrow-u1-10', 'windrow-u1-2', 'windrow-u1-r1'];
    answer(200, {
      value: [...ids.map((id) => ({ id, state: 'active' })), { id: 'windrow-u1-11', state: 'deleting' }],
    });
    expect(await sut.waves('u1')).toEqual([10, 2, 1]);
    expect(asked().searchParams.get('$filter')).toBe("startswith(id,'windrow-u1-')");
  });

  it('translates a task', async () => {
    answer(200, TASK);
    expect(await sut.task(KEY)).toEqual({
      index: 17,
      wave: 2,
      state: 'failed',
      exitCode: 2,
      code: 'FailureExitCode',
      message: 'ended with 2',
      node: 'tvm-1',
      retries: 1,
    });
    expect(asked().pathname).toBe('/jobs/windrow-u1-2/tasks/00000017');
  });

  it('takes "not there" for an answer', async () => {
    notFound('TaskNotFound');
    expect(await sut.task(KEY)).toBeUndefined();
    notFound('JobNotFound');
    expect(await sut.range('u1', 1, 0, 9)).toBeUndefined();
    expect(await sut.page('u1', 1, 'active', { size: 10 })).toEqual({ tasks: [] });
    answer(409, { code: 'TaskFilesUnavailable', message: { value: 'node gone' } });
    expect(await sut.files(KEY)).toBeUndefined();
    expect(await sut.read(KEY, 'stdout.txt', { offset: 0, count: 1 })).toBeUndefined();
  });

  it('asks for tasks by range of ids', async () => {
    answer(200, { value: [TASK] });
    expect(await sut.range('u1', 1, 10, 19)).toHaveLength(1);
    expect(asked().searchParams.get('$filter')).toBe("id ge '00000010' and id le '00000019'");
  });

  it('goes on with a page at its own endpoint, whatever the cursor says', async () => {
    const nextLink = `${server.url}/jobs/windrow-u1-1/tasks?$skiptoken=abc&api-version=1`;
    answer(200, { value: [], 'odata.nextLink': nextLink });
    const first = await sut.page('u1', 1, 'running', { size: 7 });
    expect(asked().searchParams.get('maxresults')).toBe('7');
    expect(asked().searchParams.get('$filter')).toBe("state eq 'running' or state eq 'preparing'");
    expect(first.cursor).toBe('$skiptoken=abc&api-version=1');
    answer(200, { value: [] });
    await sut.page('u1', 1, 'running', { size: 7, cursor: '@evil.example/?x=1' });
    expect(asked().pathname).toBe('/jobs/windrow-u1-1/tasks');
  });

  it('reads files and leaves folders out', async () => {
    const properties = { contentLength: 5, lastModified: '2026-01-15T09:00:00Z' };
    answer(200, {
      value: [
        { name: 'wd', isDirectory: true },
        { name: 'stdout.txt', isDirectory: false, properties },
      ],
    });
    expect(await sut.files(KEY)).toEqual([{ path: 'stdout.txt', bytes: 5, lastModified: '2026-01-15T09:00:00Z' }]);
    server.answer(() => ({ status: 200, body: 'ell' }));
    const chunks: Buffer[] = [];
    for await (const chunk of (await sut.read(KEY, 'stdout.txt', { offset: 1, count: 3 })) ?? [])
      chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toBe('ell');
    expect(server.seen[0]?.headers['ocp-range']).toBe('bytes=1-3');
  });

  it('finds pools by a package of their set-up, whatever its case', async () => {
    const using = (...applicationPackageReferences: object[]) => ({ applicationPackageReferences });
    answer(200, {
      value: [
        { id: 'none' },
        { id: 'one', ...using({ applicationId: 'Solver', version: '1.0-b' }, { applicationId: 'x' }) },
        { id: 'two', ...using({ applicationId: 'solver', version: '2' }) },
        { id: 'any', ...using({ applicationId: 'solver' }) },
      ],
    });
    expect(await sut.poolsWithPackage('solver')).toEqual(['one', 'two', 'any']);
    expect(await sut.poolsWithPackage('solver', '1.0-B')).toEqual(['one', 'any']);
    expect(asked().searchParams.get('$select')).toBe('id,applicationPackageReferences');
  });

  it('tells a refusal from an outage', async () => {
    answer(403, { code: 'AuthenticationFailed', message: { value: 'no' } });
    await expect(sut.waves('u1')).rejects.toThrow(BatchRefusedRequestError);
    answer(503, { code: 'ServerBusy', message: { value: 'later' } });
    await expect(sut.check()).rejects.toThrow(DependencyUnavailableError);
    notFound('PoolNotFound');
    await expect(sut.check()).resolves.toBeUndefined();
  });
});
