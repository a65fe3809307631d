import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmulator } from '@windrow/batch-emulator';
import { Rest } from './rest';

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
