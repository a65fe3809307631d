/**
 * Plans an input of any size and prints, as one line of JSON, how much memory that took. To be run by itself, with
 * `--expose-gc` and a heap too small for the input: `plan-memory.js csv|jsonl|blobs COUNT`.
 */
import { PlanWriter } from '@windrow/storage';
import type { JobSpec } from '@windrow/contract';
import { TASKS_STAGE } from '@windrow/contract';
import { freezeSources, planTasks, readItems } from '../inputs';
import { VirtualBlobs } from './virtual-blobs';

export interface PlanMemory {
  items: number;
  tasks: number;
  /** Bytes that the plan and the items files took. */
  written: number;
  /** Growth of what is alive (heap and buffers), from a twentieth of the input to its end at most. Bytes. */
  growth: number;
  /** Largest resident set seen. Bytes. */
  rss: number;
}

const SAMPLES = 20;
const ROWS = { kind: 'rows' as const, container: 'in', blobs: ['rows'], rowsPerTask: 100 };

const INPUTS = {
  csv: {
    input: { ...ROWS, format: 'csv' },
    content: { header: 'id,name,value\n', line: (n: number) => `${n},"name, of ${n}",${n / 7}\n` },
  },
  jsonl: {
    input: { ...ROWS, format: 'jsonl' },
    content: { line: (n: number) => `{"id":${n},"name":"name of ${n}","value":${n / 7}}\n` },
  },
  blobs: {
    input: { kind: 'blobs', container: 'in' },
    content: { line: (n: number) => `deep/${n % 100}/blob-${n}.txt` },
  },
} satisfies Record<string, { input: JobSpec['input']; content: { header?: string; line: (n: number) => string } }>;

async function measure(kind: keyof typeof INPUTS, count: number): Promise<PlanMemory> {
  const { input, content } = INPUTS[kind];
  const blobs = new VirtualBlobs({ ...content, count });
  const spec: JobSpec = { input, task: { commandLine: 'run {{task.index}}' }, pool: { cluster: 'c' } };
  const reading = readItems(input, { blobs, sources: await freezeSources(input, blobs) });
  const writer = new PlanWriter(blobs, 'ws', 'u', TASKS_STAGE);
  const alive: number[] = [];
  let [items, tasks, rss] = [0, 0, 0];
  for await (const task of planTasks(spec, reading, { blobs, container: 'ws', uid: 'u' })) {
    await writer.add(task);
    tasks += 1;
    items += task.items;
    if (items < ((alive.length + 1) * count) / SAMPLES) continue;
    rss = Math.max(rss, process.memoryUsage.rss());
    alive.push(aliveBytes());
  }
  await writer.finish();
  const [first = 0] = alive;
  return { items, tasks, written: blobs.bytesWritten, growth: Math.max(...alive) - first, rss };
}

function aliveBytes(): number {
  global.gc!();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function main(): Promise<void> {
  const [kind = '', count = ''] = process.argv.slice(2);
  const memory = await measure(kind as keyof typeof INPUTS, Number(count));
  process.stdout.write(`${JSON.stringify(memory)}\n`);
}

void main();
