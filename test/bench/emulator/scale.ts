/** Adding, listing and counting in a job with few tasks, and in the same job with many finished ones; and their memory. */
import { performance } from 'node:perf_hooks';
import type { BenchResult, Figure } from '../bench';
import { median } from '../statistics';
import { since } from '../timing';
import { addTasks, allCompleted, createJob, createPool, disable, enable, listTasks } from './account';
import { startEmulator } from './child';
import { Client } from './client';
import { SIMULATED, TIMES, type Sizes } from './sizes';
import { taskId, type Kind } from './tasks';

const JOB = 'scale';
const COUNTS = 100;
/** Tasks listed at the most. */
const LISTED = 10_000;
/** With fewer tasks it is the program that is weighed. */
const ENOUGH = 100_000;
/** What a change in the order of the garbage collector's work may make of equal speeds. */
const NOT_SLOWER = 0.7;

/** Per second. */
interface Speeds {
  adding: number;
  listing: number;
  byState: number;
  byTime: number;
  counting: number;
}

const NAMES: Record<keyof Speeds, string> = {
  adding: 'tasks added',
  listing: 'tasks listed, full pages',
  byState: 'tasks listed by state',
  byTime: 'tasks listed by stateTransitionTime',
  counting: 'counts',
};

export async function scale(kind: Kind, tasks: number, sizes: Sizes): Promise<BenchResult> {
  const window = Math.min(sizes.window, tasks / 20);
  const emulator = await startEmulator();
  const client = new Client(emulator.access);
  await createPool(client, 'pool', sizes.nodes, SIMULATED);
  await createJob(client, JOB, 'pool');
  await disable(client, JOB);
  const empty = await emulator.process.memory();
  await addTasks(client, JOB, kind, 0, TIMES * window);
  await finish(client, TIMES * window);
  const few = await speeds(client, kind, TIMES * window, window);
  await addTasks(client, JOB, kind, 2 * TIMES * window, tasks);
  const added = await emulator.process.memory();
  const began = performance.now();
  await finish(client, tasks);
  const running = (tasks - TIMES * window) / (since(began) / 1000);
  const finished = await emulator.process.memory();
  const many = await speeds(client, kind, tasks, window);
  await emulator.process.stop();
  client.close();
  const name = (what: string) => `${kind}, ${tasks} tasks: ${what}`;
  const memory = (what: string, bytes: number): Figure => ({
    name: name(what),
    value: bytes / tasks,
    unit: 'bytes',
    ...(tasks >= ENOUGH && { aim: { of: 'figure', below: 2048 } as const }),
  });
  return {
    figures: [
      memory('RSS a task, added', added.rss - empty.rss),
      memory('heap a task, added', added.heap - empty.heap),
      memory('RSS a task, finished', finished.rss - empty.rss),
      memory('heap a task, finished', finished.heap - empty.heap),
      { name: name('tasks run'), value: running, unit: 'per s' },
      ...(Object.keys(NAMES) as (keyof Speeds)[]).map((key): Figure => ({
        name: name(`${NAMES[key]}, all others finished`),
        value: many[key],
        unit: 'per s',
        baseline: few[key],
        aim: { of: 'ratio', above: NOT_SLOWER },
      })),
    ],
    notes: [],
  };
}

/** Lets all tasks run, and then none any more. */
async function finish(client: Client, tasks: number): Promise<void> {
  await enable(client, JOB);
  await allCompleted(client, JOB, tasks);
  await disable(client, JOB);
}

/** With all tasks before the window finished. */
async function speeds(client: Client, kind: Kind, from: number, window: number): Promise<Speeds> {
  const adding: number[] = [];
  for (let at = 0; at < TIMES; at++) {
    const first = from + at * window;
    adding.push(window / (await addTasks(client, JOB, kind, first, first + window)));
  }
  const last = from + (TIMES - 1) * window;
  const { stateTransitionTime } = await client.get(`/jobs/${JOB}/tasks/${taskId(last)}`);
  const list = (filter?: string) => repeat(() => listTasks(client, JOB, filter, LISTED));
  return {
    adding: median(adding),
    listing: await list(),
    byState: await list(`state eq 'completed'`),
    byTime: await list(`stateTransitionTime ge DateTime'${stateTransitionTime}'`),
    counting: await repeat(() => count(client)),
  };
}

async function count(client: Client): Promise<number> {
  for (let at = 0; at < COUNTS; at++) await client.get(`/jobs/${JOB}/taskcounts`);
  return COUNTS;
}

/** The median speed of several goes. */
async function repeat(work: () => Promise<number>): Promise<number> {
  const rates: number[] = [];
  for (let at = 0; at < TIMES; at++) {
    const began = performance.now();
    const done = await work();
    rates.push(done / (since(began) / 1000));
  }
  return median(rates);
}
