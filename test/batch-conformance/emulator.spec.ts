import { existsSync } from 'node:fs';
import path from 'node:path';
import { OPERATIONS, startEmulator, type Emulator } from '@windrow/batch-emulator';
import { describeBatchService } from './suite';

describe('the emulator keeps the rules of Azure Batch', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    // Slow enough for a client to see the states in between, whatever else the machine does.
    emulator = await startEmulator({ admin: true, timing: { allocation: 100, rebooting: 100 } });
  });
  afterAll(() => emulator.close());

  describeBatchService(() => emulator);

  it('and every operation of the list was called, but for those that another spec proves', async () => {
    const called = (await (await fetch(`${emulator.url}/emulator/requests`)).json()) as Record<string, number>;
    const isOfSuite = (proof: string): boolean =>
      existsSync(path.join(__dirname, `${proof.split(': ')[0] ?? ''}.suite.ts`));
    const missed = OPERATIONS.filter(({ name, proof }) => !called[name] && proof.some(isOfSuite));
    expect(missed.map(({ name }) => name)).toEqual([]);
  });
});
