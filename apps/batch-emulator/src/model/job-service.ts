import { batchError, invalidProperty } from '../errors';
import type { JobSpec } from '../wire/types';
import { withJobDefaults } from './defaults';
import type { JobEvent } from './events';
import type { Executor } from './executor';
import { checkId, checkRange } from './ids';
import { Job, type JobState } from './job';
import { checkActiveJobAndScheduleQuota } from './quotas';
import { poolOf, type World } from './world';

export type DisableOption = 'requeue' | 'terminate' | 'wait';

/** What is told of a job that comes into a state. */
const STATE_EVENTS: Partial<Record<JobState, JobEvent>> = {
  disabling: 'JobDisableStart',
  disabled: 'JobDisableComplete',
  terminating: 'JobTerminateStart',
  completed: 'JobTerminateComplete',
  deleting: 'JobDeleteStart',
};

/** Rules of the job operations. */
export class JobService {
  constructor(
    private readonly world: World,
    private readonly executor: Executor,
  ) {}

  get(id: string): Job {
    const job = this.world.jobs.get(id.toLowerCase());
    if (!job) throw batchError('JobNotFound');
    return job;
  }

  /** "Job - Add". The pool need not exist; tasks wait for it. */
  create(spec: JobSpec): Job {
    checkId(spec.id);
    checkJob(spec);
    if (this.world.jobs.has(spec.id.toLowerCase())) throw batchError('JobExists');
    checkActiveJobAndScheduleQuota(this.world);
    const { clock } = this.world;
    const job = new Job(withJobDefaults(spec), clock.now(), clock.now());
    this.world.jobs.set(job.id.toLowerCase(), job);
    poolOf(this.world, job.poolId)?.queue.add(job);
    this.armWallClock(job);
    this.world.journal.job(job);
    this.world.events.job(job, 'JobStart');
    this.checkAllTasksComplete(job);
    return job;
  }

  /** "Job - Patch" and "Job - Update": the caller says what the whole specification is now. */
  change(job: Job, spec: JobSpec): void {
    this.checkAlive(job);
    checkJob(spec);
    if (spec.poolInfo.poolId !== job.poolId && job.state !== 'disabled')
      throw batchError('OperationInvalidForCurrentState');
    if (job.spec.onAllTasksComplete === 'terminatejob' && spec.onAllTasksComplete === 'noaction') {
      throw invalidProperty(
        'onAllTasksComplete',
        'noaction',
        'The value cannot be changed from terminatejob to noaction.',
      );
    }
    poolOf(this.world, job.poolId)?.queue.remove(job);
    job.spec = withJobDefaults(spec);
    if (job.state === 'active') poolOf(this.world, job.poolId)?.queue.add(job);
    job.modified = this.world.clock.now();
    this.armWallClock(job);
    this.world.journal.job(job);
    this.world.signals.poolReady(job.poolId);
    this.checkAllTasksComplete(job);
  }

  /** "Job - Disable": what runs is put back, ended, or waited for. */
  disable(job: Job, option: DisableOption): void {
    this.checkAlive(job);
    this.setState(job, 'disabling');
    this.leaveQueue(job);
    const running = [...job.tasks.inState('running')];
    if (option === 'requeue') for (const task of running) this.executor.requeue(task);
    if (option === 'terminate') for (const task of running) this.executor.terminate(task);
    this.settleSoon(job);
  }

  /** "Job - Enable". */
  enable(job: Job): void {
    this.checkAlive(job);
    if (job.state === 'active') return this.touch(job);
    this.setState(job, 'enabling');
    this.world.clock.after(0, () => {
      if (job.state !== 'enabling') return;
      this.setState(job, 'active');
      poolOf(this.world, job.poolId)?.queue.add(job);
      this.world.signals.poolReady(job.poolId);
      this.checkAllTasksComplete(job);
    });
  }

  /** "Job - Terminate": running tasks end, active ones stay active for good. */
  terminate(job: Job, reason: string): void {
    this.checkAlive(job);
    job.terminateReason = reason;
    this.setState(job, 'terminating');
    this.leaveQueue(job);
    for (const task of [...job.tasks.inState('running')]) this.executor.terminate(task);
    this.settleSoon(job);
  }

  /** "Job - Delete": with all tasks and their files. */
  delete(job: Job): void {
    if (job.state === 'deleting') throw batchError('JobBeingDeleted');
    this.setState(job, 'deleting');
    this.leaveQueue(job);
    for (const task of [...job.tasks.inState('running')]) this.executor.abandon(task);
    this.settleSoon(job);
  }

