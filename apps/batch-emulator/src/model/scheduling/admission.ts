import { DependencyIndex } from '../jobs/dependencies';
import type { Task } from '../tasks/task';
import type { World } from '../world';

/** An active task stands in line for a node, unless it has to wait for the tasks it depends on. */
export function admit(world: World, task: Task): void {
  const { job } = task;
  if (task.rules.dependsOn) {
    job.dependencies ??= new DependencyIndex(job.tasks);
    if (!job.dependencies.isMet(task)) return;
  }
  lineUp(world, task);
}

/** For tasks that have run before: what they depend on was done then. */
export function lineUp(world: World, task: Task): void {
  task.job.ready.add(task);
  world.signals.poolReady(task.job.poolId);
}

/** After a restart: a task that never ran is looked at as if it were new. */
export function readmit(world: World, task: Task): void {
  if (task.previousState === 'running' || task.previousState === 'preparing') lineUp(world, task);
  else admit(world, task);
}
