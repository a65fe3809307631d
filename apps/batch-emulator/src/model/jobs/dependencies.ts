import type { TaskSpec } from '../../wire/types';
import { dependencyActionOf } from '../tasks/exit-options';
import { NumberSet } from './number-set';
import type { Task } from '../tasks/task';
import type { TaskTable } from '../tasks/task-table';

type Dependencies = NonNullable<TaskSpec['dependsOn']>;

/** How far a waiting task has got through what it depends on. */
interface Wait {
  readonly task: Task;
  idAt: number;
  rangeAt: number;
  /** How often a parent had fallen back when this scan began. */
  regressions: number;
}

/**
 * The tasks of a job that wait for others ("TaskDependencies"). A waiting task watches a single parent that is not done
 * yet, an id or any number of a range; when that is done it looks for another one. So the end of a task costs as much as
 * tasks watch it, and since any number is as good as another, a range of a million numbers is looked at some twenty
 * times, in whatever order the tasks end.
 */
export class DependencyIndex {
  private readonly waiting = new Map<Task, Wait>();
  private readonly watchers = new Map<string | number, Wait[]>();
  /** Numbers of satisfied tasks with whole-number ids; kept from the first range on. */
  private numbers: NumberSet | undefined;
  private regressions = 0;

  constructor(private readonly tasks: TaskTable) {}

  get size(): number {
    return this.waiting.size;
  }

  /** Whether everything the task depends on is done; if not, the task is given back by `completed` once it is. */
  isMet(task: Task): boolean {
    const wait: Wait = { task, idAt: 0, rangeAt: 0, regressions: this.regressions };
    this.waiting.set(task, wait);
    return this.advance(wait);
  }

  /** A task ended: the tasks that thereby wait for nothing any more. */
  completed(task: Task): Task[] {
    if (dependencyActionOf(task) !== 'satisfy') return [];
    const number = numberOf(task.id);
    if (number !== undefined) this.numbers?.add(number);
    return this.takeWatchers(task.id.toLowerCase())
      .concat(number === undefined ? [] : this.takeWatchers(number))
      .filter((wait) => this.waiting.get(wait.task) === wait && this.advance(wait))
      .map(({ task: met }) => met);
  }

  /** A completed task is active again or gone: whoever still waits, waits for it again. */
  undone(task: Task): void {
    this.waiting.delete(task);
    const number = numberOf(task.id);
    if (number !== undefined) this.numbers?.delete(number);
    this.regressions++;
  }

  /** The task does not wait any more: it was ended or deleted. */
  forget(task: Task): void {
    this.waiting.delete(task);
  }

  private takeWatchers(key: string | number): Wait[] {
    const found = this.watchers.get(key) ?? [];
    this.watchers.delete(key);
    return found;
  }

  /** Looks for the next parent that is not done and watches it; true when there is none. */
  private advance(wait: Wait): boolean {
    for (;;) {
      const key = this.nextUnmet(wait);
      if (key !== undefined) {
        const list = this.watchers.get(key);
        if (list) list.push(wait);
        else this.watchers.set(key, [wait]);
        return false;
      }
      if (wait.regressions === this.regressions) break;
      Object.assign(wait, { idAt: 0, rangeAt: 0, regressions: this.regressions });
    }
    this.waiting.delete(wait.task);
    return true;
  }

  private nextUnmet(wait: Wait): string | number | undefined {
    const { taskIds = [], taskIdRanges = [] } = wait.task.rules.dependsOn as Dependencies;
    for (; wait.idAt < taskIds.length; wait.idAt++) {
      const id = taskIds[wait.idAt] ?? '';
      if (!this.isSatisfied(id)) return id.toLowerCase();
    }
    for (; wait.rangeAt < taskIdRanges.length; wait.rangeAt++) {
      const range = taskIdRanges[wait.rangeAt];
      const number = range && this.satisfiedNumbers().someMissing(range.start, range.end);
      if (number !== undefined) return number;
    }
    return undefined;
  }

  private isSatisfied(id: string): boolean {
    const parent = this.tasks.get(id);
    return parent?.state === 'completed' && dependencyActionOf(parent) === 'satisfy';
  }

  private satisfiedNumbers(): NumberSet {
    if (this.numbers) return this.numbers;
    this.numbers = new NumberSet();
    for (const task of this.tasks.inState('completed')) {
      const number = numberOf(task.id);
      if (number !== undefined && dependencyActionOf(task) === 'satisfy') this.numbers.add(number);
    }
    return this.numbers;
  }
}

/** "TaskIdRange": ids that are whole numbers; leading zeros do not count. */
function numberOf(id: string): number | undefined {
  if (!/^\d{1,64}$/.test(id)) return undefined;
  const value = Number(id);
  return value <= MAX_TASK_NUMBER ? value : undefined;
}

/** Range ends are 32-bit integers on the wire. */
export const MAX_TASK_NUMBER = 2_147_483_647;
