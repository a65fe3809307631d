/** Adding tasks, against a server that keeps nothing, and with a journal against without. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BenchResult } from '../bench';
import { median } from '../statistics';
import { addTasks, createJob, createPool, disable, sendAll } from './account';
import { startBareServer, startEmulator } from './child';
import { Client } from './client';
import { SIMULATED, TIMES, type Sizes } from './sizes';
import { requestBodies, type Kind } from './tasks';

const JOB = 'adding';

async function emulatorWithJob(args: string[]) {
  const emulator = await startEmulator(args);
  const client = new Client(emulator.access);
  await createPool(client, 'pool', 1, SIMULATED);
  await createJob(client, JOB, 'pool');
  await disable(client, JOB);
  return { client, stop: () => emulator.process.stop() };
}

export async function adding(kind: Kind, { window }: Sizes): Promise<BenchResult> {
  const location = await mkdtemp(path.join(tmpdir(), 'bench-emulator-'));
  const memory = await emulatorWithJob([]);
  const journal = await emulatorWithJob(['--location', location]);
  const server = await startBareServer();
  const bare = new Client({ url: server.ready.listening, account: 'bare', key: 'none' });
  const times = { memory: [] as number[], journal: [] as number[], bare: [] as number[] };
  // The first round is for the compilers.
  for (let round = 0; round <= TIMES; round++) {
    const [from, to] = [round * window, (round + 1) * window];
    const results = {
      bare: await sendAll(requestBodies(kind, from, to), (body) => bare.send('POST', '/', body)),
      memory: await addTasks(memory.client, JOB, kind, from, to),
      journal: await addTasks(journal.client, JOB, kind, from, to),
    };
    if (round === 0) continue;
    for (const key of ['memory', 'journal', 'bare'] as const) times[key].push(window / results[key]);
  }
  await Promise.all([memory.stop(), journal.stop(), server.stop()]);
  for (const client of [memory.client, journal.client, bare]) client.close();
  await rm(location, { recursive: true, force: true });
  const [kept, written, read] = [median(times.memory), median(times.journal), median(times.bare)];
  return {
    figures: [
      {
        name: `${kind}: tasks added, against a bare server`,
        value: kept,
        unit: 'per s',
        baseline: read,
        aim: { of: 'ratio', above: 0.5 },
      },
      {
        name: `${kind}: tasks added with --location, against without`,
        value: written,
        unit: 'per s',
        baseline: kept,
        aim: { of: 'ratio', above: 0.5 },
      },
    ],
    notes: [],
  };
}
