import type { Task } from './task';

interface Line {
  slots: number;
  tasks: (Task | undefined)[];
  head: number;
}

/**
 * Tasks of one job waiting for a node, first come first served per number of required slots: a task that needs more
 * room than there is does not hold up smaller ones. Entries of tasks that are no longer active are skipped.
 */
export class ReadyQueue {
  private readonly lines: Line[] = [];

  add(task: Task): void {
    if (task.queued) return;
    task.queued = true;
    this.lineFor(task.slots).tasks.push(task);
  }

  /** The oldest waiting task that needs at most that many slots. */
  peek(maxSlots: number): Task | undefined {
    let oldest: Task | undefined;
    for (const line of this.lines) {
      if (line.slots > maxSlots) continue;
      const task = this.head(line);
      if (task && (!oldest || task.sequence < oldest.sequence)) oldest = task;
    }
    return oldest;
  }

  /** Takes the task that `peek` gave. */
  take(task: Task): void {
    const line = this.lineFor(task.slots);
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

  private lineFor(slots: number): Line {
    let line = this.lines.find((candidate) => candidate.slots === slots);
    if (!line) {
      line = { slots, tasks: [], head: 0 };
      this.lines.push(line);
    }
    return line;
  }
}
