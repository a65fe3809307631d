import type { LedgerEntry, RetryRule } from '@windrow/contract';
import { formatRetryLine, parseRetryLine } from '@windrow/contract';
import { Dependencies } from './dependencies';
import { chooseTasks } from './retries';
import { changeOf } from './retry-rules';
import { TaskBook } from './task-book';
import { MAX_DEPENDENCY_RANGES } from './task-source';

const entry = (task: number, outcome: 'succeeded' | 'failed', exitCode = 1): LedgerEntry => ({
  task,
  attempt: 1,
  outcome,
  exitCode: outcome === 'failed' ? exitCode : 0,
  batchRetries: 0,
});
const ok = (task: number) => entry(task, 'succeeded');
const failed = (task: number, exitCode?: number) => entry(task, 'failed', exitCode);
const RULES: RetryRule[] = [
  { on: { exitCodes: [1] }, attempts: 3, change: { requiredSlots: 2, environment: { MODE: 'a', ONLY: '1' } } },
  { on: { exitCodes: [2] }, attempts: 4, change: { environment: { MODE: 'b' } } },
];

function bookOf(tasks: number, ...entries: LedgerEntry[]): TaskBook {
  const book = new TaskBook(tasks, RULES);
  for (const one of entries) book.add(one);
  return book;
}

describe('the tasks of a further wave', () => {
  const none = new Dependencies();

  it('are the failures that a rule gives another attempt; attempts count for each task, over all rules', () => {
    const book = bookOf(5, ok(0), failed(1), failed(2, 9), failed(3), failed(4), failed(3), failed(4), failed(4, 2));
    book.add(failed(3));
    expect(chooseTasks(book, none)).toEqual({
      chosen: [
        { task: 1, attempts: 1, rules: [0] },
        { task: 4, attempts: 3, rules: [0, 1] },
      ],
      failed: 2,
      blocked: 0,
    });
  });

  it('carry the changes of all rules their failures matched; where two speak of the same, the latest', () => {
    const [line] = chooseTasks(bookOf(1, failed(0), failed(0, 2)), none).chosen;
    expect(changeOf(RULES, line!.rules)).toEqual({ requiredSlots: 2, environment: { MODE: 'b', ONLY: '1' } });
    expect(changeOf(RULES, [1, 0]).environment).toEqual({ MODE: 'a', ONLY: '1' });
    expect(changeOf(RULES, [])).toEqual({ environment: {} });
  });

  it('are written and read as lines', () => {
    for (const line of [
      { task: 17, attempts: 2, rules: [0, 3] },
      { task: 0, attempts: 0, rules: [] },
    ]) {
      expect(parseRetryLine(formatRetryLine(line))).toEqual(line);
    }
  });

  it('are also those that wait for them, at their first attempt; what waits for a lost one is blocked', () => {
    const dependencies = new Dependencies([
      { tasks: '3', on: '0-1' },
      { tasks: '4', on: '3' },
      { tasks: '5', on: '2' },
      { tasks: '6', on: '5' },
    ]);
    const choice = chooseTasks(bookOf(7, ok(0), failed(1), failed(2, 9)), dependencies);
    expect(choice.chosen).toEqual([
      { task: 1, attempts: 1, rules: [0] },
      { task: 3, attempts: 0, rules: [] },
      { task: 4, attempts: 0, rules: [] },
    ]);
    expect(choice).toMatchObject({ failed: 1, blocked: 2 });
  });

  it('leave for later what waits for too many scattered tasks, until fewer of them are open', () => {
    const count = (MAX_DEPENDENCY_RANGES + 1) * 2;
    const dependencies = new Dependencies([
      { tasks: String(count), on: `0-${count - 1}` },
      { tasks: String(count + 1), on: String(count) },
    ]);
    const first = Array.from({ length: count }, (_, task) => (task % 2 === 0 ? failed(task) : ok(task)));
    const book = bookOf(count + 2, ...first);
    const { chosen, blocked } = chooseTasks(book, dependencies);
    expect(chosen).toHaveLength(count / 2);
    expect(chosen.at(-1)?.task).toBe(count - 2);
    expect(blocked).toBe(0);
    for (let task = 0; task < count; task += 2) book.add(ok(task));
    expect(chooseTasks(book, dependencies).chosen.map(({ task }) => task)).toEqual([count, count + 1]);
  });
});
