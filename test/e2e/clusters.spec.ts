/** Clusters: sharing, sizing, and the bad days of a pool. */
import { shellJob, TestStack, waitFor } from '../support';

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start();
});

afterAll(() => stack.stop());

const cluster = async (name: string) => (await stack.call('GET', `/v1/clusters/${name}`)).body;
const fault = (rule: object) => stack.call('POST', `${stack.stack.batch.endpoint}/emulator/faults`, rule);
const ONE = { kind: 'repeat', count: 1 } as const;

describe('a named cluster', () => {
  it('is created, used by a job, resized and deleted', async () => {
    const template = {
      displayName: 'Shared',
      vmSizes: ['standard_d2s_v3'],
      nodes: { min: 1, max: 3 },
      slotsPerNode: 2,
    };
    expect((await stack.call('PUT', '/v1/clusters/shared', template)).status).toBe(201);
    expect((await stack.call('PUT', '/v1/clusters/shared', template)).status).toBe(200);
    expect((await stack.call('PUT', '/v1/clusters/shared', { ...template, slotsPerNode: 4 })).status).toBe(409);
    await waitFor('its node to be usable', async () => (await cluster('shared')).nodes.usable === 1);
    expect((await stack.call('GET', '/v1/clusters')).body.value).toMatchObject([
      { cluster: 'shared', displayName: 'Shared' },
    ]);

    const job = await stack.run('on-shared', shellJob('echo $AZ_BATCH_POOL_ID', { pool: { cluster: 'shared' } }));
    expect(job).toMatchObject({ state: 'succeeded', cluster: 'shared', counts: { succeeded: 4 } });
    const { poolId } = await cluster('shared');
    expect((await stack.call('GET', '/v1/jobs/on-shared/tasks/0/files/stdout.txt')).body).toBe(`${poolId}\n`);
    await waitFor('the lease to be given back', async () => (await cluster('shared')).leases.length === 0);

    expect((await stack.call('POST', '/v1/clusters/shared:resize', { min: 2, max: 4 })).status).toBe(200);
    await waitFor('a second node', async () => (await cluster('shared')).nodes.usable === 2);
    expect((await stack.call('POST', '/v1/clusters/shared:resize', { min: 5, max: 4 })).status).toBe(400);

    expect((await stack.call('DELETE', '/v1/clusters/shared')).status).toBe(202);
    await waitFor('it to be gone', async () => (await stack.call('GET', '/v1/clusters/shared')).status === 404);
    expect(await stack.poolIds()).not.toContain(poolId);
  });

  it('refuses to be deleted while a job uses it, and a job with more slots than its nodes have', async () => {
    await stack.call('PUT', '/v1/clusters/busy', { vmSizes: ['standard_d2s_v3'], nodes: { max: 1 } });
    await stack.submit('user', shellJob('sleep 600', { input: ONE, pool: { cluster: 'busy' } }));
    await waitFor('the job to run', async () => (await stack.job('user')).counts.running === 1);
    expect(await stack.call('DELETE', '/v1/clusters/busy')).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('user') },
    });
    const wide = {
      ...shellJob('true', { pool: { cluster: 'busy' } }),
      task: { commandLine: 'true', requiredSlots: 2 },
    };
    expect(await stack.call('PUT', '/v1/jobs/wide', wide)).toMatchObject({
      status: 422,
      body: { errors: [{ path: '$.task.requiredSlots' }] },
    });
    await stack.call('POST', '/v1/jobs/user:cancel');
    await stack.finished('user');
  });
});

it('a job that began on a crowded cluster gets the slots that are freed', async () => {
  await stack.call('PUT', '/v1/clusters/crowded', { vmSizes: ['standard_d2s_v3'], nodes: { max: 1 }, slotsPerNode: 4 });
  const pool = { cluster: 'crowded' };
  await stack.submit(
    'early',
    shellJob('while [ ! -e "$AZ_BATCH_NODE_SHARED_DIR/go" ]; do sleep 0.1; done', {
      input: { kind: 'repeat', count: 3 },
      pool,
    }),
  );
  await waitFor('the first job to run', async () => (await stack.job('early')).counts.running === 3);
  await stack.submit('late', shellJob('sleep 600', { input: { kind: 'repeat', count: 8 }, pool }));
  await waitFor(
    'the second one to run on the slot that is left',
    async () => (await stack.job('late')).counts.running === 1,
  );
  await stack.call('POST', '/v1/jobs/early:cancel');
  await waitFor('it to run on all four', async () => (await stack.job('late')).counts.running === 4);
  await stack.call('POST', '/v1/jobs/late:cancel');
  await stack.finished('late');
});

describe('when nodes are not to be had', () => {
  it('takes the next VM size of the list', async () => {
    await fault({ kind: 'allocationFailure', code: 'AllocationFailed', vmSize: 'standard_rare' });
    const pool = { vmSizes: ['standard_rare', 'standard_d2s_v3'], nodes: { max: 1 } };
    expect(await stack.run('second-choice', shellJob('true', { input: ONE, pool }))).toMatchObject({
      state: 'succeeded',
    });
  });

  it('waits, says for what and since when, and goes on when there are some', async () => {
    await fault({ kind: 'allocationFailure', code: 'AccountCoreQuotaReached', vmSize: 'standard_scarce' });
    await stack.submit(
      'patient',
      shellJob('true', { input: ONE, pool: { vmSizes: ['standard_scarce'], nodes: { max: 1 } } }),
    );
    const waiting = await waitFor('the job to say why it waits', async () => {
      const job = await stack.job('patient');
      return job.waiting?.code === 'AccountCoreQuotaReached' && job.waiting;
    });
    expect(waiting.message).toContain('standard_scarce');
    expect(Date.parse(waiting.since)).toBeGreaterThan(0);
    await stack.call('DELETE', `${stack.stack.batch.endpoint}/emulator/faults`);
    expect(await stack.finished('patient')).toMatchObject({ state: 'succeeded' });
  });
});

it('stops scaling when no node becomes usable, and fails with the setup task’s own stderr', async () => {
  const pool = {
    vmSizes: ['standard_d2s_v3'],
    nodes: { max: 2 },
    setupTask: { commandLine: `/bin/sh -c 'echo no such package: libfoo >&2; exit 100'` },
  };
  const job = await stack.run('broken-pool', shellJob('true', { input: { kind: 'repeat', count: 8 }, pool }));
  expect(job).toMatchObject({
    state: 'failed',
    error: { code: 'PoolBroken', message: expect.stringContaining('no such package: libfoo') },
  });
  await stack.expectNothingLeft(job);
});

it('runs a setup task with its program before the first task', async () => {
  await stack.upload('programs', 'setup/install.sh', 'echo ready > "$AZ_BATCH_NODE_SHARED_DIR/ready"\n');
  const pool = {
    vmSizes: ['standard_d2s_v3'],
    nodes: { max: 1 },
    setupTask: { commandLine: '/bin/sh install.sh', program: [{ container: 'programs', prefix: 'setup/' }] },
  };
  expect(
    await stack.run('set-up', shellJob('cat "$AZ_BATCH_NODE_SHARED_DIR/ready"', { input: ONE, pool })),
  ).toMatchObject({ state: 'succeeded' });
});
