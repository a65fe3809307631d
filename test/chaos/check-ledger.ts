/** The ledger is exact: each attempt that has to be there is, once for its readers, with its outcome; and no other. */
import type { JobRow, LedgerEntry } from '@windrow/contract';
import { jobPaths } from '@windrow/contract';
import type { TestStack } from '../support/test-stack';
import type { Outage } from './blows';
import { Difference, same } from './difference';
import type { Work } from './workload';
import { spoiltIsTriedAgain, verdict } from './workload';

/** What the outage of the storage may spoil, and how far beyond it. Milliseconds. */
const SPOILT = ['staging', 'upload'];
const SLACK_MS = 1000;

export interface LedgerFigures {
  lines: number;
  /** Lines that repeat another one's task and attempt. */
  duplicates: number;
  /** Attempts after a task's first. */
  retries: number;
  /** Attempts that an outage of the storage spoilt. */
  spoilt: number;
}

/** How a task ended, by its last attempt. */
export interface TaskEnd {
  succeeded: boolean;
  attempts: number;
  last: LedgerEntry;
}

/** What of a stack the ledger is read with. */
type Blobs = Pick<TestStack, 'listBlobs' | 'readBlob'>;

interface Place {
  entry: LedgerEntry;
  where: string;
}

/** @throws Difference for the first task that is not as it has to be */
export async function checkLedger(
  stack: Blobs,
  job: Pick<JobRow, 'uid'>,
  work: Work,
  outages: Outage[],
): Promise<{ figures: LedgerFigures; ends: TaskEnd[] }> {
  const places = await readLedger(stack, job);
  const attempts = new Map<number, Map<number, Place>>();
  let duplicates = 0;
  for (const place of places) {
    const { task, attempt } = place.entry;
    const ofTask = attempts.get(task) ?? new Map<number, Place>();
    attempts.set(task, ofTask);
    const known = ofTask.get(attempt);
    if (known) {
      duplicates += 1;
      same(`Two lines differ about attempt ${attempt} of task ${task}.`, gist(place), gist(known), both(known, place));
    } else ofTask.set(attempt, place);
  }
  const invented = [...attempts.keys()].find((task) => task < 0 || task >= work.fates.length);
  if (invented !== undefined) {
    const [place] = attempts.get(invented)!.values();
    throw new Difference(`The ledger of ${work.name} has a task that does not exist.`, {
      expected: `tasks 0 to ${work.fates.length - 1}`,
      found: invented,
      where: place!.where,
    });
  }
  const figures = { lines: places.length, duplicates, retries: 0, spoilt: 0 };
  const ends = work.fates.map((_, task) => replay(work, task, attempts.get(task) ?? new Map(), outages, figures));
  return { figures, ends };
}

async function readLedger(stack: Blobs, job: Pick<JobRow, 'uid'>): Promise<Place[]> {
  const places: Place[] = [];
  for (const blob of await stack.listBlobs(jobPaths(job.uid).ledgerPrefix)) {
    const text = await stack.readBlob(blob);
    if (!text.endsWith('\n')) throw torn(blob, text.split('\n').length, text.slice(-200));
    text
      .slice(0, -1)
      .split('\n')
      .forEach((line, i) => places.push({ entry: parse(line, blob, i + 1), where: `${blob} line ${i + 1}` }));
  }
  return places;
}

function parse(line: string, blob: string, number: number): LedgerEntry {
  try {
    return JSON.parse(line) as LedgerEntry;
  } catch {
    throw torn(blob, number, line.slice(0, 200));
  }
}

function torn(blob: string, number: number, found: string): Difference {
  return new Difference('A line of the ledger is torn.', {
    expected: 'one whole JSON document',
    found,
    where: `${blob} line ${number}`,
  });
}

/** Goes through the attempts as the rules would, and compares each with the ledger's. */
function replay(
  work: Work,
  task: number,
  attempts: Map<number, Place>,
  outages: Outage[],
  figures: LedgerFigures,
): TaskEnd {
  const fate = work.fates[task]!;
  const all = [...attempts.values()].map(({ where }) => where).join(', ') || 'nowhere';
  const what = (attempt: number) =>
    `Attempt ${attempt} of task ${task} of ${work.name} (${fate}) is not as it has to be.`;
  let mended = false;
  for (let attempt = 1; ; attempt++) {
    const place = attempts.get(attempt);
    const next = verdict(fate, attempt, mended);
    if (!place) throw new Difference(what(attempt), { expected: next, found: 'no such line', where: all });
    let again: boolean;
    if (work.usesStorage && isSpoilt(place.entry, outages)) {
      const { exitCode } = place.entry;
      // Where the command had run its exit code is known, and the rules go by it first.
      if (exitCode !== undefined) same(what(attempt), { exitCode }, { exitCode: next.exitCode }, place.where);
      figures.spoilt += 1;
      mended ||= fate === 'mends' && exitCode !== undefined;
      again = spoiltIsTriedAgain(exitCode, attempt);
    } else {
      const { outcome, exitCode } = place.entry;
      const expected = { outcome: next.exitCode === 0 ? 'succeeded' : 'failed', exitCode: next.exitCode };
      if (outcome !== expected.outcome || exitCode !== expected.exitCode)
        throw new Difference(what(attempt), { expected, found: place.entry, where: place.where });
      mended ||= fate === 'mends';
      again = next.again;
    }
    if (again) continue;
    figures.retries += attempt - 1;
    if (attempts.size > attempt)
      throw new Difference(`Task ${task} of ${work.name} (${fate}) has attempts that nothing asked for.`, {
        expected: attempt,
        found: [...attempts.keys()],
        where: all,
      });
    return { succeeded: place.entry.outcome === 'succeeded', attempts: attempt, last: place.entry };
  }
}

/** Only while the storage was down, or the moment it came back, may a transfer fail. */
function isSpoilt({ outcome, category, startTime, endTime }: LedgerEntry, outages: Outage[]): boolean {
  if (outcome !== 'failed' || category === undefined || !SPOILT.includes(category) || !startTime || !endTime)
    return false;
  return outages.some(
    ({ component, from, to }) =>
      component === 'azurite' && Date.parse(startTime) <= to + SLACK_MS && Date.parse(endTime) >= from - SLACK_MS,
  );
}

function gist({ entry }: Place) {
  const { outcome, exitCode, category, code } = entry;
  return { outcome, exitCode, category, code };
}

function both(one: Place, other: Place): string {
  return `${one.where}, ${other.where}`;
}
