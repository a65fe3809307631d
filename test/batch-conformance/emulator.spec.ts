import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { describeBatchService } from './suite';

describe('the emulator keeps the rules of Azure Batch', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator();
  });
  afterAll(() => emulator.close());

  describeBatchService(() => emulator);
});
