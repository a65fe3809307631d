/** What an owner can do to a job that runs: pause, resume, change; and what its budget does to it. */
import type { JobRow } from '@windrow/contract';
import { batchJobId, JobSignal } from '@windrow/contract';
import { shellJob, TestStack, waitFor } from '../support';

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start();
});

afterAll(() => stack.stop());

const post = (name: string, action: string, body?: object) => stack.call('POST', `/v1/jobs/${name}:${action}`, body);
const batchJob = (job: JobRow, wave = '1') => stack.batch.jobs.get(batchJobId(job.uid, wave));
const inState = (name: string, state: string) =>
  waitFor(`${name} to be ${state}`, async () => (await stack.job(name)).state === state);
const succeeded = (name: string, count: number) =>
  waitFor(`${count} tasks of ${name} to succeed`, async () => (await stack.job(name)).counts.succeeded >= count);

const PACED = 'sleep 0.3';
const ONE_NODE = { vmSizes: ['standard_d2s_v3'], nodes: { max: 1 }, slotsPerNode: 2 };
const spec = (count: number, more: object = {}) =>
  shellJob(PACED, { input: { kind: 'repeat', count }, pool: ONE_NODE, ...more });

describe('pause and resume', () => {
  it('starts nothing while it is paused, survives the death of the worker, and finishes exactly', async () => {
    const job = await stack.submit('paused', spec(30));
    await succeeded('paused', 2);
    const answer = await post('paused', 'pause');
    expect(answer).toMatchObject({ status: 202, body: { state: 'paused' } });
    expect((await post('paused', 'pause')).status).toBe(202);
    await waitFor('the Batch job to be disabled', async () => (await batchJob(job)).state === 'disabled');
    await stack.stack.processes.worker!.kill();
    await stack.stack.startWorker();
    const { taskCounts } = await stack.batch.jobs.taskCounts(batchJobId(job.uid, '1'));
    expect(taskCounts.running).toBe(0);
    const still = await stack.job('paused');
    expect(still).toMatchObject({ state: 'paused', counts: { failed: 0 } });
    expect(taskCounts.completed).toBeLessThan(30);
    // 503 with Retry-After for as long as Temporal counts on the worker that is dead.
    await waitFor('the job to be resumed', async () => (await post('paused', 'resume')).status === 202);
    expect((await post('paused', 'resume')).status).toBe(202);
    const ended = await stack.finished('paused');
    expect(ended).toMatchObject({ state: 'succeeded', counts: { total: 30, succeeded: 30, failed: 0 } });
    expect(ended.timings.map(({ phase }) => phase)).toEqual([
      'planning',
      'provisioning',
      'running',
      'paused',
      'running',
      'gathering',
      'releasing',
    ]);
    expect((await stack.ledger(ended)).every(({ attempt }) => attempt === 1)).toBe(true);
    await stack.expectNothingLeft(job);
    const handle = stack.temporal.workflow.getHandle(`job:${job.workspace}/${job.experiment}/${job.job}`);
    expect((await handle.describe()).historyLength).toBeLessThan(250);
    expect(await post('paused', 'pause')).toMatchObject({ status: 409, body: { code: 'JobNotActive' } });
    expect(await post('paused', 'resume')).toMatchObject({ status: 409, body: { code: 'JobNotActive' } });
  });

  it('gives the slots of a cluster to the next job, queues for them again, and can put back what runs', async () => {
    await stack.call('PUT', '/v1/clusters/shared', { vmSizes: ['standard_d2s_v3'], nodes: { min: 0, max: 1 } });
    const pool = { cluster: 'shared' };
    // Runs for ever in its first run, and is quick in the next: it must have been stopped and put back.
    const once = 'f="$AZ_BATCH_NODE_SHARED_DIR/seen-$WINDROW_TASK_INDEX"; [ -f "$f" ] || { touch "$f"; sleep 600; }';
    await stack.submit('first', shellJob(once, { input: { kind: 'repeat', count: 1 }, pool }));
    await waitFor('the first job to run', async () => (await stack.taskProcesses()).length > 0);
    expect((await post('first', 'pause', { running: 'requeue' })).body.state).toBe('paused');
    await waitFor('its lease to be gone', async () => {
      const { leases } = (await stack.call('GET', '/v1/clusters/shared')).body;
      return leases.length === 0;
    });
    const second = await stack.run('second', shellJob('true', { input: { kind: 'repeat', count: 1 }, pool }));
    expect(second.state).toBe('succeeded');
    expect((await stack.job('first')).state).toBe('paused');
    await post('first', 'resume');
    const first = await stack.finished('first');
    expect(first).toMatchObject({ state: 'succeeded', counts: { succeeded: 1, failed: 0 } });
  });

  it('stops before the next step where no Batch job is, and is cancelled while it is paused', async () => {
    const retryRules = [{ on: { exitCodes: [1] }, attempts: 2, backoff: { initial: 'PT2S' } }];
    const job = await stack.submit('between', shellJob('[ "$WINDROW_ATTEMPT" = 2 ]', { execution: { retryRules } }));
    await inState('between', 'retrying');
    await post('between', 'pause');
    const handle = stack.temporal.workflow.getHandle(`job:${job.workspace}/${job.experiment}/${job.job}`);
    await waitFor('the back-off to be over', async () => {
      const { events } = await handle.fetchHistory();
      return events?.some((event) => event.timerFiredEventAttributes);
    });
    expect(await stack.batchJobIds()).not.toContain(batchJobId(job.uid, '2'));
    expect((await stack.job('between')).state).toBe('paused');
    await post('between', 'cancel');
    expect(await stack.finished('between')).toMatchObject({ state: 'cancelled' });
    await stack.expectNothingLeft(job);
  });
});

