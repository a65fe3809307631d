import { checkPackageReferences } from '../../account/package-references';
import { batchError } from '../../errors';
import type { TaskConstraints, TaskSpec } from '../../wire/types';
import { admit } from '../scheduling/admission';
import { withConstraintDefaults } from '../jobs/common-defaults';
import type { Executor } from '../scheduling/executor';
import { checkRetries } from '../ids';
import type { Job } from '../jobs/job';
import type { JobService } from '../jobs/job-service';
import type { Task } from './task';
import { checkTask } from './task-checks';
import { discardFiles } from './task-files';
import { createTask, type SentTask } from './task-creation';
import { poolOf, type World } from '../world';

/** Rules of the task operations. */
export class TaskService {
  constructor(
    private readonly world: World,
    private readonly jobs: JobService,
    private readonly executor: Executor,
  ) {}

  get(jobId: string, taskId: string): Task {
    const task = this.jobs.get(jobId).tasks.get(taskId);
    if (!task) throw batchError('TaskNotFound');
    return task;
  }

  /** "Task - Add": the job must still take tasks. */
  add(job: Job, spec: TaskSpec, sent?: SentTask): Task {
    this.jobs.checkAlive(job);
    checkTask(job, poolOf(this.world, job.poolId), spec);
    checkPackageReferences(this.world.account, spec.applicationPackageReferences);
    if (job.tasks.get(spec.id)) throw batchError('TaskExists');
    return createTask(this.world, job, spec, sent);
  }

  /** "Task - Update": only constraints, and not once it is completed. */
  update(task: Task, constraints: TaskConstraints | undefined): void {
    this.jobs.checkAlive(task.job);
    if (task.state === 'completed') throw batchError('TaskCompleted');
    checkRetries(constraints?.maxTaskRetryCount);
    task.constraints = withConstraintDefaults(constraints, task.job.maxTaskRetryCount);
    task.modified = this.world.clock.now();
    this.world.journal.taskChanged(task);
  }

  /** "Task - Terminate". */
  terminate(task: Task): void {
    if (task.state === 'completed') throw batchError('TaskCompleted');
    this.executor.terminate(task);
  }

  /** "Task - Delete": with its files. */
  delete(task: Task): void {
    const { job } = task;
    this.executor.abandon(task);
    job.dependencies?.undone(task);
    job.tasks.delete(task);
    job.bodies.release(task.place);
    this.world.journal.taskGone(task);
    discardFiles(this.world, task);
    job.subtasks.delete(task.id);
    this.world.signals.poolReady(job.poolId);
    this.jobs.checkAllTasksComplete(job);
  }

  /** "Task - Reactivate": a failed task runs again, its retries counted from zero. */
  reactivate(task: Task): void {
    const { job } = task;
    this.jobs.checkAlive(job);
    if (task.state !== 'completed') throw batchError('TaskNotCompleted');
    if (task.succeeded) throw batchError('TaskSucceeded');
    const now = this.world.clock.now();
    job.tasks.transition(task, 'active', now, () => {
      task.forgetOutcome();
      task.retryCount = 0;
      task.lastRetryTime = undefined;
    });
    job.subtasks.delete(task.id);
    job.dependencies?.undone(task);
    this.world.journal.taskChanged(task);
    admit(this.world, task);
  }
}
