/** The check of the ledger finds what it is there to find. */
import type { LedgerEntry } from '@windrow/contract';
import type { Outage } from './blows';
import { checkLedger } from './check-ledger';
import type { Fate } from './plan';
import type { Work } from './workload';

const FATES: Fate[] = ['fine', 'mends', 'stubborn', 'hopeless'];
const OUTAGE: Outage = {
  component: 'azurite',
  from: Date.parse('2026-01-01T00:01:00Z'),
  to: Date.parse('2026-01-01T00:01:05Z'),
};

const work = (usesStorage: boolean): Work => ({ name: 'job', fates: FATES, usesStorage }) as Work;

const line = (task: number, attempt: number, exitCode: number, more: Partial<LedgerEntry> = {}): string =>
  JSON.stringify({
    task,
    attempt,
    outcome: exitCode === 0 ? 'succeeded' : 'failed',
    exitCode,
    batchRetries: 0,
    ...more,
  });

const spoilt = (task: number, attempt: number, minute: string): string =>
  line(task, attempt, 0, {
    outcome: 'failed',
    category: 'upload',
    startTime: `2026-01-01T00:${minute}:01Z`,
    endTime: `2026-01-01T00:${minute}:02Z`,
  });

const EXACT = [
  [line(0, 1, 0), line(1, 1, 7), line(2, 1, 8), line(3, 1, 9)],
  [line(1, 2, 0), line(2, 2, 8)],
  [line(2, 3, 8)],
];

function check(waves: string[][], usesStorage = false) {
  const blobs = new Map(waves.map((lines, i) => [`ledger/${i + 1}.jsonl`, lines.join('\n') + '\n']));
  const stack = { listBlobs: async () => [...blobs.keys()], readBlob: async (name: string) => blobs.get(name)! };
  return checkLedger(stack, { uid: 'u' }, work(usesStorage), [OUTAGE]);
}

const changed = (change: (waves: string[][]) => void): string[][] => {
  const waves = structuredClone(EXACT);
  change(waves);
  return waves;
};

it('an exact ledger passes, a line that is there twice is counted', async () => {
  const { figures, ends } = await check(changed((waves) => waves[0]!.push(waves[0]![0]!)));
  expect(figures).toEqual({ lines: 8, duplicates: 1, retries: 3, spoilt: 0 });
  expect(ends.map(({ succeeded, attempts }) => [succeeded, attempts])).toEqual([
    [true, 1],
    [true, 2],
    [false, 3],
    [false, 1],
  ]);
});

it.each<[string, (waves: string[][]) => void, RegExp]>([
  ['a task without a line', (waves) => waves[0]!.shift(), /Attempt 1 of task 0 .*\n.*\n.*no such line/],
  ['a missing attempt', (waves) => waves.pop(), /Attempt 3 of task 2/],
  ['an attempt too many', (waves) => waves[1]!.push(line(3, 2, 9)), /Task 3 .* nothing asked for/],
  ['a task that does not exist', (waves) => waves[0]!.push(line(4, 1, 0)), /does not exist/],
  ['another outcome', (waves) => (waves[0]![0] = line(0, 1, 1)), /Attempt 1 of task 0[^]*ledger\/1.jsonl line 1/],
  ['two lines that differ', (waves) => waves[0]!.push(line(0, 1, 3)), /differ about attempt 1 of task 0/],
  ['a torn line', (waves) => (waves[0]![1] = waves[0]![1]!.slice(0, 20)), /torn/],
  ['an upload that failed without an outage', (waves) => (waves[0]![0] = spoilt(0, 1, '05')), /Attempt 1 of task 0/],
])('%s is found', async (_, change, message) => {
  await expect(check(changed(change), true)).rejects.toThrow(message);
});

it('an outage of the storage may cost a task an attempt, if it uses the storage', async () => {
  const waves = changed((lines) => {
    lines[0]![0] = spoilt(0, 1, '01');
    lines[1]!.push(line(0, 2, 0));
  });
  expect((await check(waves, true)).figures).toMatchObject({ spoilt: 1, retries: 4 });
  await expect(check(waves, false)).rejects.toThrow('Attempt 1 of task 0');
});

it('a task whose upload was spoilt after its command had failed follows the rule of its exit code', async () => {
  const failed = (task: number, exitCode: number) =>
    JSON.stringify({ ...(JSON.parse(spoilt(task, 1, '01')) as LedgerEntry), exitCode });
  const waves = changed((lines) => {
    lines[0]![1] = failed(1, 7);
    lines[0]![3] = failed(3, 9);
    lines[1]!.push(line(3, 2, 9));
  });
  expect((await check(waves, true)).figures).toMatchObject({ spoilt: 2, retries: 4 });
  const wrong = changed((lines) => (lines[0]![1] = failed(1, 5)));
  await expect(check(wrong, true)).rejects.toThrow('Attempt 1 of task 1');
});
