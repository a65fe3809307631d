import { checkPackageReferences } from '../account/package-references';
import { batchError, invalidProperty } from '../errors';
import type { TaskConstraints, TaskSpec } from '../wire/types';
import { withConstraintDefaults, withTaskDefaults } from './defaults';
import type { Executor } from './executor';
import { checkId, checkRange } from './ids';
import type { Job } from './job';
import type { JobService } from './job-service';
import { Task } from './task';
import { poolOf, type World } from './world';

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
  add(job: Job, spec: TaskSpec): Task {
    this.jobs.checkAlive(job);
    this.check(job, spec);
    if (job.tasks.get(spec.id)) throw batchError('TaskExists');
    const body = job.interner.share('body', withTaskDefaults(spec));
    const constraints = job.interner.share(
      'constraints',
      withConstraintDefaults(spec.constraints, job.maxTaskRetryCount),
    );
    const task = new Task(job, spec.id, body, constraints, job.tasks.nextSequence, this.world.clock.now());
    job.tasks.add(task);
    job.ready.add(task);
    this.world.journal.taskAdded(task);
    this.world.signals.poolReady(job.poolId);
    return task;
  }

  /** "Task - Update": only constraints, and not once it is completed. */
  update(task: Task, constraints: TaskConstraints | undefined): void {
    this.jobs.checkAlive(task.job);
    if (task.state === 'completed') throw batchError('TaskCompleted');
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
    job.tasks.delete(task);
    this.world.journal.taskGone(task);
    const pool = poolOf(this.world, task.placement?.poolId);
    const node = pool?.nodes.get(task.placement?.nodeId ?? '');
    if (pool && node) this.world.runnerOf(pool).discard(node, job.id, task.id);
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
    job.ready.add(task);
    this.world.journal.taskChanged(task);
    this.world.signals.poolReady(job.poolId);
  }

  private check(job: Job, spec: TaskSpec): void {
    checkId(spec.id);
    checkRange('requiredSlots', spec.requiredSlots, 1, 256);
    const pool = poolOf(this.world, job.poolId);
    if (pool) checkRange('requiredSlots', spec.requiredSlots, 1, pool.slotsPerNode);
    if (spec.commandLine.trim() === '') throw invalidProperty('commandLine', '', 'The command line is empty.');
    if (spec.dependsOn && !job.spec.usesTaskDependencies) throw batchError('TaskDependenciesNotSpecifiedOnJob');
    const missing = (['dependsOn', 'multiInstanceSettings'] as const).find((name) => spec[name]);
    if (missing) throw batchError('NotImplemented', { Reason: `Tasks with ${missing} are not emulated.` });
    checkPackageReferences(this.world.account, spec.applicationPackageReferences);
    for (const file of spec.resourceFiles ?? []) {
      const sources = [file.httpUrl, file.storageContainerUrl, file.autoStorageContainerName].filter(
        (source) => source !== undefined,
      );
      if (sources.length !== 1) {
        throw invalidProperty(
          'resourceFiles',
          file,
          'Exactly one of httpUrl, storageContainerUrl and autoStorageContainerName must be given.',
        );
      }
      if (file.httpUrl !== undefined && !file.filePath)
        throw batchError('MissingRequiredProperty', { PropertyName: 'filePath' });
    }
  }
}
