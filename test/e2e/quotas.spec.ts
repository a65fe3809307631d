/** Quotas of workspaces: jobs that wait for others, a queue that is full, and nodes that clusters share. */
import type { JobRow } from '@windrow/contract';
import { shellJob, TestStack, waitFor } from '../support';

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start();
});

afterAll(() => stack.stop());

const W = '/v1/workspaces/aero';
const JOBS = `${W}/experiments/e/jobs`;
const ONE = { kind: 'repeat', count: 1 } as const;
const POOL = { vmSizes: ['standard_d2s_v3'], nodes: { max: 1 } };
const LONG = shellJob('sleep 600', { input: ONE, pool: POOL });
const job = async (name: string): Promise<JobRow> => (await stack.call('GET', `${JOBS}/${name}`)).body;
const submit = (name: string, more: object = {}) => stack.call('PUT', `${JOBS}/${name}`, { ...LONG, ...more });
const cancel = (name: string) => stack.call('POST', `${JOBS}/${name}:cancel`);
const quotas = (change: object) => stack.call('PATCH', W, { quotas: change });
const running = (name: string) => waitFor(`${name} to run`, async () => (await job(name)).counts.running === 1, 60_000);
const waits = (name: string, words: string) =>
  waitFor(
    `${name} to wait: ${words}`,
    async () => {
      const row = await job(name);
      return row.waiting?.message.includes(words) && row;
    },
    60_000,
  );

it('jobs beyond the quota wait, with place and reason, and go on by priority when others end in any way', async () => {
  expect((await stack.call('PUT', W, { quotas: { concurrentJobs: 1, queuedJobs: 2 } })).status).toBe(201);
  expect((await submit('first')).status).toBe(201);
  await running('first');
  expect((await submit('second')).status).toBe(201);
  expect(await waits('second', 'Number 1 in the queue of workspace aero: 1 of 1 jobs run.')).toMatchObject({
    state: 'queued',
    waiting: { code: 'WorkspaceQuota' },
  });
  expect((await submit('urgent', { execution: { priority: 'high' } })).status).toBe(201);
  await waits('urgent', 'Number 1');
  await waits('second', 'Number 2');

  const full = await submit('third');
  expect(full).toMatchObject({ status: 429, body: { code: 'QueueFull', detail: expect.stringContaining('aero') } });
  expect(Number(full.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await stack.call('GET', `${JOBS}/third`)).status).toBe(404);
  // What is there already is no new submission.
  expect((await submit('second')).status).toBe(200);

  await cancel('first');
  await running('urgent');
  await waits('second', 'Number 1');
  await quotas({ concurrentJobs: 2 });
  await running('second');
  expect((await job('second')).waiting?.code).not.toBe('WorkspaceQuota');
  expect((await submit('third')).status).toBe(201);
  await waits('third', 'Number 1 in the queue of workspace aero: 2 of 2 jobs run.');
  await quotas({ concurrentJobs: null, queuedJobs: null });
  await running('third');
  for (const name of ['urgent', 'second', 'third']) await cancel(name);
  await waitFor('them to end', async () => (await job('third')).state === 'cancelled');
});

it('two clusters that grow at once have no more nodes than the quota, and go on when nodes are given back', async () => {
  await quotas({ nodes: 3 });
  const template = (min: number) => ({ vmSizes: ['standard_d2s_v3'], nodes: { min, max: 4 }, idleTimeout: 'PT1S' });
  const formula = { ...POOL, autoscaleFormula: '$TargetDedicatedNodes = 1;' };
  expect(await stack.call('PUT', `${W}/clusters/formula`, formula)).toMatchObject({
    status: 422,
    body: { errors: [{ path: '$.autoscaleFormula', code: 'WorkspaceQuota' }] },
  });
  const cluster = async (name: string) => (await stack.call('GET', `${W}/clusters/${name}`)).body;
  const sum = async () => (await cluster('a')).nodes.target + (await cluster('b')).nodes.target;
  await Promise.all(['a', 'b'].map((name) => stack.call('PUT', `${W}/clusters/${name}`, template(2))));
  await waitFor('three nodes', async () => (await sum()) === 3, 60_000);
  const short = (await cluster('a')).nodes.target === 1 ? 'a' : 'b';
  const other = short === 'a' ? 'b' : 'a';
  const { waiting } = await waitFor('the reason', async () => {
    const row = await cluster(short);
    return row.waiting && row;
  });
  expect(waiting).toMatchObject({ code: 'WorkspaceQuota', message: expect.stringContaining('3 of the 3 nodes') });
  const pools: number[] = [];
  for await (const pool of stack.batch.pools.list()) {
    if (/^windrow-[ab]-/.test(pool.id)) pools.push(pool.targetDedicatedNodes ?? 0);
  }
  expect(pools.sort()).toEqual([1, 2]);
  expect((await stack.call('DELETE', `${W}/clusters/${other}`)).status).toBe(202);
  await waitFor('the other one to have both', async () => (await cluster(short)).nodes.usable === 2, 60_000);
  expect((await cluster(short)).waiting).toBeUndefined();
});
