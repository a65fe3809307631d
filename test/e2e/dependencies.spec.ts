/** Tasks that wait for others, retries that change what they run with, and the tolerance that ends a job early. */
import type { JobRow } from '@windrow/contract';
import { batchJobId, jobPaths } from '@windrow/contract';
import { shellJob, TestStack, waitFor } from '../support';

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start();
});

afterAll(() => stack.stop());

const POOL = { vmSizes: ['standard_d2s_v3'], nodes: { max: 1 }, slotsPerNode: 4 };
const task = (script: string, more: object = {}) => ({ commandLine: `/bin/sh -c '${script}'`, ...more });
const manifest = async ({ uid }: JobRow) => JSON.parse(await stack.readBlob(jobPaths(uid).manifest));
const times = async (job: JobRow, wave = '1') =>
  new Map((await stack.ledger(job, wave)).map(({ task: index, ...entry }) => [index, entry]));

describe('dependencies', () => {
  it('let tasks run in their order, and end in a gather', async () => {
    // 0-3, then 4-5 after all of them, then a chain 6, 7 by distance; the reduction is none of their business.
    const job = await stack.run('ordered', {
      input: { kind: 'repeat', count: 8 },
      pool: POOL,
      task: task('sleep 0.2; mkdir out; echo $WINDROW_TASK_INDEX > out/n', {
        dependsOn: [
          { tasks: '4-5', on: '0-3' },
          { tasks: '6-', offset: -1 },
        ],
      }),
      gather: { kind: 'reduce', commandLine: `/bin/sh -c 'mkdir out; cat inputs/*/out/n | sort > out/all'` },
    });
    expect(job).toMatchObject({ state: 'succeeded', counts: { succeeded: 8 } });
    const ran = await times(job);
    const end = (index: number) => Date.parse(ran.get(index)!.endTime!);
    const start = (index: number) => Date.parse(ran.get(index)!.startTime!);
    for (const first of [0, 1, 2, 3])
      for (const second of [4, 5]) expect(start(second)).toBeGreaterThanOrEqual(end(first));
    expect(start(6)).toBeGreaterThanOrEqual(end(5));
    expect(start(7)).toBeGreaterThanOrEqual(end(6));
    expect(await stack.readBlob(`${jobPaths(job.uid).artefacts}all`)).toBe('0\n1\n2\n3\n4\n5\n6\n7\n');
  });

  it('blocked by a failure run in the wave in which that is tried again; what had succeeded is not waited for', async () => {
    // Task 0 fails at first; 2 waits for 0 and 1, 3 for 2. In its second attempt 0 has more slots and another MODE.
    const job = await stack.run('blocked', {
      input: { kind: 'repeat', count: 4 },
      pool: POOL,
      task: task('echo "$MODE $WINDROW_ATTEMPT"; [ "$WINDROW_TASK_INDEX" != 0 ] || [ "$MODE" = careful ]', {
        environment: { MODE: 'fast' },
        dependsOn: [
          { tasks: '2', on: '0-1' },
          { tasks: '3', offset: -1 },
        ],
      }),
      execution: {
        retryRules: [
          {
            on: { exitCodes: [1] },
            attempts: 2,
            backoff: { initial: 'PT0.1S' },
            change: { requiredSlots: 3, environment: { MODE: 'careful' } },
          },
        ],
      },
      cleanup: { batchJob: 'keep' },
    });
    expect(job).toMatchObject({ state: 'succeeded', counts: { succeeded: 4, failed: 0, pending: 0 } });
    expect([...(await times(job, '1')).keys()].sort()).toEqual([0, 1]);
    expect([...(await times(job, '2')).keys()].sort()).toEqual([0, 2, 3]);
    const second = batchJobId(job.uid, '2');
    const page = await stack.batch.tasks.listPage(second, {});
    const slots = Object.fromEntries(page.value.map(({ id, requiredSlots }) => [Number(id), requiredSlots]));
    expect(slots).toEqual({ 0: 3, 2: 1, 3: 1 });
    // The largest of the wave counts: one task of three slots at once, on a node of four.
    expect((await stack.batch.jobs.get(second)).maxParallelTasks).toBe(1);
    const out = async (index: number) =>
      (await stack.call('GET', `/v1/jobs/blocked/tasks/${index}/files/stdout.txt`)).body;
    expect([await out(0), await out(2)]).toEqual(['careful 2\n', 'fast 1\n']);
    const { body } = await stack.call('GET', '/v1/jobs/blocked/tasks/2');
    expect(body).toMatchObject({ state: 'succeeded', attempts: 1 });
  });

  it('on a task that has failed for good count against the tolerance, and are pending in the results', async () => {
    const spec = (count: number) => ({
      input: { kind: 'repeat', count: 6 },
      pool: POOL,
      task: task('[ "$WINDROW_TASK_INDEX" != 1 ]', {
        dependsOn: [
          { tasks: '2', on: '1' },
          { tasks: '3', on: '2' },
        ],
      }),
      execution: { toleratedFailures: { count } },
    });
    const strict = await stack.run('lost-strict', spec(2));
    expect(strict).toMatchObject({ state: 'failed', error: { code: 'ToleranceExceeded' } });
    expect(strict.error?.message).toMatch(
      /^1 of 6 tasks failed, and 2 could not run because they depend on failed ones/,
    );
    const counts = { total: 6, succeeded: 3, failed: 1, pending: 2 };
    expect(strict.counts).toMatchObject(counts);
    const lenient = await stack.run('lost-lenient', spec(3));
    expect(lenient).toMatchObject({ state: 'succeeded', counts });
    expect((await manifest(lenient)).counts).toEqual(counts);
    await stack.expectNothingLeft(lenient);
  });

  it('on tasks that the plan has not are refused by it', async () => {
    const job = await stack.run('beyond', {
      input: { kind: 'repeat', count: 3 },
      pool: POOL,
      task: task('true', { dependsOn: [{ tasks: '2-4', on: '0' }] }),
    });
    expect(job).toMatchObject({
      state: 'failed',
      error: { code: 'DependencyBeyondPlan', path: '$.task.dependsOn[0].tasks' },
    });
    expect(job.error?.message).toContain('names task 4, but the job has 3 tasks');
  });
});

