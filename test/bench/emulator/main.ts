/** `npm run bench:emulator [-- --small]`: what the emulator can carry, on this machine. */
import { markdown } from '../report';
import { thisMachine } from '../machine';
import type { BenchResult } from '../bench';
import { adding } from './adding';
import { processes } from './processes';
import { restart } from './restart';
import { scale } from './scale';
import { FULL, SMALL, type Sizes } from './sizes';
import type { Kind } from './tasks';
import { toTheEnd } from './to-the-end';

const KINDS: Kind[] = ['plain', 'realistic'];

const NOTE =
  '`plain` tasks have an environment value of their own, `realistic` ones links with signatures, outputs and more environment as well. The emulator and what it is held against are processes of their own; client and requests are the same. Baselines are measured in the same run: the bare server reads and parses the same JSON and keeps nothing, and "all others finished" is held against the same in the same job with few of them. Medians of three.';

function* benches(sizes: Sizes): Generator<[string, () => Promise<BenchResult>]> {
  for (const kind of KINDS) {
    yield [`adding, ${kind}`, () => adding(kind, sizes)];
    for (const tasks of sizes.jobs) yield [`scale, ${tasks} ${kind}`, () => scale(kind, tasks, sizes)];
  }
  yield ['processes', () => processes(sizes)];
  yield ['restart', () => restart(sizes)];
  yield ['to the end', () => toTheEnd(sizes)];
}

async function main(): Promise<void> {
  const [option, ...others] = process.argv.slice(2);
  if (others.length > 0 || (option !== undefined && option !== '--small')) {
    throw new Error(`The only option is --small, not '${process.argv.slice(2).join(' ')}'.`);
  }
  const results: BenchResult[] = [];
  try {
    for (const [name, run] of benches(option === '--small' ? SMALL : FULL)) {
      console.error(`${name} ...`);
      const result = await run();
      results.push(result);
      // A long run that is cut short has told this much.
      for (const { name: what, value, unit } of result.figures)
        console.error(`  ${what}: ${value.toPrecision(4)} ${unit}`);
    }
  } finally {
    // What was measured before one that breaks is not lost.
    console.log(markdown(thisMachine(), [...results, { figures: [], notes: [NOTE] }]));
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
