import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { Arm } from './arm';

describe('parts of an account in management', () => {
  let emulator: Emulator;
  let arm: Arm;
  beforeAll(async () => {
    emulator = await startEmulator({ bearer: true, storage: 'UseDevelopmentStorage=true' });
    arm = new Arm(emulator);
  });
  afterAll(() => emulator.close());

  it.each(['detectors', 'privateLinkResources', 'privateEndpointConnections', 'outboundNetworkDependenciesEndpoints'])(
    '%s are an empty list',
    async (part) => {
      const { status, json } = await arm.get(part);
      expect([status, json]).toEqual([200, { value: [] }]);
    },
  );

  it('keys of auto storage are read anew', async () => {
    const synced = async (): Promise<number> => Date.parse((await arm.get('')).json.properties.autoStorage.lastKeySync);
    const before = await synced();
    expect((await arm.post('syncAutoStorageKeys')).status).toBe(204);
    expect(await synced()).toBeGreaterThan(before);
  });
});
