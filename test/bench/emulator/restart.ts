/** Starting again with many tasks in the journal. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { BenchResult } from '../bench';
import { since } from '../timing';
import { addTasks, allCompleted, completedTasks, createJob, createPool } from './account';
import { startEmulator } from './child';
import { Client } from './client';
import { SIMULATED, type Sizes } from './sizes';

const JOB = 'restart';

export async function restart({ restart: tasks, nodes }: Sizes): Promise<BenchResult> {
  const location = await mkdtemp(path.join(tmpdir(), 'bench-emulator-'));
  try {
    const first = await startEmulator(['--location', location]);
    const client = new Client(first.access);
    await createPool(client, 'pool', nodes, SIMULATED);
    await createJob(client, JOB, 'pool');
    await addTasks(client, JOB, 'realistic', 0, tasks);
    await allCompleted(client, JOB, tasks);
    await first.process.stop();
    client.close();
    const began = performance.now();
    const second = await startEmulator(['--location', location]);
    const again = new Client(second.access);
    const found = await completedTasks(again, JOB);
    const seconds = since(began) / 1000;
    if (found !== tasks) throw new Error(`After the restart ${found} of ${tasks} tasks were there.`);
    await second.process.stop();
    again.close();
    return {
      figures: [{ name: `restart with ${tasks} finished tasks in --location`, value: seconds, unit: 's' }],
      notes: [],
    };
  } finally {
    await rm(location, { recursive: true, force: true });
  }
}
