import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmulator } from '@windrow/batch-emulator';
import { createPool, poolReady } from './fixtures';
import { Rest } from './rest';
import { until } from './target';

describe('a start that fails', () => {
  it('because of a port in use leaves the location free', async () => {
    const location = await mkdtemp(path.join(tmpdir(), 'emulator-start-'));
    const other = await startEmulator();
    const port = Number(new URL(other.url).port);
    await expect(startEmulator({ port, location })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await expect(rm(path.join(location, 'emulator.pid'))).rejects.toMatchObject({ code: 'ENOENT' });
    await other.close();
    const emulator = await startEmulator({ port, location });
    expect((await new Rest(emulator).get('/pools')).status).toBe(200);
    await emulator.close();
    await rm(location, { recursive: true, force: true });
  });
});

describe('a location', () => {
  it('that is new is for its owner alone, and keeps no folder of a pool that is gone', async () => {
    const parent = await mkdtemp(path.join(tmpdir(), 'emulator-start-'));
    const location = path.join(parent, 'new');
    const emulator = await startEmulator({ location });
    for (const folder of [location, path.join(location, 'journal')]) {
      expect((await stat(folder)).mode & 0o777).toBe(0o700);
    }
    const rest = new Rest(emulator);
    const poolId = await createPool(rest, { targetDedicatedNodes: 2, startTask: { commandLine: 'true' } });
    await poolReady(rest, poolId, 2);
    const pools = (): Promise<string[]> => readdir(path.join(location, 'nodes'));
    expect(await pools()).toEqual([poolId]);
    await rest.delete(`/pools/${poolId}`);
    await until(async () => (await pools()).length === 0, 'the folder of the pool to be gone');
    await emulator.close();
    await rm(parent, { recursive: true, force: true });
  });
});
