import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { createPool } from './fixtures';
import { Rest, type Body } from './rest';
import { until } from './target';

describe('core quotas of the account', () => {
  let emulator: Emulator;
  let rest: Rest;
  beforeEach(async () => {
    emulator = await startEmulator({ quotas: { dedicatedCores: 10, lowPriorityCores: 4 } });
    rest = new Rest(emulator);
  });
  afterEach(() => emulator.close());

  const steady = (poolId: string): Promise<Body> =>
    until(async () => {
      const { json } = await rest.get(`/pools/${poolId}`);
      return json.allocationState === 'steady' && json;
    }, `${poolId} to be steady`);

  it('allow as many nodes as they have cores for, and an error says that more were wanted', async () => {
    const pool = await steady(await createPool(rest, { vmSize: 'simulated_d4', targetDedicatedNodes: 4 }));
    expect(pool).toMatchObject({
      currentDedicatedNodes: 2,
      targetDedicatedNodes: 4,
      resizeErrors: [{ code: 'AccountCoreQuotaReached', message: 'The specified account has reached core quota' }],
    });
  });

  it('are shared by all pools, and come back with the nodes', async () => {
    const first = await createPool(rest, { vmSize: 'simulated_d4', targetDedicatedNodes: 2 });
    await steady(first);
    const second = await createPool(rest, { vmSize: 'simulated_d4', targetDedicatedNodes: 1 });
    expect((await steady(second)).currentDedicatedNodes).toBe(0);
    await rest.post(`/pools/${first}/resize`, { targetDedicatedNodes: 1 });
    await steady(first);
    await rest.post(`/pools/${second}/resize`, { targetDedicatedNodes: 1 });
    const pool = await steady(second);
    expect(pool.currentDedicatedNodes).toBe(1);
    expect(pool).not.toHaveProperty('resizeErrors');
  });

  it('are apart for low-priority nodes', async () => {
    const pool = await steady(
      await createPool(rest, { vmSize: 'simulated_d2', targetDedicatedNodes: 5, targetLowPriorityNodes: 3 }),
    );
    expect([pool.currentDedicatedNodes, pool.currentLowPriorityNodes]).toEqual([5, 2]);
    expect(pool.resizeErrors).toHaveLength(1);
  });
});
