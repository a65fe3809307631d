import type { TaskSpec } from '../wire/types';
import { admit } from './admission';
import { withConstraintDefaults } from './common-defaults';
import { withTaskDefaults } from './defaults';
import type { Job } from './job';
import { Task } from './task';
import type { World } from './world';

/** Puts a task that has been checked into its job. */
export function createTask(world: World, job: Job, spec: TaskSpec): Task {
  const body = job.interner.share('body', withTaskDefaults(spec));
  const constraints = job.interner.share(
    'constraints',
    withConstraintDefaults(spec.constraints, job.maxTaskRetryCount),
  );
  const task = new Task(job, spec.id, body, constraints, job.tasks.nextSequence, world.clock.now());
  job.tasks.add(task);
  world.journal.taskAdded(task);
  admit(world, task);
  return task;
}

/** "JobManagerTask": it comes with the job, and is a task like any other to look at. */
export function createJobManager(world: World, job: Job): void {
  const { jobManagerTask: manager } = job.spec;
  if (!manager) return;
  const { killJobOnCompletion: _kill, runExclusive: _exclusive, allowLowPriorityNode: _low, ...spec } = manager;
  createTask(world, job, spec);
}
