import { startHttpScript } from '../../../../test/support/http-script';
import type { HttpScript, SeenRequest } from '../../../../test/support/http-script';
import {
  createBatchClient,
  ensureJob,
  ensureJobDeleted,
  ensureJobTerminated,
  ensurePool,
  ensurePoolDeleted,
  ensureJobSealed,
} from '../index';
import type { BatchClient, BatchTaskCreateOptions } from '../index';
import { chunks } from './add-collection';

let server: HttpScript;
let client: BatchClient;
let slept: number[];

beforeAll(async () => {
  server = await startHttpScript();
});
afterAll(() => server.stop());
beforeEach(() => {
  slept = [];
  client = createBatchClient(
    { endpoint: server.url, auth: { kind: 'sharedKey', accountName: 'acc', accountKey: 'a2V5' } },
    { now: Date.now, random: () => 1, sleep: async (ms) => void slept.push(ms) },
  );
});

it('jobs are disabled, with what happens to running tasks, and enabled', async () => {
  server.answer(() => ({ status: 202 }));
  await client.jobs.disable('a/b', 'requeue');
  await client.jobs.enable('a/b');
  expect(server.seen.map(({ method, url, body }) => [method, url.split('?')[0], body])).toEqual([
    ['POST', '/jobs/a%2Fb/disable', '{"disableTasks":"requeue"}'],
    ['POST', '/jobs/a%2Fb/enable', ''],
  ]);
});

describe('tasks.addCollection', () => {
  const tasks = (count: number, size = 10): BatchTaskCreateOptions[] =>
    Array.from({ length: count }, (_, n) => ({ id: `t${n}`, commandLine: 'x'.repeat(size) }));
  const idsOf = ({ body }: SeenRequest) => (JSON.parse(body) as { value: { id: string }[] }).value.map(({ id }) => id);
  const success = (request: SeenRequest) => ({
    status: 200,
    // In any order, as the service does.
    body: {
      value: idsOf(request)
        .reverse()
        .map((taskId) => ({ status: 'success', taskId })),
    },
  });
  const refusal = { status: 413, body: { code: 'RequestBodyTooLarge', message: { value: 'Too large.' } } };

  it('sends at most a hundred tasks a request', async () => {
    server.answer(success);
    expect(await client.tasks.addCollection('j', tasks(250))).toEqual({ added: 250, existed: 0, refused: [] });
    expect(server.seen.map((request) => idsOf(request).length)).toEqual([100, 100, 50]);
    expect(server.seen[0]).toMatchObject({ method: 'POST', url: '/jobs/j/addtaskcollection?api-version=2025-06-01' });
  });

  it('keeps requests below the size limit of its own accord', async () => {
    server.answer(success);
    await client.tasks.addCollection('j', tasks(30, 100_000));
    expect(server.seen.map((request) => idsOf(request).length)).toEqual([9, 9, 9, 3]);
    for (const { body } of server.seen) expect(body.length).toBeLessThan(1024 * 1024);
  });

  it('sends nothing for no tasks', async () => {
    server.answer(success);
    expect(await client.tasks.addCollection('j', [])).toEqual({ added: 0, existed: 0, refused: [] });
    expect(server.seen).toHaveLength(0);
  });

  it('halves what the service finds too large, and loses none', async () => {
    server.answer((request) => (idsOf(request).length > 30 ? refusal : success(request)));
    expect((await client.tasks.addCollection('j', tasks(100))).added).toBe(100);
    const sent = server.seen.filter((request) => idsOf(request).length <= 30).flatMap(idsOf);
    expect(new Set(sent).size).toBe(100);
    expect(sent).toHaveLength(100);
  });

  it('names the task that is too large by itself', async () => {
    server.answer((request) => (idsOf(request).includes('t2') ? refusal : success(request)));
    const adding = client.tasks.addCollection('j', tasks(4));
    await expect(adding).rejects.toMatchObject({ name: 'BatchRefusedError', code: 'RequestBodyTooLarge' });
    await expect(adding).rejects.toThrow("Task 't2' of job 'j'");
  });

  it('counts tasks that exist and reports tasks that are refused', async () => {
    const fates: Record<string, object> = {
      t0: { status: 'clienterror', error: { code: 'TaskExists' } },
      t1: {
        status: 'clienterror',
        error: {
          code: 'InvalidPropertyValue',
          message: { value: 'Wrong.\nRequestId:1' },
          values: [{ key: 'PropertyName', value: 'requiredSlots' }],
        },
      },
      t2: { status: 'success' },
    };
    server.answer((request) => ({
      status: 200,
      body: { value: idsOf(request).map((taskId) => ({ taskId, ...fates[taskId] })) },
    }));
    expect(await client.tasks.addCollection('j', tasks(3))).toEqual({
      added: 1,
      existed: 1,
      refused: [{ taskId: 't1', code: 'InvalidPropertyValue', message: 'Wrong. PropertyName: requiredSlots.' }],
    });
  });

  it('sends again what the service failed to add or left out', async () => {
    server.answer((request, n) => ({
      status: 200,
      body: {
        value: idsOf(request)
          .filter((id) => n > 1 || id !== 't3')
          .map((taskId) => ({ taskId, status: n === 1 && taskId === 't1' ? 'servererror' : 'success' })),
      },
    }));
    expect((await client.tasks.addCollection('j', tasks(5))).added).toBe(5);
    expect(server.seen.map(idsOf)).toEqual([
      ['t0', 't1', 't2', 't3', 't4'],
      ['t1', 't3'],
    ]);
    expect(slept).toEqual([500]);
  });

  it('stops when the service keeps failing', async () => {
    server.answer((request) => ({
      status: 200,
      body: { value: idsOf(request).map((taskId) => ({ taskId, status: 'servererror' })) },
    }));
    await expect(client.tasks.addCollection('j', tasks(2))).rejects.toMatchObject({ name: 'BatchUnavailableError' });
    expect(server.seen).toHaveLength(5);
  });

  it('throws what is wrong with the job', async () => {
    server.answer(() => ({ status: 409, body: { code: 'JobCompleted' } }));
    await expect(client.tasks.addCollection('j', tasks(1))).rejects.toMatchObject({ code: 'JobCompleted' });
  });

  it('puts an oversized task into a request of its own', () => {
    const entries = [10, 2_000_000, 10].map((size, n) => ({ id: `t${n}`, json: 'x'.repeat(size) }));
    expect([...chunks(entries)].map((chunk) => chunk.map(({ id }) => id))).toEqual([['t0'], ['t1'], ['t2']]);
  });
});

