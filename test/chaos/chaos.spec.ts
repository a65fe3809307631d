/** A short bad day, every time: each component dies once in the middle of two jobs, and all is as it has to be. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chaosRun } from './run';

const SEED = 4;
const TASKS = 1500;
const LIMIT_MS = 300_000;

it(
  `jobs are exact when each component dies once (seed ${SEED})`,
  async () => {
    const directory = path.join(await mkdtemp(path.join(tmpdir(), 'windrow-chaos-')), 'run');
    const told: string[] = [];
    const report = await chaosRun({ seed: SEED, tasks: TASKS, directory, say: (text) => told.push(text), once: true });
    if (report.difference)
      throw new Error(`${report.difference.message}\nIts folder, with the logs: ${directory}\n${told.join('\n')}`);
    expect(report.kills).toEqual({ worker: 1, api: 1, 'batch-emulator': 1, temporal: 1, azurite: 1 });
    // Each failing task but the hopeless ones was tried again, or nothing was put to the test.
    expect(report.ledger.retries).toBeGreaterThanOrEqual(0.05 * TASKS);
  },
  LIMIT_MS,
);
