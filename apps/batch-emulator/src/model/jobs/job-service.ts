import { batchError, invalidProperty } from '../../errors';
import type { JobSpec, SchedulingError } from '../../wire/types';
import { checkAutoPool } from '../pools/auto-pools';
import { readmit } from '../scheduling/admission';
import { withJobDefaults } from '../defaults';
import type { JobEvent } from '../events';
import type { Executor } from '../scheduling/executor';
import { checkDisplayName, checkId, checkMetadata, checkRange, checkRetries } from '../ids';
import { Job, type JobState } from './job';
import { checkJobTasks } from './job-checks';
import { JobRelease } from './job-release';
import { resumeRetention, stopRetention } from './retention';
import { createJobManager } from '../tasks/task-creation';
import { checkActiveJobAndScheduleQuota } from '../quotas';
import { isThere, poolOf, type World } from '../world';

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
  private readonly release: JobRelease;

  constructor(
    private readonly world: World,
    private readonly executor: Executor,
  ) {
    this.release = new JobRelease(world);
  }

  get(id: string): Job {
    const job = this.world.jobs.get(id.toLowerCase());
    if (!job) throw batchError('JobNotFound');
    return job;
  }

  /** "Job - Add". The pool need not exist; tasks wait for it. */
  create(spec: JobSpec): Job {
    checkId(spec.id);
    checkJob(spec, false);
    if (this.world.schedules.has(spec.id.toLowerCase())) throw batchError('JobScheduleWithSameIdExists');
    return this.enter(spec);
  }

  /** The next job of a schedule; its id is the service's own. */
  createForSchedule(spec: JobSpec, scheduleId: string): Job {
    return this.enter(spec, scheduleId);
  }

  private enter(spec: JobSpec, scheduleId?: string): Job {
    if (this.world.jobs.has(spec.id.toLowerCase())) throw batchError('JobExists');
    checkActiveJobAndScheduleQuota(this.world);
    const { clock } = this.world;
    const job = new Job(withJobDefaults(spec), clock.now(), clock.now());
    job.scheduleId = scheduleId;
    this.world.signals.jobEntering(job);
    this.world.jobs.set(job.id.toLowerCase(), job);
    poolOf(this.world, job.poolId)?.queue.add(job);
    this.armWallClock(job);
    this.world.journal.job(job);
    this.world.signals.jobEntered(job);
    this.world.events.job(job, 'JobStart');
    createJobManager(this.world, job);
    this.checkAllTasksComplete(job);
    return job;
  }

  /** "Job - Patch" and "Job - Update": the caller says what the whole specification is now. */
  change(job: Job, spec: JobSpec): void {
    this.checkAlive(job);
    checkJob(spec, job.scheduleId !== undefined);
    if (spec.poolInfo.poolId !== job.spec.poolInfo.poolId && job.state !== 'disabled')
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
    const running = job.tasks.underWay();
    if (option === 'requeue') for (const task of running) this.executor.requeue(task);
    if (option === 'terminate') for (const task of running) this.executor.terminate(task);
    if (option !== 'wait') this.executor.preparation.stop(job);
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

  /** "Job - Terminate": running tasks end, active ones stay active for good. With `force` no node is waited for. */
  terminate(job: Job, reason: string, force = false): void {
    if (job.state !== 'terminating' || !force) {
      this.checkAlive(job);
      job.terminateReason = reason;
      this.setState(job, 'terminating');
    }
    this.leaveQueue(job);
    for (const task of job.tasks.underWay()) this.executor.terminate(task);
    this.executor.preparation.stop(job);
    this.settleSoon(job, force);
  }

  /** "Job - Delete": with all tasks and their files. With `force` no node is waited for. */
  delete(job: Job, force = false): void {
    if (job.state === 'deleting' && !force) throw batchError('JobBeingDeleted');
    if (job.state !== 'deleting') this.setState(job, 'deleting');
    this.leaveQueue(job);
    for (const task of job.tasks.underWay()) this.executor.abandon(task);
    this.executor.preparation.stop(job);
    this.settleSoon(job, force);
  }

  /** Called when a run of the job has ended: states that wait for the last one move on. */
  settle(job: Job, force = false): void {
    // Runs that a forced delete did not wait for end later.
    if (!isThere(this.world, job) || (job.attempts > 0 && !force)) return;
    if (job.state === 'disabling') this.setState(job, 'disabled');
    if (job.state !== 'terminating' && job.state !== 'deleting') return;
    if (!force && this.release.start(job)) return;
    if (job.state === 'deleting') return this.vanish(job);
    this.complete(job);
  }

  /** A job that can never run, for want of its pool, is completed with the reason. */
  failScheduling(job: Job, error: SchedulingError): void {
    job.schedulingError = error;
    this.leaveQueue(job);
    this.complete(job);
  }

  private complete(job: Job): void {
    job.wallClock?.cancel();
    this.setState(job, 'completed', (now) => (job.endTime = now));
    this.world.signals.jobEnded(job);
  }

  /** "onAllTasksComplete": terminatejob fires as soon as no task is left to do, at once for a job without tasks. */
  checkAllTasksComplete(job: Job): void {
    const { active, running } = job.tasks.counts;
    if (job.state !== 'active' || active + running > 0) return;
    if (job.spec.onAllTasksComplete === 'terminatejob') this.terminate(job, 'AllTasksComplete');
  }

  /** After a restart: what was under way goes on, tasks that ran wait for a node again. */
  resume(job: Job): void {
    for (const task of job.tasks.underWay()) this.executor.recover(task);
    for (const task of job.tasks.inState('active')) readmit(this.world, task);
    if (job.state === 'enabling') this.setState(job, 'active');
    if (job.state === 'active') poolOf(this.world, job.poolId)?.queue.add(job);
    resumeRetention(this.world, job);
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
      if (!job.isEnding) this.terminate(job, 'MaxWallClockTimeExpiry');
    });
  }

  private vanish(job: Job): void {
    job.wallClock?.cancel();
    stopRetention(job);
    this.world.jobs.delete(job.id.toLowerCase());
    this.world.journal.jobGone(job);
    this.world.events.job(job, 'JobDeleteComplete');
    this.world.signals.jobEnded(job);
    for (const pool of this.world.pools.values()) {
      if (pool.simulated) continue;
      for (const node of pool.nodes.values()) this.world.runnerOf(pool).discard(node, job.id);
    }
  }

  private leaveQueue(job: Job): void {
    poolOf(this.world, job.poolId)?.queue.remove(job);
    // Nodes may have been kept free for one of its tasks.
    this.world.signals.poolReady(job.poolId);
  }

  /** Clients expect to see the state in between, so even an idle job passes through it. */
  private settleSoon(job: Job, force = false): void {
    this.world.clock.after(0, () => this.settle(job, force));
  }

  private setState(job: Job, state: JobState, change: (now: number) => void = () => undefined): void {
    job.previousState = job.state;
    job.previousStateTime = job.stateTime;
    job.state = state;
    this.touch(job, (now) => {
      job.stateTime = now;
      change(now);
    });
    const event = STATE_EVENTS[state];
    if (event) this.world.events.job(job, event);
  }

  private touch(job: Job, change: (now: number) => void = () => undefined): void {
    job.modified = this.world.clock.now();
    change(job.modified);
    this.world.journal.job(job);
  }
}

/** What a job, or what a schedule makes jobs of, may say. */
export function checkJob(spec: Omit<JobSpec, 'id'>, ofSchedule: boolean): void {
  checkDisplayName(spec.displayName);
  checkMetadata(spec.metadata);
  checkRetries(spec.constraints?.maxTaskRetryCount);
  checkRange('priority', spec.priority, -1000, 1000);
  if (spec.maxParallelTasks !== undefined && spec.maxParallelTasks !== -1 && spec.maxParallelTasks < 1) {
    throw invalidProperty('maxParallelTasks', spec.maxParallelTasks, 'The value must be -1 or greater than 0.');
  }
  const { poolId, autoPoolSpecification } = spec.poolInfo;
  if ((poolId === undefined) === (autoPoolSpecification === undefined)) {
    throw invalidProperty('poolInfo', spec.poolInfo, 'Exactly one of poolId and autoPoolSpecification must be given.');
  }
  if (autoPoolSpecification) checkAutoPool(autoPoolSpecification, ofSchedule);
  checkJobTasks(spec);
}
