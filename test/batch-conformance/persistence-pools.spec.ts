import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { createPool, poolReady } from './fixtures';
import { Rest } from './rest';

describe('pools and nodes that outlive the emulator', () => {
  let location: string;
  let emulator: Emulator;
  let rest: Rest;

  const start = async (): Promise<void> => {
    emulator = await startEmulator({ location });
    rest = new Rest(emulator);
  };
  const restart = async (): Promise<void> => {
    await emulator.close();
    await start();
  };
  beforeEach(async () => {
    location = await mkdtemp(path.join(tmpdir(), 'emulator-pools-'));
    await start();
  });
  afterEach(async () => {
    await emulator.close();
    await rm(location, { recursive: true, force: true });
  });

  it('automatic scaling goes on with its formula, interval and last run', async () => {
    const poolId = await createPool(rest, {
      targetDedicatedNodes: undefined,
      enableAutoScale: true,
      autoScaleFormula: '$TargetDedicatedNodes = 1; $NodeDeallocationOption = taskcompletion;',
      autoScaleEvaluationInterval: 'PT7M',
    });
    await poolReady(rest, poolId, 1);
    const before = (await rest.get(`/pools/${poolId}`)).json;
    await restart();
    const after = (await rest.get(`/pools/${poolId}`)).json;
    expect(after.autoScaleRun).toEqual(before.autoScaleRun);
    expect(after).toMatchObject({
      enableAutoScale: true,
      autoScaleFormula: before.autoScaleFormula,
      autoScaleEvaluationInterval: 'PT7M',
    });
    const failed = await rest.post(`/pools/${poolId}/evaluateautoscale`, { autoScaleFormula: '$nosuch' });
    expect(failed.json.results).toContain('$TargetDedicatedNodes=1;');
    expect(failed.json.results).toContain('$NodeDeallocationOption=taskcompletion');
    await rest.post(`/pools/${poolId}/disableautoscale`);
    await restart();
    const disabled = (await rest.get(`/pools/${poolId}`)).json;
    expect(disabled.enableAutoScale).toBe(false);
    expect(disabled).not.toHaveProperty('autoScaleRun');
  });
});
