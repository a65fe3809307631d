import type { Micros } from '../../util/time';
import type { Task, TaskState } from './task';
import { TaskList } from './task-list';
import { TaskTotals } from './task-totals';

export interface Counts {
  active: number;
  running: number;
  completed: number;
  succeeded: number;
  failed: number;
}

const zero = (): Counts => ({ active: 0, running: 0, completed: 0, succeeded: 0, failed: 0 });

export const TASK_STATES: readonly TaskState[] = ['active', 'preparing', 'running', 'completed'];

/** A listing narrowed to states and to changes since a time; whatever else a filter says is left to the caller. */
export interface TaskScan {
  states?: readonly TaskState[];
  since?: Micros;
}

/** All tasks of a job, with running counters and an index by state and time of the last transition. */
export class TaskTable {
  readonly counts = zero();
  readonly slotCounts = zero();
  readonly totals = new TaskTotals();
  private readonly byId = new Map<string, Task>();
  /** In the order of adding, by sequence number; deleted tasks leave a hole. */
  private readonly order: (Task | undefined)[] = [];
  private readonly lists: Record<TaskState, TaskList> = {
    active: new TaskList(),
    preparing: new TaskList(),
    running: new TaskList(),
    completed: new TaskList(),
  };

  get nextSequence(): number {
    return this.order.length;
  }

  get size(): number {
    return this.byId.size;
  }

  /** Ids are case-insensitive. */
  get(id: string): Task | undefined {
    return this.byId.get(id.toLowerCase());
  }

  add(task: Task): void {
    this.byId.set(task.id.toLowerCase(), task);
    this.order[task.sequence] = task;
    this.lists[task.state].append(task);
    this.count(task, 1);
  }

  /** Moves a task to a state; `change` sets what goes with it, while the counters are open. */
  transition(task: Task, state: TaskState, time: Micros, change: () => void): void {
    this.count(task, -1);
    this.lists[task.state].remove(task);
    task.previousState = task.state;
    task.previousStateTime = task.stateTime;
    task.state = state;
    task.stateTime = time;
    task.modified = time;
    change();
    this.lists[state].append(task);
    this.count(task, 1);
  }

  delete(task: Task): void {
    this.count(task, -1);
    this.lists[task.state].remove(task);
    this.byId.delete(task.id.toLowerCase());
    this.order[task.sequence] = undefined;
    task.deleted = true;
  }

  *inState(state: TaskState): Generator<Task> {
    for (let task = this.lists[state].first; task;) {
      const next: Task | undefined = task.after;
      yield task;
      task = next;
    }
  }

  /** Tasks that are on a node. */
  underWay(): Task[] {
    return [...this.inState('preparing'), ...this.inState('running')];
  }

  /** Tasks in the order of adding, from a sequence number on. */
  *fromSequence(sequence: number): Generator<Task> {
    for (let at = sequence; at < this.order.length; at++) {
      const task = this.order[at];
      if (task) yield task;
    }
  }

  /** Tasks of a state from a time on; with `afterId`, those behind that task, which a page before ended with. */
  *fromTime(state: TaskState, since: Micros, afterId?: string): Generator<Task> {
    const list = this.lists[state];
    const previous = afterId === undefined ? undefined : this.get(afterId);
    let task: Task | undefined;
    if (previous && previous.state === state && previous.stateTime === since) task = previous.after;
    else task = since === 0 ? list.first : list.firstSince(since);
    for (; task; task = task.after) yield task;
  }

  private count(task: Task, by: 1 | -1): void {
    this.totals.add(task, by);
    this.bump(this.counts, task, by);
    this.bump(this.slotCounts, task, by * task.slots);
  }

  private bump(counts: Counts, task: Task, by: number): void {
    if (task.state === 'active') counts.active += by;
    else if (task.state !== 'completed') counts.running += by;
    else {
      counts.completed += by;
      if (task.succeeded) counts.succeeded += by;
      else counts.failed += by;
    }
  }
}
