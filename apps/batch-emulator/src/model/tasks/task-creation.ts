import type { TaskSpec } from '../../wire/types';
import { admit } from '../scheduling/admission';
import { withConstraintDefaults } from '../jobs/common-defaults';
import { withTaskDefaults } from '../defaults';
import type { Job } from '../jobs/job';
import { Task } from './task';
import type { SentTasks } from './task-bodies';
import type { World } from '../world';

/** Where in a request the task is. */
export interface SentTask {
  request: SentTasks;
  index: number;
}

/** Puts a task that has been checked into its job. */
export function createTask(world: World, job: Job, spec: TaskSpec, sent?: SentTask): Task {
  const body = withTaskDefaults(spec);
  const stored = sent ? job.bodies.putSent(body, sent.request, sent.index) : job.bodies.put(body);
  const constraints = job.interner.share(
    'constraints',
    withConstraintDefaults(spec.constraints, job.maxTaskRetryCount),
  );
  const task = new Task(job, spec.id, stored, constraints, job.tasks.nextSequence, world.clock.now());
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
