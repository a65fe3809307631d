/** What Batch AI called clusters' and jobs' settings, under those names: nodes, set-up, priorities, output files. */
import type { JobRow } from '@windrow/contract';
import { batchJobId } from '@windrow/contract';
import { shellJob, TestStack, waitFor } from '../support';

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start();
});

afterAll(() => stack.stop());

const W = '/v1/workspaces/aero';
const E = `${W}/experiments/blades`;
const C = `${W}/clusters/wind`;
const ONE = { kind: 'repeat', count: 1 } as const;
const POOL = { vmSizes: ['standard_d2s_v3'], nodes: { max: 1 } };

const job = async (name: string): Promise<JobRow> => (await stack.call('GET', `${E}/jobs/${name}`)).body;
const submit = async (name: string, spec: object): Promise<JobRow> => {
  const answer = await stack.call('PUT', `${E}/jobs/${name}`, spec);
  expect([name, answer.status]).toEqual([name, 201]);
  return answer.body;
};
const inState = (name: string, state: string) =>
  waitFor(
    `${name} to be ${state}`,
    async () => {
      const row = await job(name);
      return row.state === state && row;
    },
    60_000,
  );
const running = (name: string, tasks = 1) =>
  waitFor(`${name} to run`, async () => (await job(name)).counts.running === tasks, 60_000);

it('setupTask: runs on a node before its tasks, and what it prints is not lost when it fails', async () => {
  expect((await stack.call('PUT', W)).status).toBe(201);
  const setupTask = { commandLine: `/bin/sh -c 'echo ready > $AZ_BATCH_NODE_SHARED_DIR/mark'` };
  const reads = shellJob('cat $AZ_BATCH_NODE_SHARED_DIR/mark', { input: ONE, pool: { ...POOL, setupTask } });
  await submit('set-up', reads);
  await inState('set-up', 'succeeded');
  expect((await stack.call('GET', `${E}/jobs/set-up/tasks/0/files/stdout.txt`)).body).toBe('ready\n');
  const broken = { commandLine: `/bin/sh -c 'echo no such disk >&2; exit 7'` };
  await submit('not-set-up', shellJob('true', { input: ONE, pool: { ...POOL, setupTask: broken } }));
  const failed = await inState('not-set-up', 'failed');
  expect(JSON.stringify(failed.error)).toContain('no such disk');
});

it('nodeCount: a task of several nodes begins when all of them are there', async () => {
  const spec = {
    input: ONE,
    task: {
      commandLine: `/bin/sh -c 'echo $AZ_BATCH_HOST_LIST | tr , "\\n" | sort -u | wc -l'`,
      coordinationCommandLine: 'true',
      instances: 2,
      timeout: 'PT5M',
    },
    pool: { ...POOL, nodes: { max: 2 } },
  };
  await submit('gang', spec);
  await inState('gang', 'succeeded');
  const { body } = await stack.call<string>('GET', `${E}/jobs/gang/tasks/0/files/stdout.txt`);
  expect(body.trim()).toBe('2');
});

it('schedulingPriority: low, normal and high are priorities of the job in Batch, in their order', async () => {
  const priorities: number[] = [];
  for (const priority of ['low', 'normal', 'high'] as const) {
    const { uid } = await submit(
      `p-${priority}`,
      shellJob('sleep 600', { input: ONE, pool: POOL, execution: { priority } }),
    );
    await running(`p-${priority}`);
    priorities.push((await stack.batch.jobs.get(batchJobId(uid, '1'))).priority!);
    expect((await stack.call('POST', `${E}/jobs/p-${priority}:cancel`)).status).toBe(202);
  }
  expect(new Set(priorities).size).toBe(3);
  expect(priorities).toEqual([...priorities].sort((a, b) => a - b));
});

it('nodeDeallocationOption waitforjobcompletion: a cluster that shrinks ends no task that runs', async () => {
  expect((await stack.call('PUT', C, { ...POOL, nodes: { min: 2, max: 2 } })).status).toBe(201);
  await submit('stays', shellJob('sleep 3', { input: { kind: 'repeat', count: 2 }, pool: { cluster: 'wind' } }));
  await running('stays', 2);
  const answer = await stack.call('PATCH', C, { nodes: { min: 0, max: 1 } });
  expect(answer.status).toBe(200);
  await inState('stays', 'succeeded');
  expect((await job('stays')).counts).toMatchObject({ succeeded: 2, failed: 0 });
  const { body } = await stack.call('GET', `${E}/jobs/stays/tasks`);
  expect(body.value.map(({ attempt }: { attempt?: number }) => attempt ?? 1)).toEqual([1, 1]);
});

it('Jobs_ListOutputFiles: with sizes, times, and links that expire when one says', async () => {
  const spec = shellJob('mkdir -p out/deep; echo 12345 > out/deep/n', { input: ONE, pool: POOL });
  await submit('makes', { ...spec, task: { ...spec.task, outputs: [{ pattern: 'out/**', when: 'success' }] } });
  await inState('makes', 'succeeded');
  const { body } = await stack.call('GET', `${E}/jobs/makes/outputs?task=0&linkExpiryMinutes=5`);
  const file = body.value.find(({ path }: { path: string }) => path.endsWith('deep/n'));
  expect(file).toMatchObject({ bytes: 6, lastModified: expect.stringMatching(/Z$/) });
  expect(await (await fetch(file.url)).text()).toBe('12345\n');
  const expires = Date.parse(new URL(file.url).searchParams.get('se')!) - Date.now();
  expect(expires).toBeGreaterThan(0);
  expect(expires).toBeLessThanOrEqual(5 * 60_000);
  expect((await stack.call('GET', `${E}/jobs/makes/outputs?linkExpiryMinutes=601`)).status).toBe(400);
});

it('Clusters_Delete: refused while a job uses it, and gone with its pool afterwards', async () => {
  await submit('uses', shellJob('sleep 600', { input: ONE, pool: { cluster: 'wind' } }));
  await running('uses');
  const { poolId } = (await stack.call('GET', C)).body;
  expect(await stack.poolIds()).toContain(poolId);
  expect(await stack.call('DELETE', C)).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('uses') },
  });
  await stack.call('POST', `${E}/jobs/uses:cancel`);
  await inState('uses', 'cancelled');
  await waitFor('the cluster to be free', async () => (await stack.call('DELETE', C)).status === 202);
  await waitFor('it to be gone', async () => (await stack.call('GET', C)).status === 404, 60_000);
  expect(await stack.poolIds()).not.toContain(poolId);
});
