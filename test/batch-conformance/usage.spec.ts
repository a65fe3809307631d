import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmulator } from '@windrow/batch-emulator';
import { createPool, poolReady } from './fixtures';
import { Rest, type Body } from './rest';
import { until } from './target';

const HALF_HOUR_MS = 1_800_000;

describe('pool usage metrics', () => {
  it('count core hours by half hour, and outlive the pool and the emulator', async () => {
    const location = await mkdtemp(path.join(tmpdir(), 'emulator-usage-'));
    const first = await startEmulator({ location, timeScale: 10_000 });
    const rest = new Rest(first);
    const poolId = await createPool(rest, {
      vmSize: 'Simulated_D4',
      targetDedicatedNodes: 2,
      targetLowPriorityNodes: 1,
    });
    await poolReady(rest, poolId, 3);
    const query = { startTime: '2020-01-01T00:00:00Z', $filter: `poolId eq '${poolId}'` };
    const used = async (from: Rest): Promise<Body[]> => (await from.get('/poolusagemetrics', { query })).json.value;
    await until(async () => (await used(rest)).length >= 3, 'three intervals');
    await rest.delete(`/pools/${poolId}`);
    await until(async () => (await rest.get(`/pools/${poolId}`)).status === 404, 'the pool to be gone');

    const [, whole] = await used(rest);
    expect(Object.keys(whole)).toEqual(['poolId', 'startTime', 'endTime', 'vmSize', 'totalCoreHours']);
    expect(whole).toMatchObject({ poolId, vmSize: 'Simulated_D4', totalCoreHours: 6 });
    expect(Date.parse(whole.endTime) - Date.parse(whole.startTime)).toBe(HALF_HOUR_MS);
    expect(Date.parse(whole.startTime) % HALF_HOUR_MS).toBe(0);
    await first.close();

    const second = await startEmulator({ location });
    const later = await used(new Rest(second));
    expect(later).toContainEqual(whole);
    await second.close();
    await rm(location, { recursive: true, force: true });
  });

  it('without a period are those of the last whole half hour', async () => {
    const emulator = await startEmulator({ timeScale: 2000 });
    const rest = new Rest(emulator);
    const poolId = await createPool(rest, { vmSize: 'simulated_d4' });
    const [usage] = await until(async () => {
      const { value } = (await rest.get('/poolusagemetrics')).json;
      return value.length > 0 && value;
    }, 'the first interval to be over');
    expect(usage.poolId).toBe(poolId);
    await emulator.close();
  });
});