describe('listings', () => {
  it('follows links on this account only, with options and link as they were', async () => {
    const nextLink = 'https://elsewhere.example/jobs/j/tasks?api-version=2025-06-01&$skiptoken=WATV2:a^b/c:1$1';
    server.answer((_, n) => ({
      status: 200,
      body: n === 1 ? { value: [{ id: 'a' }], 'odata.nextLink': nextLink } : { value: [{ id: 'b' }] },
    }));
    const options = { filter: "state eq 'completed'", select: 'id,state', maxResults: 1 };
    const first = await client.tasks.listPage('j', options);
    expect(first).toEqual({ value: [{ id: 'a' }], nextLink });
    const second = await client.tasks.listPage('j', { nextLink });
    expect(second).toEqual({ value: [{ id: 'b' }] });
    expect(server.seen.map(({ url }) => url)).toEqual([
      '/jobs/j/tasks?$filter=state%20eq%20%27completed%27&$select=id%2Cstate&maxresults=1&api-version=2025-06-01',
      '/jobs/j/tasks?api-version=2025-06-01&$skiptoken=WATV2:a^b/c:1$1',
    ]);
  });

  it('goes on to the last page', async () => {
    server.answer((_, n) => ({
      status: 200,
      body: { value: [{ id: `n${n}` }], ...(n < 3 && { 'odata.nextLink': `${server.url}/pools/p/nodes?page=${n}` }) },
    }));
    const ids: string[] = [];
    for await (const { id } of client.nodes.list('p')) ids.push(id);
    expect(ids).toEqual(['n1', 'n2', 'n3']);
  });

  it('asks for the counts of one pool', async () => {
    server.answer((_, n) => ({ status: 200, body: { value: n === 1 ? [{ poolId: 'p' }] : [] } }));
    expect(await client.pools.nodeCounts('p')).toEqual({ poolId: 'p' });
    expect(await client.pools.nodeCounts('p')).toBeUndefined();
    expect(server.seen[0]!.url).toContain('/nodecounts?$filter=poolId%20eq%20%27p%27&');
  });
});

