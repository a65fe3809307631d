import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { Rest } from './rest';
import { until } from './target';

describe('scenarios', () => {
  let folder: string;
  let emulator: Emulator | undefined;
  beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'scenario-'))));
  afterEach(async () => {
    await emulator?.close();
    emulator = undefined;
    await rm(folder, { recursive: true, force: true });
  });

  async function scenario(text: string): Promise<string> {
    const file = path.join(folder, 'bad-day.json');
    await writeFile(file, text);
    return file;
  }

  it('order their faults at start, each at its time', async () => {
    const faults = [
      { operation: 'JobList', times: 1 },
      { operation: 'PoolList', afterSeconds: 5000 },
    ];
    const file = await scenario(JSON.stringify({ faults }));
    emulator = await startEmulator({ scenario: file, timeScale: 10_000 });
    const rest = new Rest(emulator);
    expect((await rest.get('/pools')).status).toBe(200);
    expect([(await rest.get('/jobs')).status, (await rest.get('/jobs')).status]).toEqual([503, 200]);
    await until(async () => (await rest.get('/pools')).status === 503, 'the later fault');
  });

  it.each([
    ['{"faults":[{"times":1},{"times":0}]}', /bad-day\.json: faults\[1\]\.times: must be/],
    ['{"faults":[{"operation":"JobLst"}]}', /bad-day\.json: faults\[0\]\.operation: 'JobLst' is no operation/],
    ['{"faults":[7]}', /bad-day\.json: faults\[0\]: must be a JSON object/],
    ['{"faults":{}}', /bad-day\.json: faults: must be a list/],
    ['{"fault":[]}', /bad-day\.json: fault: is not known/],
    ['[]', /bad-day\.json: scenario: must be a JSON object/],
    ['{', /bad-day\.json: scenario: is not JSON/],
  ])('%s stops the start', async (text, message) => {
    await expect(startEmulator({ scenario: await scenario(text) })).rejects.toThrow(message);
  });

  it('a missing file stops the start', async () => {
    await expect(startEmulator({ scenario: path.join(folder, 'none.json') })).rejects.toThrow(/none\.json: ENOENT/);
  });
});

describe('--admin-port', () => {
  it('offers the admin path on a port of its own, and nothing else', async () => {
    const emulator = await startEmulator({ adminPort: 0 });
    expect(emulator.adminUrl).not.toBe(emulator.url);
    expect((await fetch(`${emulator.adminUrl}/emulator/faults`)).status).toBe(200);
    expect((await fetch(`${emulator.adminUrl}/jobs`)).status).toBe(404);
    expect((await fetch(`${emulator.url}/emulator/faults`)).status).not.toBe(200);
    await emulator.close();
  });
});
