/** `npm run chaos`: runs on a stack of their own, in which everything fails that can. Exit code 1 when one is not clean. */
import path from 'node:path';
import { ROOT, runUntilInterrupted } from '@windrow/local-stack';
import { parseOptions, seedsOf } from './options';
import { runLine, summary } from './report';
import type { RunReport } from './run';
import { chaosRun } from './run';

async function main(): Promise<void> {
  await runUntilInterrupted(async (interrupted) => {
    const options = parseOptions(process.argv.slice(2), () => Math.floor(Math.random() * 1_000_000));
    console.log(`chaos: seed ${options.seed}, ${options.tasks} simulated tasks a run`);
    const reports: RunReport[] = [];
    for (const { number, seed } of seedsOf(options)) {
      const directory = path.join(ROOT, '.windrow', 'chaos', `seed-${seed}-${Date.now()}`);
      const began = Date.now();
      const say = (text: string) => console.log(`  ${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${text}`);
      const report = await chaosRun({ seed, tasks: options.tasks, directory, say, interrupted });
      // An interrupted run has nothing to tell.
      await Promise.race([interrupted, Promise.resolve()]);
      reports.push(report);
      console.log(runLine(number, report));
      if (report.difference) console.log(`${report.difference.message}\nIts folder, with the logs: ${directory}\n`);
    }
    console.log(`\n${summary(reports)}`);
    if (reports.some(({ difference }) => difference)) throw new Error('Not all runs were clean.');
  });
}

void main();
