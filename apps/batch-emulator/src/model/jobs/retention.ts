import { parseDuration } from '../../util/duration';
import type { Micros } from '../../util/time';
import type { Timer } from '../../util/timer-heap';
import type { Job } from './job';
import type { Task } from '../tasks/task';
import { discardFiles } from '../tasks/task-files';
import { poolOf, type World } from '../world';

/** Completed tasks of a job with the same retention time, in the order of their ends: one timer serves them all. */
export interface ExpiryLine {
  readonly millis: number;
  tasks: Task[];
  timer: Timer | undefined;
}

/** "TaskConstraints.retentionTime", counted from the end of the task: its files are removed when it is over. */
export function keepForRetention(world: World, task: Task): void {
  const millis = retentionOf(task);
  if (!task.placement || millis === Number.POSITIVE_INFINITY) return;
  if (poolOf(world, task.placement.poolId)?.simulated !== false) return;
  const { expiring } = task.job;
  let line = expiring.get(millis);
  if (!line) expiring.set(millis, (line = { millis, tasks: [], timer: undefined }));
  line.tasks.push(task);
  if (!line.timer) arm(world, line);
}

/** Whether its files have been removed for their age. */
export function isCleanedUp(world: World, task: Task): boolean {
  return task.state === 'completed' && leftOf(task, retentionOf(task), world.clock.now()) <= 0;
}

/** After a restart: also what ran out meanwhile is removed. */
export function resumeRetention(world: World, job: Job): void {
  for (const task of job.tasks.inState('completed')) keepForRetention(world, task);
}

export function stopRetention(job: Job): void {
  for (const line of job.expiring.values()) line.timer?.cancel();
  job.expiring.clear();
}

function arm(world: World, line: ExpiryLine): void {
  const [first] = line.tasks;
  line.timer = first && world.clock.after(leftOf(first, line.millis, world.clock.now()), () => expire(world, line));
}

function expire(world: World, line: ExpiryLine): void {
  const now = world.clock.now();
  let count = 0;
  for (const task of line.tasks) {
    // One that was reactivated is behind in the line once more when it has ended again.
    const isOver = task.state === 'completed' && !task.deleted;
    if (isOver && leftOf(task, line.millis, now) > 0) break;
    if (isOver) discardFiles(world, task);
    count++;
  }
  line.tasks.splice(0, count);
  arm(world, line);
}

function retentionOf(task: Task): number {
  return parseDuration(task.constraints.retentionTime) ?? Number.POSITIVE_INFINITY;
}

/** Milliseconds until the files go. */
function leftOf(task: Task, millis: number, now: Micros): number {
  return (task.endTime ?? now) / 1000 + millis - now / 1000;
}
