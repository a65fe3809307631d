/** Plans of inputs that fit into no memory: ten million rows, a hundred thousand blobs. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { ROOT } from '@windrow/local-stack';
import type { TestStack } from '../support/test-stack';
import type { Bench, Figure } from './bench';
import { since } from './timing';

const INPUTS: [kind: string, count: number][] = [
  ['csv', 10_000_000],
  ['jsonl', 10_000_000],
  ['blobs', 100_000],
];
const HEAP_MIB = 64;
const MIB = 1024 * 1024;
/** More than a page of a listing. */
const REAL_BLOBS = 6000;
const UPLOADS = 32;

export const planning: Bench = {
  name: 'planning',
  run: async ({ say, withStack }) => {
    const figures: Figure[] = [];
    for (const [kind, count] of INPUTS) {
      const began = performance.now();
      const { growth, rss } = await planAlone(kind, count);
      const of = `planning: ${count} ${kind === 'blobs' ? kind : `rows of ${kind}`}`;
      figures.push(
        { name: `${of}, time`, value: since(began) / 1000, unit: 's' },
        { name: `${of}, growth of memory`, value: growth / MIB, unit: 'MiB', aim: { of: 'figure', below: 12 } },
        { name: `${of}, resident set`, value: rss / MIB, unit: 'MiB', aim: { of: 'figure', below: 384 } },
      );
      say(`${count} ${kind}: grew by ${(growth / MIB).toFixed(1)} MiB, ${(rss / MIB).toFixed(0)} MiB resident`);
    }
    figures.push(await withStack((stack) => realBlobs(stack)));
    return {
      figures,
      notes: [
        `\`planning\`: each input is planned in a process of its own whose heap ends at ${HEAP_MIB} MiB; storage is made up as it is read. Growth is of what is alive after a collection, from a twentieth of the input on. The real blobs lie in Azurite.`,
      ],
    };
  },
};

async function planAlone(kind: string, count: number): Promise<{ growth: number; rss: number }> {
  const program = path.join(ROOT, 'apps/worker/dist/testing/plan-memory.js');
  const flags = ['--expose-gc', `--max-old-space-size=${HEAP_MIB}`];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, program, kind, String(count)]);
  const result = JSON.parse(stdout) as { items: number; growth: number; rss: number };
  if (result.items !== count) throw new Error(`${result.items} of ${count} items were planned.`);
  return result;
}

async function realBlobs(stack: TestStack): Promise<Figure> {
  for (let n = 0; n < REAL_BLOBS; n += UPLOADS) {
    const names = Array.from({ length: Math.min(UPLOADS, REAL_BLOBS - n) }, (_, k) => `many/${n + k}.txt`);
    await Promise.all(names.map((name) => stack.upload('corpus', name, name)));
  }
  const began = performance.now();
  const { status, body } = await stack.call('POST', '/v1/jobs:plan', {
    input: { kind: 'blobs', container: 'corpus', prefix: 'many/' },
    task: { commandLine: 'true' },
    pool: { vmSizes: ['standard_d2s_v3'], nodes: { max: 1 } },
  });
  if (status !== 200 || body.items !== REAL_BLOBS) throw new Error(`The plan answered ${status}: ${body.items} items.`);
  return { name: `planning: dry run of ${REAL_BLOBS} blobs in Azurite`, value: since(began) / 1000, unit: 's' };
}
