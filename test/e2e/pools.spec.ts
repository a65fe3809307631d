/** Pools at full depth: fair shares, formulas, evictions, budgets, and what all of it costs. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { batchJobId } from '@windrow/contract';
import { shellJob, TestStack, waitFor } from '../support';

let stack: TestStack;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'windrow-pools-'));
  const vmSizes = { Standard_D2s_v3: { dedicated: 36, spot: 3.6 } };
  await writeFile(path.join(folder, 'prices.json'), JSON.stringify({ currency: 'EUR', vmSizes }));
  const env = { WINDROW_PRICES: path.join(folder, 'prices.json'), WINDROW_POOL_PATIENCE_SECONDS: '1' };
  stack = await TestStack.start({ env });
});

afterAll(async () => {
  await stack.stop();
  await rm(folder, { recursive: true, force: true });
});

const cluster = async (name: string) => (await stack.call('GET', `/v1/clusters/${name}`)).body;
const fault = (rule: object) => stack.call('POST', `${stack.stack.batch.endpoint}/emulator/faults`, rule);
const counts = async (name: string) => (await stack.job(name)).counts;
const D2 = 'standard_d2s_v3';
const history = async (name: string) =>
  (await stack.temporal.workflow.getHandle(`job:migrated-local/migrated/${name}`).describe()).historyLength;

/** A command whose tasks end one by one, as the test opens the gate of each. */
const gated = (job: string) => `while [ ! -e ${folder}/${job}-$WINDROW_TASK_INDEX ]; do sleep 0.05; done`;
const open = (job: string, task: number) => writeFile(path.join(folder, `${job}-${task}`), '');

it('shares a cluster fairly: the first job gives slots back as its tasks end, and none is killed', async () => {
  await stack.call('PUT', '/v1/clusters/fair', { vmSizes: [D2], nodes: { max: 1 }, slotsPerNode: 4 });
  const pool = { cluster: 'fair' };
  const leases = async () =>
    Object.fromEntries(
      ((await cluster('fair')).leases as { job: string; slots: number }[]).map((l) => [l.job, l.slots]),
    );
  const first = await stack.submit('first', shellJob(gated('first'), { input: { kind: 'repeat', count: 12 }, pool }));
  await waitFor('the first job to run on all slots', async () => (await counts('first')).running === 4);
  await stack.submit('second', shellJob(gated('second'), { input: { kind: 'repeat', count: 6 }, pool }));
  const waiting = await waitFor('the second job to say that it waits', async () => {
    const job = await stack.job('second');
    return job.waiting?.code === 'ClusterFull' && job.waiting;
  });
  expect(waiting.message).toContain('number 1 in its queue');
  expect(await leases()).toEqual({ first: 4 });
  // Until Batch knows of it, a slot that is free goes to the next task of the first job.
  const halved = async () => (await stack.batch.jobs.get(batchJobId(first.uid, '1'))).maxParallelTasks === 2;
  await waitFor('the first job to be held to its half', halved);

  await open('first', 0);
  await waitFor('the slot of the task that ended to go over', async () => (await counts('second')).running === 1);
  expect(await counts('first')).toMatchObject({ running: 3, failed: 0 });
  await open('first', 1);
  await waitFor('both jobs to have their halves', async () => (await counts('second')).running === 2);
  expect(await leases()).toEqual({ first: 2, second: 2 });
  await open('first', 2);
  await waitFor('the first job to go on within its half', async () => (await counts('first')).succeeded === 3);
  await waitFor('its next task to run', async () => (await counts('first')).running === 2);
  expect((await counts('second')).running).toBe(2);

  await stack.call('POST', '/v1/jobs/second:cancel');
  await waitFor('the first job to have all slots again', async () => (await counts('first')).running === 4);
  for (let task = 3; task < 12; task++) await open('first', task);
  expect(await stack.finished('first')).toMatchObject({ state: 'succeeded', counts: { succeeded: 12, failed: 0 } });
  expect(await history('first')).toBeLessThan(250);
});

