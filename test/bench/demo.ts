/** The flights example, once, as `npm run demo` runs it. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { ROOT, uploadExample } from '@windrow/local-stack';
import type { Bench, Figure } from './bench';
import { historyLength } from './history';
import { phaseTimes, succeeded } from './job-runs';
import { since } from './timing';

const EXAMPLE = 'flights';
const POLL_MS = 300;

export const demo: Bench = {
  name: 'demo',
  run: ({ withStack, say }) =>
    withStack(async (stack, startMs) => {
      const began = performance.now();
      await uploadExample(stack.stack.storageConnectionString, EXAMPLE);
      const uploadMs = since(began);
      say(`stack after ${(startMs / 1000).toFixed(1)} s, upload ${(uploadMs / 1000).toFixed(1)} s`);
      const spec = JSON.parse(await readFile(path.join(ROOT, 'examples', EXAMPLE, 'job.json'), 'utf8')) as object;
      await stack.submit(EXAMPLE, spec);
      const job = await succeeded(stack, EXAMPLE, POLL_MS);
      const totalMs = startMs + since(began);
      const seconds = (name: string, ms: number): Figure => ({ name: `demo: ${name}`, value: ms / 1000, unit: 's' });
      return {
        figures: [
          { ...seconds('total', totalMs), aim: { of: 'figure', below: 90 } },
          seconds('stack start', startMs),
          seconds('upload of data and program', uploadMs),
          ...[...phaseTimes(job)].map(([phase, ms]) => seconds(phase, ms)),
          {
            name: 'demo: history of the job workflow',
            value: await historyLength(stack, job),
            unit: 'events',
            aim: { of: 'figure', below: 200 },
          },
        ],
        notes: [
          `\`demo\`: ${job.items} rows in ${job.counts.total} tasks on 2 nodes of one slot, real processes, one run. Total is from the start of the stack to \`succeeded\`, after installation and build; gathering includes the reduce task and the release of what the job held.`,
        ],
      };
    }),
};
