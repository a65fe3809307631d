import { lineUp } from './admission';
import { jobActionOf } from '../tasks/exit-options';
import type { JobService } from '../jobs/job-service';
import { keepForRetention } from '../jobs/retention';
import type { Task } from '../tasks/task';
import type { World } from '../world';

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
    keepForRetention(this.world, task);
    this.endWithManager(task);
    this.performJobAction(task);
    this.jobs.checkAllTasksComplete(job);
  }

  /** "JobManagerTask.killJobOnCompletion". */
  private endWithManager(task: Task): void {
    const { job } = task;
    if (!task.isManager || job.spec.jobManagerTask?.killJobOnCompletion === false || !mayAct(task)) return;
    this.jobs.terminate(job, 'JMComplete');
  }

  /** "onTaskFailure": what the exit options of the task say, once its retries are used up. */
  private performJobAction(task: Task): void {
    const { job } = task;
    if (job.spec.onTaskFailure !== 'performexitoptionsjobaction' || !mayAct(task)) return;
    const action = jobActionOf(task);
    if (action === 'disable' && job.state === 'active') this.jobs.disable(job, 'requeue');
    else if (action === 'terminate') this.jobs.terminate(job, 'TaskFailed');
  }
}

/** A job that ends or is being disabled may be the very reason why the task was ended. */
function mayAct({ job, failure }: Task): boolean {
  return !job.isEnding && (job.state === 'active' || failure?.code !== 'TaskEnded');
}
