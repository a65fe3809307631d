import { needOf, sameNeed, type Need } from './need';
import type { Task } from '../tasks/task';

interface Line {
  readonly need: Need;
  tasks: (Task | undefined)[];
  head: number;
}

/**
 * Tasks of one job waiting for a node, first come first served among those that need the same: a task that needs more
 * room than there is does not hold up smaller ones. Entries of tasks that are no longer active are skipped.
 */
export class ReadyQueue {
  private readonly lines: Line[] = [];

  add(task: Task): void {
    if (task.queued) return;
    task.queued = true;
    this.lineFor(task).tasks.push(task);
  }

  /** The oldest waiting task whose need is met. */
  peek(isMet: (need: Need) => boolean): Task | undefined {
    let oldest: Task | undefined;
    for (const line of this.lines) {
      const task = this.head(line);
      if (task && (!oldest || task.sequence < oldest.sequence) && isMet(line.need)) oldest = task;
    }
    return oldest;
  }

  /** Takes the task that `peek` gave. */
  take(task: Task): void {
    const line = this.lineFor(task);
    if (this.head(line) === task) this.drop(line, task);
  }

  get isEmpty(): boolean {
    return this.lines.every((line) => this.head(line) === undefined);
  }

  private head(line: Line): Task | undefined {
    for (;;) {
      const task = line.tasks[line.head];
      if (!task) return undefined;
      if (task.state === 'active' && !task.deleted) return task;
      this.drop(line, task);
    }
  }

  private drop(line: Line, task: Task): void {
    task.queued = false;
    line.tasks[line.head++] = undefined;
    if (line.head === line.tasks.length) {
      line.tasks = [];
      line.head = 0;
    } else if (line.head > 4096 && line.head * 2 > line.tasks.length) {
      line.tasks = line.tasks.slice(line.head);
      line.head = 0;
    }
  }

  private lineFor(task: Task): Line {
    const need = needOf(task);
    let line = this.lines.find((candidate) => sameNeed(candidate.need, need));
    if (!line) {
      line = { need, tasks: [], head: 0 };
      this.lines.push(line);
    }
    return line;
  }
}