it('a retry with more slots than the job holds queues for them, and takes none that others have leased', async () => {
  await stack.call('PUT', '/v1/clusters/tight', { vmSizes: POOL.vmSizes, nodes: { min: 0, max: 1 }, slotsPerNode: 2 });
  const pool = { cluster: 'tight' };
  const input = { kind: 'repeat', count: 1 } as const;
  await stack.submit('neighbour', shellJob('sleep 600', { input, pool }));
  await waitFor('the neighbour to run', async () => (await stack.job('neighbour')).counts.running === 1);
  const change = { requiredSlots: 2 };
  const retryRules = [{ on: { exitCodes: [1] }, attempts: 2, backoff: { initial: 'PT0.1S' }, change }];
  const job = await stack.submit(
    'larger',
    shellJob('[ "$WINDROW_ATTEMPT" = 2 ]', { input, pool, execution: { retryRules } }),
  );
  await waitFor('it to queue', async () => (await stack.job('larger')).waiting?.code === 'ClusterFull');
  expect(await stack.batchJobIds()).not.toContain(batchJobId(job.uid, '2'));
  expect((await stack.call('GET', '/v1/clusters/tight')).body.leases).toMatchObject([{ job: 'neighbour', slots: 1 }]);
  await stack.call('POST', '/v1/jobs/neighbour:cancel');
  expect(await stack.finished('larger')).toMatchObject({ state: 'succeeded', counts: { succeeded: 1 } });
});

describe('the tolerance', () => {
  it('ends a job as soon as it is crossed by failures that nothing tries again', async () => {
    // Task 0 fails for good, 1 has attempts left, the others would run for ten minutes.
    const script = 'case $WINDROW_TASK_INDEX in 0) exit 3;; 1) exit 1;; *) sleep 600;; esac';
    const job = await stack.run(
      'early',
      shellJob(script, {
        input: { kind: 'repeat', count: 12 },
        pool: { ...POOL, vmSizes: POOL.vmSizes },
        execution: { retryRules: [{ on: { exitCodes: [1] }, attempts: 2 }] },
      }),
    );
    expect(job).toMatchObject({ state: 'failed', error: { code: 'ToleranceExceeded' } });
    expect(job.error?.message).toMatch(/^1 of 12 tasks failed; the job tolerates 0\. The job was stopped there/);
    const { counts } = await manifest(job);
    expect(counts).toMatchObject({ total: 12, succeeded: 0 });
    expect(counts.pending).toBeGreaterThanOrEqual(6);
    expect(counts.failed + counts.pending).toBe(12);
    await stack.expectNothingLeft(job);
    expect(await stack.taskProcesses()).toEqual([]);
  });

  it('is not crossed by failures that are tried again, and adds up over the waves', async () => {
    // Wave 1: task 0 fails for good (tolerated), 1 and 2 are tried again. Wave 2: 1 fails for good, which is too many.
    const script = 'case $WINDROW_TASK_INDEX.$WINDROW_ATTEMPT in 0.*) exit 3;; 1.*|2.1) exit 1;; 2.2) sleep 600;; esac';
    const retryRules = [{ on: { exitCodes: [1] }, attempts: 2, backoff: { initial: 'PT0.1S' } }];
    const execution = { retryRules, toleratedFailures: { count: 1 } };
    const job = await stack.run('adds-up', shellJob(script, { execution, pool: POOL }));
    expect(job).toMatchObject({ state: 'failed', error: { code: 'ToleranceExceeded' } });
    expect(job.error?.message).toMatch(/^2 of 4 tasks failed; the job tolerates 1\./);
    expect((await manifest(job)).counts).toMatchObject({ total: 4, succeeded: 1, failed: 3 });
  });
});

it('a deadline at submission must lie in the future, and the first of the two limits ends the job', async () => {
  const spec = (deadline: string) => shellJob('sleep 600', { execution: { deadline, timeout: 'PT1H' } });
  const past = await stack.call('PUT', '/v1/jobs/past', spec('2020-01-01T00:00:00Z'));
  expect(past).toMatchObject({ status: 422, body: { code: 'DeadlinePassed' } });
  const deadline = new Date(Date.now() + 4000).toISOString();
  const job = await stack.submit('in-time', spec(deadline));
  const ended = await stack.finished('in-time');
  expect(ended.error).toEqual({
    code: 'JobTimeout',
    message: `The job did not end before execution.deadline (${deadline}).`,
  });
  // The same body again is the same job, though its deadline has passed.
  await waitFor(
    'the same job',
    async () => (await stack.call('PUT', '/v1/jobs/in-time', spec(deadline))).status === 200,
  );
  await stack.expectNothingLeft(job);
});
