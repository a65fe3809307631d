/** `npm run bench [-- name ...]`: all benches, or the named ones. */
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { ROOT, runUntilInterrupted } from '@windrow/local-stack';
import { TestStack } from '../support/test-stack';
import type { Bench, BenchContext, BenchResult } from './bench';
import { demo } from './demo';
import { fanout } from './fanout';
import { thisMachine } from './machine';
import { overhead } from './overhead';
import { planning } from './planning';
import { writeReport } from './report';
import { million, scale } from './scale';
import { submissions } from './submissions';
import { since } from './timing';

const BENCHES: Bench[] = [demo, overhead, fanout, planning, submissions, scale, million];

function chosen(names: string[]): Bench[] {
  const known = BENCHES.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`There is no bench '${unknown}'; there are ${known.join(', ')}.`);
  return names.length === 0 ? BENCHES : BENCHES.filter(({ name }) => names.includes(name));
}

function contextOf(name: string, interrupted: Promise<never>): BenchContext {
  return {
    say: (text) => console.log(`${name}: ${text}`),
    withStack: async (use) => {
      const began = performance.now();
      const stack = await TestStack.start();
      try {
        return await Promise.race([use(stack, since(began)), interrupted, stack.stack.failed]);
      } finally {
        await stack.stop();
      }
    },
  };
}

async function main(): Promise<void> {
  await runUntilInterrupted(async (interrupted) => {
    const results: BenchResult[] = [];
    const directory = path.join(ROOT, '.windrow');
    let report = '';
    for (const { name, run } of chosen(process.argv.slice(2))) {
      results.push(await run(contextOf(name, interrupted)));
      // After each, so that a later one that breaks takes nothing away.
      report = await writeReport(directory, thisMachine(), results);
    }
    console.log(`\n${report}\nWritten to .windrow/bench.md and .windrow/bench.json.`);
  });
}

void main();