describe('files', () => {
  it('streams a range', async () => {
    server.answer(() => ({
      status: 200,
      headers: {
        'last-modified': 'Mon, 01 Jan 2024 00:00:00 GMT',
        'ocp-batch-file-isdirectory': 'false',
        'content-length': '5',
      },
      body: 'hello',
    }));
    const file = await client.files.readTaskFile('j', 't', 'stdout.txt', { offset: 10, count: 5 });
    expect(file).toMatchObject({ bytes: 5, isDirectory: false, lastModified: new Date(Date.UTC(2024, 0, 1)) });
    expect(Buffer.concat(await file.stream.toArray()).toString()).toBe('hello');
    expect(server.seen[0]!.headers['ocp-range']).toBe('bytes=10-14');
    await (await client.files.readTaskFile('j', 't', 'f', { offset: 3 })).stream.toArray();
    expect(server.seen[1]!.headers['ocp-range']).toBe('bytes=3-');
    await (await client.nodes.readFile('p', 'n', 'startup/stderr.txt')).toArray();
    expect(server.seen[2]!.url).toMatch(/^\/pools\/p\/nodes\/n\/files\/startup%2Fstderr.txt\?/);
    expect(server.seen[2]!.headers['ocp-range']).toBeUndefined();
  });

  it('tells why a file cannot be read', async () => {
    server.answer(() => ({ status: 404, body: { code: 'FileNotFound' } }));
    await expect(client.files.readTaskFile('j', 't', 'f')).rejects.toMatchObject({ code: 'FileNotFound' });
    server.answer(() => ({ status: 404 }));
    await expect(client.files.taskFileProperties('j', 't', 'f')).rejects.toMatchObject({ name: 'BatchNotFoundError' });
  });
});

describe('steps that may run twice', () => {
  const conflict = (code: string) => server.answer(() => ({ status: 409, body: { code } }));
  const pool = { id: 'p', vmSize: 's', virtualMachineConfiguration: { imageReference: {}, nodeAgentSKUId: 'a' } };
  const job = { id: 'j', poolInfo: { poolId: 'p' } };

  it('creates once', async () => {
    server.answer(() => ({ status: 201 }));
    expect(await ensurePool(client, pool)).toEqual({ created: true });
    expect(await ensureJob(client, job)).toEqual({ created: true });
    conflict('PoolExists');
    expect(await ensurePool(client, pool)).toEqual({ created: false });
    conflict('JobExists');
    expect(await ensureJob(client, job)).toEqual({ created: false });
  });

  it('does not take a pool that is going for one that is there', async () => {
    conflict('PoolBeingDeleted');
    await expect(ensurePool(client, pool)).rejects.toMatchObject({ code: 'PoolBeingDeleted' });
    conflict('PoolQuotaReached');
    await expect(ensurePool(client, pool)).rejects.toMatchObject({ name: 'BatchQuotaError' });
  });

  it('is content with what has ended already', async () => {
    conflict('PoolBeingDeleted');
    expect(await ensurePoolDeleted(client, 'p')).toEqual({ deleted: false });
    conflict('JobBeingDeleted');
    expect(await ensureJobDeleted(client, 'j')).toEqual({ deleted: false });
    conflict('JobCompleted');
    expect(await ensureJobTerminated(client, 'j', 'why')).toEqual({ terminated: false });
    expect(server.seen[0]!.body).toBe('{"terminateReason":"why"}');
    conflict('JobCompleted');
    expect(await ensureJobSealed(client, 'j')).toEqual({ sealed: false });
    server.answer(() => ({ status: 404, body: { code: 'PoolNotFound' } }));
    expect(await ensurePoolDeleted(client, 'p')).toEqual({ deleted: false });
    server.answer(() => ({ status: 202 }));
    expect(await ensurePoolDeleted(client, 'p')).toEqual({ deleted: true });
    expect(await ensureJobTerminated(client, 'j')).toEqual({ terminated: true });
  });

  it('knows whether a pool exists', async () => {
    server.answer((_, n) => ({ status: n === 1 ? 200 : 404 }));
    expect(await client.pools.exists('p')).toBe(true);
    expect(await client.pools.exists('p')).toBe(false);
  });
});

describe('application', () => {
  it('gives the versions that tasks can use, and tells when there is no such application', async () => {
    server.answer(() => ({ status: 200, body: { id: 'a', displayName: 'A', versions: ['1.0', '2'] } }));
    expect((await client.application('a')).versions).toEqual(['1.0', '2']);
    expect(server.seen[0]).toMatchObject({ method: 'GET', url: '/applications/a?api-version=2025-06-01' });
    server.answer(() => ({ status: 404, body: { code: 'ApplicationNotFound', message: { value: 'no' } } }));
    await expect(client.application('b')).rejects.toMatchObject({
      name: 'BatchNotFoundError',
      code: 'ApplicationNotFound',
    });
  });
});
