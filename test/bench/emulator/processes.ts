/** Real processes as tasks, against spawning the same directly, as many at a time. */
import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import type { BenchResult } from '../bench';
import { median } from '../statistics';
import { since } from '../timing';
import { allCompleted, createJob, createPool, disable, enable, sendAll } from './account';
import { startEmulator } from './child';
import { Client } from './client';
import { TIMES, type Sizes } from './sizes';
import { PER_REQUEST } from './tasks';

const PROGRAM = '/bin/true';
const AT_A_TIME = 4;
const POLL_MS = 20;

export async function processes({ processes: count }: Sizes): Promise<BenchResult> {
  const emulator = await startEmulator();
  const client = new Client(emulator.access);
  await createPool(client, 'pool', AT_A_TIME, 'standard_d2s_v3');
  const times = { tasks: [] as number[], direct: [] as number[] };
  for (let round = 0; round < TIMES; round++) {
    times.tasks.push(await asTasks(client, `round-${round}`, count));
    times.direct.push(await directly(count));
  }
  await emulator.process.stop();
  client.close();
  return {
    figures: [
      {
        name: `${count} ${PROGRAM} as tasks, against direct spawns`,
        value: median(times.tasks) / 1000,
        unit: 's',
        baseline: median(times.direct) / 1000,
        aim: { of: 'ratio', below: 1.5 },
      },
    ],
    notes: [
      `Processes: ${AT_A_TIME} at a time; a task has a directory, an environment and two output files of its own, a direct spawn none of these.`,
    ],
  };
}

async function asTasks(client: Client, jobId: string, count: number): Promise<number> {
  await createJob(client, jobId, 'pool');
  await disable(client, jobId);
  await sendAll(bodies(count), (body) => client.send('POST', `/jobs/${jobId}/addtaskcollection`, body));
  const began = performance.now();
  await enable(client, jobId);
  await allCompleted(client, jobId, count, POLL_MS);
  return since(began);
}

function* bodies(count: number): Generator<Buffer> {
  for (let from = 0; from < count; from += PER_REQUEST) {
    const ids = Array.from({ length: Math.min(PER_REQUEST, count - from) }, (_, at) => `task-${from + at}`);
    yield Buffer.from(JSON.stringify({ value: ids.map((id) => ({ id, commandLine: PROGRAM })) }));
  }
}

async function directly(count: number): Promise<number> {
  const began = performance.now();
  let started = 0;
  const lane = async () => {
    while (started++ < count) {
      await new Promise((resolve, reject) => {
        spawn(PROGRAM, [], { stdio: 'ignore' }).once('exit', resolve).once('error', reject);
      });
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, lane));
  return since(began);
}
