/** Pools whose requests fail, and which do not come up. */
import { MockActivityEnvironment } from '@temporalio/testing';
import type { PoolTemplate } from '@windrow/contract';
import type { Activities } from '@windrow/worker';
import { ActivityLab } from './activity-lab';

let lab: ActivityLab;
let number = 0;
beforeAll(async () => {
  lab = await ActivityLab.start();
});
afterAll(() => lab.stop());
afterEach(() => lab.clearFaults());

type Size = Parameters<Activities['sizePool']>[0];
type Watch = Parameters<Activities['watchPool']>[0];

const TEMPLATE: PoolTemplate = { vmSizes: ['simulated_d2'], nodes: { max: 5 } };
const NONE = { target: 0, current: 0 };
const KNOWN: Watch['known'] = {
  allocationState: 'unknown',
  current: 0,
  usable: 0,
  failed: 0,
  evicted: 0,
  dedicated: NONE,
  spot: NONE,
  errors: [],
};

const newPool = () => `windrow-faults-${++number}`;
const run = () => new MockActivityEnvironment();

function size(poolId: string, dedicated: number, change: Partial<Size> = {}): ReturnType<Activities['sizePool']> {
  const input = { workspace: 'w', cluster: 'c', uid: 'u', createdTime: '', template: TEMPLATE, ephemeral: false };
  const targets = { dedicated, spot: 0 };
  return run().run(lab.activities.sizePool, {
    input,
    template: TEMPLATE,
    poolId,
    vmSize: 0,
    targets,
    workflowId: 'cluster:w/c',
    kick: false,
    ...change,
  });
}

/** Watches until Batch is done with what it was asked for. */
async function settled(poolId: string, target: number, resizedAt?: string) {
  let known = KNOWN;
  do {
    known = await run().run(lab.activities.watchPool, { poolId, known, target, ...(resizedAt && { resizedAt }) });
  } while (known.allocationState !== 'steady' || (known.errors.length === 0 && known.usable + known.failed < target));
  return known;
}

it.each(['PoolAdd', 'PoolGet'])('is created once when the answer to %s is lost', async (operation) => {
  const poolId = newPool();
  await lab.order({ kind: 'loseResponse', operation, times: 1 });
  const { resizedAt } = await size(poolId, 2);
  expect(await settled(poolId, 2, resizedAt)).toMatchObject({
    usable: 2,
    dedicated: { target: 2, current: 2 },
    errors: [],
  });
});

it('is resized once when the answer is lost, and asked twice is as it was asked', async () => {
  const poolId = newPool();
  await settled(poolId, 1, (await size(poolId, 1)).resizedAt);
  await lab.order({ kind: 'loseResponse', operation: 'PoolResize', times: 1 });
  await size(poolId, 3);
  const { resizedAt } = await size(poolId, 3);
  expect(await settled(poolId, 3, resizedAt)).toMatchObject({ usable: 3, errors: [] });
});

it('that the quota of pools refuses is no failure, but a reason to wait', async () => {
  await lab.order({ operation: 'PoolAdd', status: 409, code: 'PoolQuotaReached', times: 1 });
  expect(await size(newPool(), 1)).toMatchObject({ refused: { code: 'PoolQuotaReached' } });
});

it.each([
  ['allocationFailure', 'AllocationFailed'],
  ['quotaReached', 'AccountCoreQuotaReached'],
])('tells of %s in the words of Batch, and not any more after the next resize', async (kind, code) => {
  const poolId = newPool();
  await lab.order({ kind, poolId, allocated: 1, times: 1 });
  const { resizedAt } = await size(poolId, 2);
  const short = await settled(poolId, 2, resizedAt);
  expect(short).toMatchObject({ current: 1, errors: [{ code }] });
  const again = await size(poolId, 2);
  expect(await settled(poolId, 2, again.resizedAt)).toMatchObject({ usable: 2, errors: [] });
});

it('whose setup task fails is diagnosed with its exit code', async () => {
  const poolId = newPool();
  const template = { ...TEMPLATE, setupTask: { commandLine: '/bin/true' } };
  await lab.order({ kind: 'startTaskFailure', poolId, exitCode: 7 });
  const { resizedAt } = await size(poolId, 1, { template });
  expect(await settled(poolId, 1, resizedAt)).toMatchObject({ usable: 0, failed: 1 });
  const diagnosed: ReturnType<Activities['diagnosePool']> = run().run(lab.activities.diagnosePool, { poolId });
  const { message } = await diagnosed;
  expect(message).toMatch(
    new RegExp(`No node of pool ${poolId} became usable\\. The setup task failed: .*exit code 7`),
  );
});

it('is gone when its deletion returns, though the answer was lost, and may be gone before', async () => {
  const poolId = newPool();
  await size(poolId, 1);
  await lab.order({ kind: 'loseResponse', operation: 'PoolDelete', times: 1 });
  await run().run(lab.activities.deletePool, { poolId });
  expect(await lab.batch.pools.exists(poolId)).toBe(false);
  await run().run(lab.activities.deletePool, { poolId });
});
