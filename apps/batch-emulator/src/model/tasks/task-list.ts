import type { Micros } from '../../util/time';
import type { Task } from './task';

/**
 * The tasks of one state in the order in which they entered it. Time only goes up, so a task that changes state goes to
 * the end, and "everything since" is a walk from the end.
 */
export class TaskList {
  first: Task | undefined;
  last: Task | undefined;

  append(task: Task): void {
    task.before = this.last;
    task.after = undefined;
    if (this.last) this.last.after = task;
    else this.first = task;
    this.last = task;
  }

  remove(task: Task): void {
    if (task.before) task.before.after = task.after;
    else this.first = task.after;
    if (task.after) task.after.before = task.before;
    else this.last = task.before;
    task.before = undefined;
    task.after = undefined;
  }

  /** The first task that entered the state at that time or later. */
  firstSince(time: Micros): Task | undefined {
    let found: Task | undefined;
    for (let task = this.last; task && task.stateTime >= time; task = task.before) found = task;
    return found;
  }
}
