/** Bad days of the services beneath: throttling, quota, an outage, a worker that dies in a large submission. */
import type { JobSpec } from '@windrow/contract';
import { shellJob, TestStack, waitFor } from '../support';

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start();
});

afterAll(() => stack.stop());

const faults = (method: string, body?: object) =>
  stack.call(method, `${stack.stack.batch.endpoint}/emulator/faults`, body);
const requests = async () =>
  (await stack.call('GET', `${stack.stack.batch.endpoint}/emulator/requests`)).body as Record<string, number>;

afterEach(() => faults('DELETE'));

/** Tasks that run no process, for numbers that a laptop's processes could not reach. */
function simulated(count: number, seconds: number, more: Partial<JobSpec> = {}): JobSpec {
  return {
    input: { kind: 'repeat', count },
    task: { commandLine: 'simulated', environment: { SIMULATED_DURATION: String(seconds) }, timeout: 'PT5M' },
    pool: { vmSizes: ['simulated_d2s_v3'], nodes: { max: 100 }, slotsPerNode: 4 },
    ...more,
  };
}

async function expectExactLedger(name: string, tasks: number): Promise<void> {
  const job = await stack.finished(name);
  expect(job).toMatchObject({ state: 'succeeded', counts: { total: tasks, succeeded: tasks, failed: 0 } });
  const recorded = new Set((await stack.ledger(job)).map((entry) => entry.task));
  expect(recorded.size).toBe(tasks);
  await stack.expectNothingLeft(job);
  const { historyLength } = await stack.temporal.workflow.getHandle(`job:migrated-local/migrated/${name}`).describe();
  expect(historyLength).toBeLessThan(200);
}

it('12,000 tasks in several submissions: a worker killed in the middle of them loses and doubles nothing', async () => {
  await stack.submit('large', simulated(12_000, 1));
  await waitFor('half of the tasks to be added', async () => {
    const { active, running, succeeded } = (await stack.job('large')).counts;
    return active + running + succeeded > 3000;
  });
  await stack.stack.processes.worker!.kill();
  await stack.stack.startWorker();
  await expectExactLedger('large', 12_000);
});

it('a worker killed when the Batch job has ended already finds that it has nothing to seal', async () => {
  await stack.submit('sealed', simulated(11_000, 0));
  await waitFor(
    'the last task to be added',
    async () => ((await requests()).JobPatch ?? 0) > 0 && (await stack.job('sealed')).counts.succeeded > 0,
  );
  await stack.stack.processes.worker!.kill();
  await stack.stack.startWorker();
  await expectExactLedger('sealed', 11_000);
});

it('throttling and lost answers cost time, not tasks', async () => {
  await faults('POST', { operation: 'TaskAddCollection', status: 429, retryAfter: 1, probability: 0.2, times: 6 });
  await faults('POST', { kind: 'loseResponse', operation: 'TaskAddCollection', times: 2 });
  await faults('POST', { kind: 'loseResponse', operation: 'JobAdd', times: 1 });
  await faults('POST', { operation: 'JobGetTaskCounts', status: 503, retryAfter: 1, times: 2 });
  await stack.submit('throttled', simulated(2000, 0));
  await expectExactLedger('throttled', 2000);
});

it('a used-up quota of pools is waited for, with the reason and without a storm of requests', async () => {
  const before = (await requests()).PoolAdd ?? 0;
  await faults('POST', { operation: 'PoolAdd', status: 409, code: 'PoolQuotaReached' });
  await stack.submit('no-pool', simulated(10, 0));
  const waiting = await waitFor('the job to say why it waits', async () => {
    const job = await stack.job('no-pool');
    return job.waiting?.code === 'PoolQuotaReached' && job.waiting;
  });
  expect(waiting.message).toContain('PoolQuotaReached');
  expect(((await requests()).PoolAdd ?? 0) - before).toBeLessThan(5);
  await faults('DELETE');
  await expectExactLedger('no-pool', 10);
});

it('a used-up quota of jobs is waited for as well', async () => {
  await faults('POST', { operation: 'JobAdd', status: 409, code: 'ActiveJobAndScheduleQuotaReached', times: 1 });
  await stack.submit('no-job', simulated(10, 0));
  await waitFor(
    'the job to say why it waits',
    async () => (await stack.job('no-job')).waiting?.code === 'ActiveJobAndScheduleQuotaReached',
  );
  await expectExactLedger('no-job', 10);
});

it('a job and a named cluster outlive an outage of the storage', async () => {
  await stack.call('PUT', '/v1/clusters/steadfast', { vmSizes: ['standard_d2s_v3'], nodes: { min: 0, max: 2 } });
  await stack.submit(
    'outage',
    shellJob('sleep 0.2', {
      input: { kind: 'repeat', count: 40 },
      pool: { cluster: 'steadfast' },
      execution: { toleratedFailures: { percent: 100 } },
    }),
  );
  await waitFor('some tasks to succeed', async () => (await stack.job('outage')).counts.succeeded >= 3);
  await stack.stack.processes.azurite!.stop();
  await stack.stack.startAzurite();
  // Tasks whose outputs could not be uploaded meanwhile may have failed; none may be unaccounted for.
  const job = await stack.finished('outage');
  expect(job.counts.succeeded + job.counts.failed).toBe(40);
  const { status } = await stack.temporal.workflow.getHandle('cluster:migrated-local/steadfast').describe();
  expect(status.name).toBe('RUNNING');
});
