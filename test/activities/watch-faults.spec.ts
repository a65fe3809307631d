/** Following a wave whose requests fail, and whose watcher dies. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { batchJobId, FailureType, jobPaths, workspaceContainer } from '@windrow/contract';
import type { JobInput, LedgerEntry } from '@windrow/contract';
import type { Activities } from '@windrow/worker';
import { waitFor } from '../support';
import { ActivityLab, TASKS, upTo } from './activity-lab';

const POOL = 'watched';
let lab: ActivityLab;

beforeAll(async () => {
  lab = await ActivityLab.start();
  await lab.batch.pools.create({
    id: POOL,
    vmSize: 'simulated_d2',
    virtualMachineConfiguration: {
      imageReference: {
        publisher: 'canonical',
        offer: '0001-com-ubuntu-server-jammy',
        sku: '22_04-lts',
        version: 'latest',
      },
      nodeAgentSKUId: 'batch.node.ubuntu 22.04',
    },
    targetDedicatedNodes: 5,
  });
});
afterAll(() => lab.stop());
afterEach(() => lab.clearFaults());

function watch(input: JobInput, environment = new MockActivityEnvironment()) {
  const input_: Parameters<Activities['watchWave']>[0] = {
    input,
    wave: '1',
    attempt: 1,
    first: 1,
    tasks: TASKS,
    planned: TASKS,
    slotsPerTask: 1,
    lease: { workflowId: 'cluster', leaseId: 'lease' },
    base: { counts: { total: TASKS, pending: TASKS, active: 0, running: 0, succeeded: 0, failed: 0 }, nodeSeconds: 0 },
    seal: true,
    stop: false,
  };
  return environment.run(lab.activities.watchWave, input_);
}

/** Every line, also one that is there twice. */
async function ledger(input: JobInput): Promise<number[]> {
  const text = await lab.storage.blobs.readText(workspaceContainer('w'), jobPaths(input.uid).ledger('1'));
  const entries = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as LedgerEntry);
  return entries.map(({ task }) => task).sort((a, b) => a - b);
}

const complete = { end: 'complete', succeeded: TASKS, failed: 0 };

it('records every outcome once, through throttling and lost answers', async () => {
  const input = await lab.planned();
  await lab.submit(input, { poolId: POOL });
  await lab.order(
    { operation: 'JobGetTaskCounts', status: 503, retryAfter: 0, times: 2 },
    { operation: 'TaskList', status: 429, retryAfter: 0, times: 2 },
    { operation: 'JobGetTaskCounts', kind: 'loseResponse', times: 2 },
    { operation: 'TaskList', kind: 'loseRequest', times: 2 },
    { operation: 'JobPatch', kind: 'loseResponse', times: 1 },
  );
  expect(await watch(input)).toMatchObject(complete);
  expect(await ledger(input)).toEqual(upTo(0, TASKS));
});

it('goes on where a watch that died had come to, and writes nothing twice', async () => {
  const input = await lab.planned();
  await lab.submit(input, { poolId: POOL });
  const dying = new MockActivityEnvironment();
  let recorded = 0;
  dying.on('heartbeat', (details: unknown) => {
    recorded = typeof details === 'number' ? details : recorded;
    if (recorded > 0) dying.cancel();
  });
  await expect(watch(input, dying)).rejects.toThrow();
  const before = await ledger(input);
  expect(before.length).toBeGreaterThan(0);
  expect(await watch(input)).toMatchObject(complete);
  expect(await ledger(input)).toEqual(upTo(0, TASKS));
});

it('counts a task that Batch failed as failed, with its cause', async () => {
  const input = await lab.planned();
  await lab.order({ kind: 'taskFailure', jobId: batchJobId(input.uid, '1'), taskId: '*7', exitCode: 3 });
  await lab.submit(input, { poolId: POOL });
  const failed = TASKS / 10;
  expect(await watch(input)).toMatchObject({ end: 'complete', succeeded: TASKS - failed, failed });
  expect(await ledger(input)).toEqual(upTo(0, TASKS));
});

it('of a Batch job that somebody deletes fails for good, and says so', async () => {
  const input = await lab.planned();
  await lab.submit(input, { poolId: 'nopool' });
  const beats: unknown[] = [];
  const environment = new MockActivityEnvironment();
  environment.on('heartbeat', (details: unknown) => beats.push(details));
  const watched = watch(input, environment);
  watched.catch(() => undefined);
  await waitFor('the watch to have polled', () => beats.length > 2);
  await lab.batch.jobs.delete(batchJobId(input.uid, '1'));
  await expect(watched).rejects.toMatchObject({ type: FailureType.notFound, nonRetryable: true });
  await expect(watched).rejects.toThrow('was deleted by somebody else');
});
