import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { describeBatchService } from './suite';

describe('the emulator keeps the rules of Azure Batch', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    // Slow enough for a client to see the states in between, whatever else the machine does.
    emulator = await startEmulator({ timing: { allocation: 100, rebooting: 100 } });
  });
  afterAll(() => emulator.close());

  describeBatchService(() => emulator);
});