describe('changes', () => {
  it('hold for the Batch job that runs, and are shown', async () => {
    const job = await stack.submit('changed', spec(40, { execution: { maxParallelTasks: 1 } }));
    await succeeded('changed', 1);
    expect(await batchJob(job)).toMatchObject({ maxParallelTasks: 1, priority: 0 });
    const execution = { maxParallelTasks: 5, priority: 'high', toleratedFailures: { percent: 10 }, timeout: 'PT2H' };
    const answer = await stack.call('PATCH', '/v1/jobs/changed', { execution });
    expect(answer).toMatchObject({
      status: 200,
      body: { execution: { ...execution, toleratedFailures: { count: 0, percent: 10 } } },
    });
    // Never above the slots it has leased: two, of one node.
    await waitFor('the Batch job to follow', async () => {
      const { maxParallelTasks, priority } = await batchJob(job);
      return maxParallelTasks === 2 && priority === 500;
    });
    const limit = (await batchJob(job)).constraints!.maxWallClockTime!;
    expect(limit).toMatch(/^PT(3H|1\d{4}S|2H5\dM)/);
    expect(await stack.finished('changed')).toMatchObject({ state: 'succeeded', counts: { succeeded: 40 } });
    const late = await stack.call('PATCH', '/v1/jobs/changed', { execution: { priority: 'low' } });
    expect(late).toMatchObject({ status: 409, body: { code: 'JobNotActive' } });
  });

  it('of a time limit end a job that is paused, naming the limit', async () => {
    await stack.submit('deadline', shellJob('sleep 600', { execution: { timeout: 'PT1H' } }));
    await waitFor('it to run', async () => (await stack.job('deadline')).counts.running > 0);
    await post('deadline', 'pause');
    const deadline = new Date(Date.now() + 1500).toISOString();
    expect((await stack.call('PATCH', '/v1/jobs/deadline', { execution: { deadline } })).status).toBe(200);
    const ended = await stack.finished('deadline');
    expect(ended).toMatchObject({ state: 'failed', error: { code: 'JobTimeout' } });
    expect(ended.error?.message).toContain(`before execution.deadline (${deadline})`);
  });
});

it('a budget that is used up lets end what runs, starts nothing more, and fails the job with its results', async () => {
  const job = await stack.submit('spent', spec(30));
  await succeeded('spent', 1);
  const handle = stack.temporal.workflow.getHandle(`job:${job.workspace}/${job.experiment}/${job.job}`);
  const usage = { dedicatedNodeSeconds: 60, spotNodeSeconds: 0, updatedTime: new Date().toISOString() };
  const nodes = { target: 1, current: 1, usable: 1 };
  const spent = 'The budget of 1 node hours is used up.';
  await handle.signal(JobSignal.clusterStatus, { nodes, usage, spent });
  const ended = await stack.finished('spent');
  // The last word on what was used has the cluster itself, when the lease is given back.
  expect(ended).toMatchObject({ state: 'failed', usage: { spotNodeSeconds: 0 }, error: { code: 'BudgetExceeded' } });
  expect(ended.error?.message).toMatch(/^The budget of 1 node hours is used up\..*Raise execution\.budget/);
  const { counts } = JSON.parse(await stack.readBlob(`jobs/${job.uid}/results/manifest.json`));
  // Those that ran were let end: none was killed.
  expect(counts).toMatchObject({ total: 30, failed: 0 });
  expect(counts.succeeded).toBeGreaterThan(0);
  expect(counts.pending).toBe(30 - counts.succeeded);
  await stack.expectNothingLeft(job);
});
