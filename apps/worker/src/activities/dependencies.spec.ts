import fc from 'fast-check';
import type { DependencyRule } from '@windrow/contract';
import { checkAgainstPlan, countBlocked, Dependencies, IndexRuns, Marks } from './dependencies';

const range = (from: number, to = from) => ({ from, to });

describe('dependencies', () => {
  it('are the ranges of every rule that holds for a task, and none below the first task', () => {
    const sut = new Dependencies([{ tasks: '10-19,25', on: '0-3,5' }, { offset: -2 }, { tasks: '12-', on: '4' }]);
    expect(sut.of(0)).toEqual([]);
    expect(sut.of(1)).toEqual([]);
    expect(sut.of(2)).toEqual([range(0)]);
    expect(sut.of(10)).toEqual([range(0, 3), range(5), range(8)]);
    expect(sut.of(12)).toEqual([range(0, 5), range(10)]);
    expect(sut.of(20)).toEqual([range(4), range(18)]);
  });

  it.each<[DependencyRule, string]>([
    [{ tasks: '2-10', on: '0' }, '$.task.dependsOn[0].tasks'],
    [{ tasks: '10-', on: '0' }, '$.task.dependsOn[0].tasks'],
    [{ tasks: '12', on: '0-11' }, '$.task.dependsOn[0].tasks'],
  ])('that name tasks beyond the plan are refused: %j', (rule, path) => {
    expect(() => checkAgainstPlan([rule], 10)).toThrow(expect.objectContaining({ code: 'DependencyBeyondPlan', path }));
  });

  it('within the plan are taken, also where they are open or by distance', () => {
    checkAgainstPlan([{ tasks: '9-', on: '0-8' }, { offset: -100 }], 10);
    checkAgainstPlan(undefined, 0);
  });

  it('block what waits, directly or not, for a task that failed; and nothing else', () => {
    const sut = new Dependencies([
      { tasks: '5', on: '0-2' },
      { tasks: '6', on: '5' },
      { tasks: '7', on: '3-4' },
    ]);
    const states = [
      'succeeded',
      'failed',
      'succeeded',
      'succeeded',
      'succeeded',
      'unfinished',
      'unfinished',
      'unfinished',
    ] as const;
    expect(countBlocked(sut, 8, (task) => states[task])).toBe(2);
  });

  it('on tasks that are not of the wave block nothing: those have succeeded', () => {
    const sut = new Dependencies([{ offset: -1 }]);
    expect(countBlocked(sut, 3, (task) => (task === 0 ? undefined : 'unfinished'))).toBe(0);
  });
});

it('runs give the part of a set that lies in ranges, unless it takes too many', () => {
  const members = fc.uniqueArray(fc.nat(60)).map((list) => list.sort((a, b) => a - b));
  fc.assert(
    fc.property(members, fc.nat(60), fc.nat(30), (indexes, from, length) => {
      const sut = new IndexRuns();
      for (const index of indexes) sut.add(index);
      const parts = sut.within([range(from, from + length)], Infinity)!;
      const found = parts.flatMap((part) => Array.from({ length: part.to - part.from + 1 }, (_, n) => part.from + n));
      expect(found).toEqual(indexes.filter((index) => index >= from && index <= from + length));
      const enough = sut.within([range(from, from + length)], parts.length);
      expect(enough).toEqual(parts);
      if (parts.length > 0) expect(sut.within([range(from, from + length)], parts.length - 1)).toBeUndefined();
    }),
  );
});

it('marks tell whether any of the indexes so far is marked', () => {
  const sut = new Marks(5);
  for (const marked of [false, true, false]) sut.push(marked);
  expect(sut.anyIn([range(0)])).toBe(false);
  expect(sut.anyIn([range(0), range(1, 9)])).toBe(true);
  expect(sut.anyIn([range(2, Infinity)])).toBe(false);
});
