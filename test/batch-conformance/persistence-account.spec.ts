import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { Arm } from './arm';
import { Rest } from './rest';

/** A copy of the folder under a running emulator is what `kill -9` leaves: only what was written counts. */
describe('an account whose emulator was killed', () => {
  let folder: string;
  let killed: Emulator;
  let emulator: Emulator | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'emulator-killed-'));
    killed = await startEmulator({ bearer: true, location: path.join(folder, 'before') });
  });
  afterEach(async () => {
    await Promise.all([killed.close(), emulator?.close()]);
    await rm(folder, { recursive: true, force: true });
  });

  it('has whatever was acknowledged: keys, settings, applications, certificates, pools of management', async () => {
    const arm = new Arm(killed);
    const { primary } = (await arm.post('regenerateKeys', { keyName: 'Primary' })).json;
    await arm.patch('', { tags: { kept: 'yes' } });
    const application = (await arm.put('applications/app', { properties: { displayName: 'kept' } })).json;
    await arm.put('pools/pool', { properties: { vmSize: 'simulated_d2', displayName: 'kept' } });
    const body = { thumbprint: 'ab'.repeat(20), thumbprintAlgorithm: 'sha1', data: 'cGZ4' };
    expect((await new Rest(killed).post('/certificates', body)).status).toBe(201);

    await cp(path.join(folder, 'before'), path.join(folder, 'after'), { recursive: true });
    emulator = await startEmulator({ bearer: true, location: path.join(folder, 'after') });

    expect(emulator.key).toBe(primary);
    const [again, rest] = [new Arm(emulator), new Rest(emulator)];
    expect((await again.get('')).json.tags).toEqual({ kept: 'yes' });
    expect((await again.get('applications/app')).json).toEqual(application);
    expect((await rest.get('/pools/pool')).json.displayName).toBe('kept');
    expect((await rest.get('/certificates')).json.value).toHaveLength(1);
  });
});
