import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { Arm } from './arm';
import { addTasks, createJob, createPool, IMAGE } from './fixtures';
import { Rest } from './rest';

/** Properties that are taken and do nothing are not ignored in silence. */
describe('properties without effect', () => {
  let emulator: Emulator;
  let rest: Rest;
  let lines: string[];
  beforeEach(async () => {
    lines = [];
    emulator = await startEmulator({ bearer: true, log: (line) => lines.push(line) });
    rest = new Rest(emulator);
  });
  afterEach(() => emulator.close());

  const told = (name: string): string[] => lines.filter((line) => line.startsWith(`${name} of `));

  it('are named in the log with the first use, wherever they are, and once', async () => {
    const diskEncryptionConfiguration = { targets: ['osdisk'] };
    for (let count = 0; count < 2; count++) {
      await createPool(rest, {
        targetDedicatedNodes: 0,
        virtualMachineConfiguration: { ...IMAGE, diskEncryptionConfiguration },
      });
    }
    expect(told('targets')).toEqual([
      'targets of DiskEncryptionConfiguration has no effect in the emulator: nothing is encrypted',
    ]);
  });

  it('are named when they come with a collection of tasks, and with management', async () => {
    const jobId = await createJob(rest, 'nosuchpool');
    await addTasks(rest, jobId, [
      { id: 'a', commandLine: 'true', authenticationTokenSettings: { access: ['job'] } },
      { id: 'b', commandLine: 'true', authenticationTokenSettings: { access: ['job'] } },
    ]);
    expect(told('authenticationTokenSettings')).toHaveLength(1);
    const subnetId = '/subscriptions/s/subnets/a';
    await new Arm(emulator).put('pools/managed', {
      properties: { vmSize: 'STANDARD_D2_V3', networkConfiguration: { subnetId } },
    });
    expect(told('subnetId')).toHaveLength(1);
  });

  it('are not named when they say what is so anyway, nor when they are cosmetic', async () => {
    await createPool(rest, { targetDedicatedNodes: 0, certificateReferences: [], resourceTags: { a: 'b' } });
    await createJob(rest, 'nosuchpool', { allowTaskPreemption: false });
    expect(lines.filter((line) => line.includes('no effect'))).toEqual([]);
  });
});
