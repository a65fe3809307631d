/** Which tasks wait for which. Rules are evaluated task by task, never expanded to a list of edges. */
import type { DependencyRule, IndexRange } from '@windrow/contract';
import { inRanges, mergeRanges, parseRanges } from '@windrow/contract';
import { InvalidInputError } from '../inputs';

interface Rule {
  tasks: IndexRange[];
  on: IndexRange[];
  offset: number | undefined;
}

const ALL: IndexRange[] = [{ from: 0, to: Infinity }];

export class Dependencies {
  private readonly rules: Rule[];

  /** @param rules as the API has checked them: ranges can be read, and only lower indexes are waited for */
  constructor(rules: DependencyRule[] = []) {
    this.rules = rules.map(({ tasks, on, offset }) => ({
      tasks: tasks === undefined ? ALL : (parseRanges(tasks) ?? []),
      on: on === undefined ? [] : (parseRanges(on) ?? []),
      offset,
    }));
  }

  get any(): boolean {
    return this.rules.length > 0;
  }

  /** The indexes that a task waits for, all below its own; ranges in order and without overlap. */
  of(task: number): IndexRange[] {
    const found: IndexRange[][] = [];
    for (const { tasks, on, offset } of this.rules) {
      if (!inRanges(tasks, task)) continue;
      if (on.length > 0) found.push(on);
      if (offset !== undefined && task + offset >= 0) found.push([{ from: task + offset, to: task + offset }]);
    }
    return found.length > 1 ? mergeRanges(found.flat()) : (found[0] ?? []);
  }
}

/** @throws InvalidInputError code `DependencyBeyondPlan` when a rule names tasks that the plan has not */
export function checkAgainstPlan(rules: DependencyRule[] = [], tasks: number): void {
  rules.forEach((rule, n) => {
    for (const field of ['tasks', 'on'] as const) {
      const last = parseRanges(rule[field] ?? '')?.at(-1);
      const highest = last && (last.to === Infinity ? last.from : last.to);
      if (highest === undefined || highest < tasks) continue;
      const text = `'${rule[field]}' names task ${highest}, but the job has ${tasks} tasks, whose indexes begin at 0. Correct the rule, or the input.`;
      throw new InvalidInputError('DependencyBeyondPlan', text, { path: `$.task.dependsOn[${n}].${field}` });
    }
  });
}

/** Takes a mark for one index after the other, from 0, and tells whether a range of those before has any. */
export class Marks {
  private readonly sums: Uint32Array;
  private next = 0;

  constructor(size: number) {
    this.sums = new Uint32Array(size + 1);
  }

  push(marked: boolean): void {
    this.sums[this.next + 1] = this.sums[this.next]! + (marked ? 1 : 0);
    this.next += 1;
  }

  anyIn(ranges: IndexRange[]): boolean {
    return ranges.some(({ from, to }) => {
      const end = Math.min(to + 1, this.next);
      return from < end && this.sums[end]! > this.sums[from]!;
    });
  }
}

/** A set of indexes, added in ascending order, as the runs it consists of. */
export class IndexRuns {
  private readonly runs: IndexRange[] = [];

  static all(): IndexRuns {
    const runs = new IndexRuns();
    runs.runs.push({ from: 0, to: Infinity });
    return runs;
  }

  add(index: number): void {
    const last = this.runs.at(-1);
    if (last?.to === index - 1) last.to = index;
    else this.runs.push({ from: index, to: index });
  }

  /** The part of the set that lies in `ranges`; undefined when that takes more than `limit` ranges. */
  within(ranges: IndexRange[], limit: number): IndexRange[] | undefined {
    const parts: IndexRange[] = [];
    for (const { from, to } of ranges) {
      for (let at = this.firstEndingAt(from); at < this.runs.length && this.runs[at]!.from <= to; at += 1) {
        if (parts.length === limit) return undefined;
        const run = this.runs[at]!;
        parts.push({ from: Math.max(from, run.from), to: Math.min(to, run.to) });
      }
    }
    return parts;
  }

  /** Position of the first run that ends at `index` or above. */
  private firstEndingAt(index: number): number {
    let low = 0;
    let high = this.runs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.runs[middle]!.to < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * Tasks of a wave that cannot run in it: what they wait for failed in it, or cannot run either. Lower indexes come
 * first, so that one pass is enough. `state` is undefined for tasks that are not of the wave.
 */
export function countBlocked(
  dependencies: Dependencies,
  tasks: number,
  state: (task: number) => 'succeeded' | 'failed' | 'unfinished' | undefined,
): number {
  const lost = new Marks(tasks);
  let blocked = 0;
  for (let task = 0; task < tasks; task += 1) {
    const present = state(task);
    const waits = present === 'unfinished' && lost.anyIn(dependencies.of(task));
    if (waits) blocked += 1;
    lost.push(waits || present === 'failed');
  }
  return blocked;
}
