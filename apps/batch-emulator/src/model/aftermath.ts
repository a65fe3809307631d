import { lineUp } from './admission';
import { jobActionOf } from './exit-options';
import type { JobService } from './job-service';
import type { Task } from './task';
import type { World } from './world';

/** What follows from the end of a task: its dependents go on, its job may end. */
export class Aftermath {
  constructor(
    private readonly world: World,
    private readonly jobs: JobService,
  ) {}

  taskCompleted(task: Task): void {
    const { job } = task;
    if (job.dependencies) {
      job.dependencies.forget(task);
      for (const dependent of job.dependencies.completed(task)) lineUp(this.world, dependent);
    }
    this.performJobAction(task);
    this.jobs.checkAllTasksComplete(job);
  }

  /** "onTaskFailure": what the exit options of the task say, once its retries are used up. */
  private performJobAction(task: Task): void {
    const { job } = task;
    if (job.spec.onTaskFailure !== 'performexitoptionsjobaction' || job.isEnding) return;
    // A job being disabled may be the very reason why the task was ended.
    if (job.state !== 'active' && task.failure?.code === 'TaskEnded') return;
    const action = jobActionOf(task);
    if (action === 'disable' && job.state === 'active') this.jobs.disable(job, 'requeue');
    else if (action === 'terminate') this.jobs.terminate(job, 'TaskFailed');
  }
}