describe('a formula', () => {
  const formula = { vmSizes: [D2], nodes: { max: 3 }, autoscaleFormula: '$TargetDedicatedNodes = 2;' };

  it('sizes the cluster, whose slots are leased all the same; idle, it gives its pool up', async () => {
    const url = '/v1/clusters/scaled';
    expect((await stack.call('PUT', url, { ...formula, idleTimeout: 'PT1S' })).status).toBe(201);
    await stack.submit('on-scaled', shellJob(gated('on-scaled'), { pool: { cluster: 'scaled' } }));
    await waitFor('two nodes', async () => (await stack.job('on-scaled')).nodes?.target === 2);
    for (let task = 0; task < 4; task++) await open('on-scaled', task);
    const job = await stack.finished('on-scaled');
    expect(job).toMatchObject({ state: 'succeeded', usage: { dedicatedNodeSeconds: expect.any(Number) } });
    // It holds none any more.
    expect(job.nodes).toBeUndefined();
    const { poolId } = await cluster('scaled');
    await waitFor('the idle cluster to have no pool', async () => !(await stack.poolIds()).includes(poolId));
    expect(await cluster('scaled')).toMatchObject({ template: { autoscaleFormula: formula.autoscaleFormula } });
  });

  it('that is none breaks the pool, in the words of Batch and with the place', async () => {
    const pool = { ...formula, autoscaleFormula: '$TargetDedicatedNodes = ;' };
    const job = await stack.run('no-formula', shellJob('true', { pool }));
    expect(job.error).toMatchObject({
      message: expect.stringMatching(/AutoScalingFormulaSyntaxError.*Line 1, Col \d+/),
    });
  });

  it('that cannot be evaluated is told, while the cluster waits', async () => {
    const pool = { ...formula, autoscaleFormula: '$TargetDedicatedNodes = $Nonsense;' };
    await stack.submit('odd-formula', shellJob('true', { pool }));
    const waiting = await waitFor('the job to tell of it', async () => {
      const job = await stack.job('odd-formula');
      return job.waiting?.code === 'AutoScalingFormulaEvaluationError' && job.waiting;
    });
    expect(waiting.message).toMatch(/Line 1, Col \d+: .*\$Nonsense/);
    await stack.call('POST', '/v1/jobs/odd-formula:cancel');
    await stack.finished('odd-formula');
  });
});

it('takes dedicated nodes for spot nodes that cannot be had, gives them back later, and survives an eviction', async () => {
  const faults = `${stack.stack.batch.endpoint}/emulator/faults`;
  await fault({ kind: 'quotaReached', vmSize: 'standard_spotty' });
  const nodes = { max: 2, spotPercent: 100, spotFallback: 'dedicated' as const };
  const pool = { vmSizes: ['standard_spotty'], nodes };
  await stack.submit('evicted', shellJob(gated('evicted'), { input: { kind: 'repeat', count: 2 }, pool }));
  const poolId = `windrow-job-${(await stack.job('evicted')).uid}`;
  const waiting = await waitFor('the job to say what it waits for', async () => {
    const job = await stack.job('evicted');
    return job.waiting?.code === 'AccountCoreQuotaReached' && job.waiting;
  });
  expect(waiting.message).toContain('2 dedicated nodes stand in for spot nodes');
  await waitFor('the pool to be asked for both kinds', async () => {
    const { targetDedicatedNodes, targetLowPriorityNodes } = await stack.batch.pools.get(poolId);
    return targetDedicatedNodes === 2 && targetLowPriorityNodes === 2;
  });
  await stack.call('DELETE', faults);
  await waitFor('the stand-ins to be sent home, when there are spot nodes', async () => {
    const { targetDedicatedNodes, currentLowPriorityNodes } = await stack.batch.pools.get(poolId);
    return targetDedicatedNodes === 0 && currentLowPriorityNodes === 2;
  });
  await waitFor('both tasks to run', async () => (await counts('evicted')).running === 2);
  await fault({ kind: 'preempt', poolId });
  await open('evicted', 0);
  await open('evicted', 1);
  const job = await stack.finished('evicted');
  expect(job).toMatchObject({ state: 'succeeded', counts: { succeeded: 2, failed: 0 } });
  expect(job.usage?.spotNodeSeconds).toBeGreaterThan(0);
});

it('says what a job may cost, counts what it uses, and stops it when its budget is used up', async () => {
  const pool = { vmSizes: [D2], nodes: { max: 1 } };
  const spec = shellJob('sleep 1', {
    input: { kind: 'repeat', count: 500 },
    pool,
    execution: { budget: { cost: 0.04 } },
  });
  const plan = await stack.call('POST', '/v1/jobs:plan', spec);
  // 500 tasks of five minutes each, one at a time, at 36 EUR an hour.
  expect(plan.body.estimate).toMatchObject({ nodeHoursAtMost: 41.667, costAtMost: 1500.012, currency: 'EUR' });
  const unpriced = { ...spec, pool: { ...pool, vmSizes: ['standard_unknown'] } };
  expect(await stack.call('PUT', '/v1/jobs/unpriced', unpriced)).toMatchObject({
    status: 422,
    body: { errors: [{ path: '$.execution.budget.cost', code: 'NoPrices' }] },
  });

  const job = await stack.run('spender', spec);
  expect(job.error).toMatchObject({
    code: 'BudgetExceeded',
    message: expect.stringMatching(/used 0\.0\d+ of 0\.04 EUR/),
  });
  expect(job.counts.succeeded).toBeGreaterThan(0);
  expect(job.counts.failed).toBe(0);
  expect(job.usage).toMatchObject({ spotNodeSeconds: 0, cost: { currency: 'EUR' } });
  expect(job.usage?.cost?.amount).toBeGreaterThanOrEqual(0.04);
  expect(await history('spender')).toBeLessThan(250);
  await stack.expectNothingLeft(job);
});
