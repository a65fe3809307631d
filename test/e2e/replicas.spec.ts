/** Two API processes and two workers before one set of stores: any of them dies while jobs pour in. */
import { randomUUID } from 'node:crypto';
import type { JobRow } from '@windrow/contract';
import type { RunningProcess } from '@windrow/local-stack';
import { shellJob, TestStack, waitFor } from '../support';
import type { Body } from '../support/test-stack';

const JOBS = 200;
const AT_ONCE = 25;

let stack: TestStack;
/** Addresses that answer; a dead replica's is taken out only by whoever finds it dead. */
const replicas: { url: string; running: RunningProcess }[] = [];

beforeAll(async () => {
  stack = await TestStack.start();
  replicas.push({ url: stack.stack.apiUrl, running: stack.stack.processes['api']! });
  replicas.push(await stack.stack.startApi('api-2', 0));
  await stack.stack.startWorker('worker-2');
});
afterAll(() => stack.stop());

const spec = shellJob('', {
  input: { kind: 'repeat', count: 1 },
  task: { commandLine: 'simulated', environment: { SIMULATED_DURATION: '0' }, timeout: 'PT5M' },
  pool: { cluster: 'shared' },
});

/** As a client behind a load balancer: the same key again, at whichever replica answers, until one says yes. */
async function submit(number: number): Promise<string> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
  const body = JSON.stringify(spec);
  for (let attempt = 0; ; attempt++) {
    const { url } = replicas[(number + attempt) % replicas.length]!;
    const response = await fetch(`${url}/v1/jobs`, { method: 'POST', headers, body }).catch(() => undefined);
    // Without an answer, or with half of one: the replica died before, or while, it gave it.
    const answer: Body = await response?.json().catch(() => undefined);
    if (response && answer) {
      if (response.status === 201 || response.status === 200) return answer.job as string;
      if (response.status < 500) throw new Error(`${response.status} ${JSON.stringify(answer)}`);
    }
    if (attempt > 100) throw new Error(`Job ${number} was not taken in ${attempt} attempts.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function allJobs(): Promise<JobRow[]> {
  const rows: JobRow[] = [];
  let next: string | undefined = `${replicas[0]!.url}/v1/jobs?pageSize=100`;
  while (next !== undefined) {
    const page: Body = (await stack.call('GET', next)).body;
    rows.push(...(page.value as JobRow[]));
    next = page.nextLink as string | undefined;
  }
  return rows;
}

it('two hundred submissions at once: none is lost and none is there twice, whichever of the four dies', async () => {
  const cluster = { vmSizes: ['simulated_d2'], nodes: { max: 10 }, slotsPerNode: 8 };
  expect((await stack.call('PUT', '/v1/clusters/shared', cluster)).status).toBe(201);
  const accepted: string[] = [];
  let next = 0;
  const lane = async () => {
    while (next < JOBS) accepted.push(await submit(next++));
  };
  const blow = async (after: number, strike: () => Promise<void>) => {
    await waitFor(`${after} jobs to be taken`, () => accepted.length >= after, 120_000);
    await strike();
  };
  await Promise.all([
    ...Array.from({ length: AT_ONCE }, lane),
    (async () => {
      await blow(20, () => replicas[1]!.running.kill());
      await blow(60, () => stack.stack.processes['worker-2']!.kill());
      await blow(80, async () => {
        replicas[1] = await stack.stack.startApi('api-3', 0);
        await replicas[0]!.running.kill();
      });
      await blow(140, async () => {
        await stack.stack.startWorker('worker-3');
        await stack.stack.processes['worker']!.kill();
      });
      replicas[0] = replicas[1]!;
    })(),
  ]);
  expect(new Set(accepted).size).toBe(JOBS);
  // One number and no listing: two hundred jobs have better things to do than to be looked at.
  const running = `WorkflowType = 'jobWorkflow' AND ExecutionStatus = 'Running'`;
  await waitFor(
    'every job to have ended',
    async () => (await stack.temporal.workflow.count(running)).count === 0,
    300_000,
  );
  const rows = await allJobs();
  expect(rows.filter(({ state }) => state !== 'succeeded')).toEqual([]);
  expect(rows.map(({ job }) => job).sort()).toEqual([...accepted].sort());
  expect(new Set(rows.map(({ uid }) => uid)).size).toBe(JOBS);
  for (const row of rows) expect(row.counts).toMatchObject({ total: 1, succeeded: 1 });
  // Nothing of a job that nobody was told of: no workflow but these, no Batch job left.
  const ran = new Set<string>();
  for await (const { workflowId } of stack.temporal.workflow.list({ query: `WorkflowType = 'jobWorkflow'` })) {
    ran.add(workflowId);
  }
  expect(ran.size).toBe(JOBS);
  expect(await stack.batchJobIds()).toEqual([]);
}, 420_000);
