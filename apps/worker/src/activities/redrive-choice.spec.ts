import type { FailureCategory, LedgerEntry, RetryRule } from '@windrow/contract';
import { Bitmap } from '@windrow/storage';
import type { BlobStore } from '@windrow/storage';
import { JobOutcomes } from '../results';
import { Dependencies } from './dependencies';
import { chooseRedriven, redriveFilter } from './redrive-choice';
import { chooseTasks } from './retries';
import { TaskBook } from './task-book';
import { everyTask, membersOf } from './wave-members';
import type { WatchInput } from './wave-types';

const entry = (
  task: number,
  attempt: number,
  exitCode: number,
  category: FailureCategory = 'exitCode',
): LedgerEntry => ({
  ...{ task, attempt, exitCode, batchRetries: 0 },
  ...(exitCode === 0 ? { outcome: 'succeeded' } : { outcome: 'failed', category, code: 'F' }),
});

function outcomesOf(tasks: number, ...entries: LedgerEntry[]): JobOutcomes {
  const outcomes = new JobOutcomes(tasks);
  for (const one of entries) outcomes.add(one);
  return outcomes;
}

const none = new Dependencies();
const tasksOf = ({ chosen }: { chosen: { task: number }[] }) => chosen.map(({ task }) => task);
const setOf = (...tasks: number[]) => {
  const set = new Bitmap();
  for (const task of tasks) set.add(task);
  return set;
};

describe('the tasks of a redrive', () => {
  // 0 succeeded, 1 failed with 3 after an attempt with 4, 2 failed with 4, 3 was ended for others, 4 never ran.
  const outcomes = outcomesOf(
    5,
    entry(0, 1, 0),
    entry(1, 1, 4),
    entry(1, 2, 3),
    entry(2, 1, 4),
    entry(3, 1, 9, 'terminated'),
  );

  it('are what failed or never ran, with the attempts they had; of failures the latest counts', () => {
    expect(chooseRedriven(outcomes, redriveFilter({}), none)).toEqual({
      chosen: [
        { task: 1, attempts: 0, earlier: 2, rules: [] },
        { task: 2, attempts: 0, earlier: 1, rules: [] },
        { task: 3, attempts: 0, earlier: 1, rules: [] },
        { task: 4, attempts: 0, rules: [] },
      ],
      ...{ causes: 2, succeeded: 1, failed: 0, skipped: 0 },
    });
    const some = chooseRedriven(outcomes, redriveFilter({ filter: { exitCodes: [4] } }), none);
    expect(some).toMatchObject({ chosen: [{ task: 2 }], succeeded: 1, failed: 2, skipped: 1 });
  });

  it('of an automatic one are the failures that it is for, and with them what failed or waited because of others', () => {
    const auto = (onlyIf: object, among?: Bitmap) =>
      chooseRedriven(outcomes, redriveFilter({ onlyIf, ...(among && { among }) }), none);
    expect(tasksOf(auto({ exitCodes: [3] }))).toEqual([1, 3, 4]);
    expect(auto({ exitCodes: [7] })).toMatchObject({ causes: 0 });
    expect(tasksOf(auto({}))).toEqual([1, 2, 3, 4]);
    expect(tasksOf(auto({ tasks: '2-3' }))).toEqual([2, 3]);
    expect(tasksOf(auto({}, setOf(0, 1, 4)))).toEqual([1, 4]);
  });

  it('wait for no task that the filter leaves out, and need none that has succeeded', () => {
    const chain = new Dependencies([{ offset: -1 }]);
    const failed = outcomesOf(4, entry(0, 1, 0), entry(1, 1, 3));
    expect(tasksOf(chooseRedriven(failed, redriveFilter({}), chain))).toEqual([1, 2, 3]);
    const beyond = chooseRedriven(failed, redriveFilter({ filter: { tasks: '2-' } }), chain);
    expect(beyond).toMatchObject({ chosen: [], failed: 1, skipped: 2 });
  });
});

describe('retries within a redrive', () => {
  const RULES: RetryRule[] = [{ on: { exitCodes: [3] }, attempts: 2, change: { requiredSlots: 2 } }];

  it('count attempts anew, forget the changes of earlier runs, and leave what was not chosen', () => {
    const book = new TaskBook(5, RULES);
    for (const one of [entry(0, 1, 0), entry(1, 1, 3), entry(1, 2, 3), entry(2, 1, 3)]) book.add(one);
    book.beginRun(setOf(1, 3));
    expect([0, 1, 2, 3, 4].map((task) => book.stateOf(task))).toEqual([
      'succeeded',
      'pending',
      'failed',
      'pending',
      'skipped',
    ]);
    book.add(entry(1, 3, 3));
    expect(chooseTasks(book, none)).toEqual({
      chosen: [
        { task: 1, attempts: 1, earlier: 2, rules: [0] },
        { task: 3, attempts: 0, rules: [] },
      ],
      ...{ failed: 1, blocked: 0 },
    });
    book.add(entry(1, 4, 3));
    expect(book.stateOf(1)).toBe('failed');
  });

  it('are as many before a wave as there were waves of this run', () => {
    expect(everyTask({ first: 4, attempt: 6 } as WatchInput).attemptsBefore(0)).toBe(2);
  });

  it('are those of the list in a redrive with dependencies, also where no wave was before it', async () => {
    const readLines = () => ['1 0', '2 0+1'];
    const blobs = { readLines } as unknown as BlobStore;
    const input = { workspace: 'w', uid: 'u', redrive: { number: 1 } };
    const members = await membersOf(blobs, { input, first: 1, attempt: 1 } as WatchInput, true);
    expect([0, 1, 2, 3].map((task) => members.has(task))).toEqual([false, true, true, false]);
  });
});
