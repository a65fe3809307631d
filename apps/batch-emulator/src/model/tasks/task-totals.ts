import type { Task } from './task';

/** Sums over the tasks of a job, for statistics; each task counts as it stands after its last change. */
export class TaskTotals {
  /** Microseconds between start and end of completed tasks. */
  wallClock = 0;
  /** Microseconds between creation and last start. */
  wait = 0;
  retries = 0;

  add(task: Task, by: 1 | -1): void {
    this.retries += by * task.retryCount;
    if (task.startTime === undefined) return;
    this.wait += by * (task.startTime - task.created);
    if (task.endTime !== undefined) this.wallClock += by * (task.endTime - task.startTime);
  }
}