  /** Called when an attempt has ended: states that wait for the last process move on. */
  settle(job: Job): void {
    if (job.attempts > 0) return;
    if (job.state === 'disabling') this.setState(job, 'disabled');
    else if (job.state === 'terminating') {
      this.setState(job, 'completed');
      job.endTime = job.modified;
      job.wallClock?.cancel();
      this.world.journal.job(job);
    } else if (job.state === 'deleting') this.vanish(job);
  }

  /** "onAllTasksComplete": terminatejob fires as soon as no task is left to do, at once for a job without tasks. */
  checkAllTasksComplete(job: Job): void {
    const { active, running } = job.tasks.counts;
    if (job.state !== 'active' || active + running > 0) return;
    if (job.spec.onAllTasksComplete === 'terminatejob') this.terminate(job, 'AllTasksComplete');
  }

  /** After a restart: what was under way goes on, tasks that ran wait for a node again. */
  resume(job: Job): void {
    for (const task of [...job.tasks.inState('running')]) this.executor.recover(task);
    for (const task of job.tasks.inState('active')) job.ready.add(task);
    if (job.state === 'enabling') this.setState(job, 'active');
    if (job.state === 'active') poolOf(this.world, job.poolId)?.queue.add(job);
    this.armWallClock(job);
    this.settle(job);
    this.checkAllTasksComplete(job);
  }

  /** For operations that only a living job takes. */
  checkAlive(job: Job): void {
    if (job.state === 'deleting') throw batchError('JobBeingDeleted');
    if (job.state === 'terminating') throw batchError('JobBeingTerminated');
    if (job.state === 'completed') throw batchError('JobCompleted');
  }

  /** "JobConstraints.maxWallClockTime": counted from creation. */
  armWallClock(job: Job): void {
    job.wallClock?.cancel();
    const limit = job.maxWallClockMs;
    if (limit === Number.POSITIVE_INFINITY || job.state === 'completed') return;
    const left = limit - (this.world.clock.now() - job.created) / 1000;
    job.wallClock = this.world.clock.after(left, () => {
      if (job.state === 'active' || job.state === 'disabled' || job.state === 'disabling') {
        this.terminate(job, 'MaxWallClockTimeExpiry');
      }
    });
  }

  private vanish(job: Job): void {
    job.wallClock?.cancel();
    this.world.jobs.delete(job.id.toLowerCase());
    this.world.journal.jobGone(job);
    this.world.events.job(job, 'JobDeleteComplete');
    for (const pool of this.world.pools.values()) {
      if (pool.simulated) continue;
      for (const node of pool.nodes.values()) this.world.runnerOf(pool).discard(node, job.id);
    }
  }

  private leaveQueue(job: Job): void {
    poolOf(this.world, job.poolId)?.queue.remove(job);
  }

  /** Clients expect to see the state in between, so even an idle job passes through it. */
  private settleSoon(job: Job): void {
    this.world.clock.after(0, () => this.settle(job));
  }

  private setState(job: Job, state: JobState): void {
    job.previousState = job.state;
    job.previousStateTime = job.stateTime;
    job.state = state;
    this.touch(job, (now) => (job.stateTime = now));
    const event = STATE_EVENTS[state];
    if (event) this.world.events.job(job, event);
  }

  private touch(job: Job, change: (now: number) => void = () => undefined): void {
    job.modified = this.world.clock.now();
    change(job.modified);
    this.world.journal.job(job);
  }
}

function checkJob(spec: JobSpec): void {
  checkRange('priority', spec.priority, -1000, 1000);
  if (spec.maxParallelTasks !== undefined && spec.maxParallelTasks !== -1 && spec.maxParallelTasks < 1) {
    throw invalidProperty('maxParallelTasks', spec.maxParallelTasks, 'The value must be -1 or greater than 0.');
  }
  const { poolId, autoPoolSpecification } = spec.poolInfo;
  if ((poolId === undefined) === (autoPoolSpecification === undefined)) {
    throw invalidProperty('poolInfo', spec.poolInfo, 'Exactly one of poolId and autoPoolSpecification must be given.');
  }
  const missing = (['jobManagerTask', 'jobPreparationTask', 'jobReleaseTask'] as const).find((name) => spec[name]);
  const feature = missing ?? (autoPoolSpecification ? 'autoPoolSpecification' : undefined);
  if (feature) throw batchError('NotImplemented', { Reason: `Jobs with ${feature} are not emulated.` });
}
