import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { PlanMemory } from '../testing/plan-memory';

const ROOT = path.resolve(__dirname, '../../../..');
const MIB = 1024 * 1024;
/** What the process may keep, in MiB: less than a tenth of each input. */
const HEAP = 64;

/** In a process of its own, which ends when its heap is full. */
async function planned(kind: string, count: number): Promise<PlanMemory> {
  const flags = [
    '--expose-gc',
    `--max-old-space-size=${HEAP}`,
    '--require',
    path.join(ROOT, 'test/support/typescript.cjs'),
  ];
  const program = path.join(ROOT, 'apps/worker/src/testing/plan-memory.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, program, kind, String(count)]);
  return JSON.parse(stdout) as PlanMemory;
}

describe('memory of a plan', () => {
  it.each(['csv', 'jsonl'])('does not grow with a million rows of %s', async (kind) => {
    const { items, tasks, growth, rss, written } = await planned(kind, 1_000_000);
    expect({ items, tasks }).toEqual({ items: 1_000_000, tasks: 10_000 });
    expect(written).toBeGreaterThan(50 * MIB);
    expect(growth).toBeLessThan(12 * MIB);
    expect(rss).toBeLessThan(384 * MIB);
  });

  it('does not grow with a hundred thousand blobs', async () => {
    const { items, tasks, growth, rss, written } = await planned('blobs', 100_000);
    expect({ items, tasks }).toEqual({ items: 100_000, tasks: 100_000 });
    expect(written).toBeGreaterThan(20 * MIB);
    expect(growth).toBeLessThan(12 * MIB);
    expect(rss).toBeLessThan(384 * MIB);
  });
});
