/** A large job from the first task added to the last one finished, while somebody watches. */
import { performance } from 'node:perf_hooks';
import type { BenchResult } from '../bench';
import { since, sleep } from '../timing';
import { addTasks, completedTasks, createJob, createPool } from './account';
import { startEmulator } from './child';
import { Client } from './client';
import { SIMULATED, type Sizes } from './sizes';

const JOB = 'to-the-end';
const WATCH_MS = 200;
const TASK_SECONDS = 1;
const TIME_SCALE = 60;

export async function toTheEnd({ toTheEnd: tasks, nodes }: Sizes): Promise<BenchResult> {
  const emulator = await startEmulator(['--time-scale', String(TIME_SCALE)]);
  const client = new Client(emulator.access);
  await createPool(client, 'pool', nodes, SIMULATED);
  await createJob(client, JOB, 'pool');
  const began = performance.now();
  const watching = watch(client, tasks);
  await addTasks(client, JOB, 'realistic', 0, tasks, TASK_SECONDS);
  const seen = await watching;
  const seconds = since(began) / 1000;
  const peak = emulator.process.peak() / 2 ** 20;
  await emulator.process.stop();
  client.close();
  const name = `${tasks} realistic tasks on ${nodes} nodes to the end`;
  return {
    figures: [
      { name, value: seconds, unit: 's' },
      { name: `${name}, peak RSS`, value: peak, unit: 'MiB', aim: { of: 'figure', below: 4096 } },
    ],
    notes: [
      `To the end: tasks of ${TASK_SECONDS} s at --time-scale ${TIME_SCALE}; meanwhile counts and a page of changed tasks are read every ${WATCH_MS} ms (${seen} tasks seen to change).`,
    ],
  };
}

/** Until all are completed; how many changes the listings showed. */
async function watch(client: Client, tasks: number): Promise<number> {
  let seen = 0;
  let time = '2000-01-01T00:00:00Z';
  for (;;) {
    const page = await client.get(`/jobs/${JOB}/tasks`, {
      $filter: `state eq 'completed' and stateTransitionTime gt DateTime'${time}'`,
    });
    seen += page.value.length;
    time = page.value.at(-1)?.stateTransitionTime ?? time;
    if ((await completedTasks(client, JOB)) === tasks) return seen;
    await sleep(WATCH_MS);
  }
}
