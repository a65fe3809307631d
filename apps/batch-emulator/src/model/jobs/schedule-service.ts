import { batchError, BatchError, invalidProperty } from '../../errors';
import { parseDuration } from '../../util/duration';
import { type Micros, parseTime } from '../../util/time';
import type { JobScheduleSpec, Recurrence } from '../../wire/types';
import { withJobDefaults } from '../defaults';
import { checkDisplayName, checkId, checkMetadata } from '../ids';
import type { Job } from './job';
import { JobSchedule, type JobScheduleState } from './job-schedule';
import { checkJob, type JobService } from './job-service';
import { checkActiveJobAndScheduleQuota } from '../quotas';
import type { World } from '../world';

const SHORTEST_MS = 60_000;
/** How long a schedule waits when the account takes no further job just now. */
const RETRY_MS = 30_000;

/** Rules of the job schedule operations. */
export class ScheduleService {
  constructor(
    private readonly world: World,
    private readonly jobs: JobService,
  ) {}

  get(id: string): JobSchedule {
    const schedule = this.world.schedules.get(id.toLowerCase());
    if (!schedule) throw batchError('JobScheduleNotFound');
    return schedule;
  }

  jobsOf(schedule: JobSchedule): Job[] {
    return [...this.world.jobs.values()].filter((job) => job.scheduleId === schedule.id);
  }

  /** "Job Schedule - Add": the first job is there at once, unless it is not to run yet. */
  create(spec: JobScheduleSpec): JobSchedule {
    const id = spec.id.toLowerCase();
    checkId(spec.id);
    check(spec);
    if (this.world.schedules.has(id)) throw batchError('JobScheduleExists');
    if (this.world.jobs.has(id)) throw batchError('JobWithSameIdExists');
    checkActiveJobAndScheduleQuota(this.world);
    const schedule = new JobSchedule(filled(spec), this.world.clock.now());
    this.world.schedules.set(id, schedule);
    this.advance(schedule);
    this.world.journal.schedule(schedule);
    return schedule;
  }

  /** "Job Schedule - Patch" and "- Update": the caller says what the whole is now; it governs future jobs only. */
  change(schedule: JobSchedule, changed: JobScheduleSpec): void {
    this.checkAlive(schedule);
    const spec = filled(changed);
    check(spec);
    const rescheduled = JSON.stringify(spec.schedule) !== JSON.stringify(schedule.spec.schedule);
    const lastDue = (schedule.nextRun ?? schedule.created) - (schedule.interval ?? 0);
    schedule.spec = spec;
    const { interval } = schedule;
    if (rescheduled && interval !== undefined) schedule.nextRun = Math.max(schedule.notBefore, lastDue + interval);
    this.touch(schedule);
    this.advance(schedule);
  }

  /** "Job Schedule - Disable": no new jobs; the active one goes on. */
  disable(schedule: JobSchedule): void {
    this.checkAlive(schedule);
    schedule.timer?.cancel();
    this.setState(schedule, 'disabled');
  }

  /** "Job Schedule - Enable": what fell due meanwhile is made up for by one job. */
  enable(schedule: JobSchedule): void {
    this.checkAlive(schedule);
    this.setState(schedule, 'active');
    this.advance(schedule);
  }

  /** "Job Schedule - Terminate": with its active job. */
  terminate(schedule: JobSchedule): void {
    this.checkAlive(schedule);
    this.setState(schedule, 'terminating');
    const job = this.activeJob(schedule);
    if (job && job.state !== 'terminating' && job.state !== 'deleting') {
      this.jobs.terminate(job, 'TerminateJobSchedule');
    }
    this.settleSoon(schedule);
  }

  /** "Job Schedule - Delete": with all its jobs and their tasks. */
  delete(schedule: JobSchedule): void {
    if (schedule.state === 'deleting') throw batchError('JobScheduleBeingDeleted');
    this.setState(schedule, 'deleting');
    for (const job of this.jobsOf(schedule)) if (job.state !== 'deleting') this.jobs.delete(job);
    this.settleSoon(schedule);
  }

  /** A job is over or gone: its schedule moves on. */
  jobEnded(job: Job): void {
    const schedule = this.world.schedules.get(job.scheduleId?.toLowerCase() ?? '');
    if (schedule) this.settleSoon(schedule);
  }

  /** After a restart. */
  resume(schedule: JobSchedule): void {
    this.settleSoon(schedule);
  }

  private settle(schedule: JobSchedule): void {
    if (this.world.schedules.get(schedule.id.toLowerCase()) !== schedule) return;
    if (schedule.state === 'active') this.advance(schedule);
    if (schedule.state === 'terminating' && !this.activeJob(schedule)) this.complete(schedule);
    if (schedule.state === 'deleting' && this.jobsOf(schedule).length === 0) {
      this.world.schedules.delete(schedule.id.toLowerCase());
      this.world.journal.scheduleGone(schedule);
      this.world.signals.scheduleEnded(schedule);
    }
  }

  /** Starts the job that is due, ends a schedule that has none to come, or waits for the next moment. */
  private advance(schedule: JobSchedule): void {
    schedule.timer?.cancel();
    if (schedule.state !== 'active') return;
    const { clock } = this.world;
    schedule.fallDue(clock.now());
    const isFree = !this.activeJob(schedule);
    let retry = Number.POSITIVE_INFINITY;
    if (schedule.due !== undefined && isFree && !this.startJob(schedule)) retry = RETRY_MS;
    const { nextRun } = schedule;
    if (nextRun === undefined && schedule.due === undefined && !this.activeJob(schedule)) {
      return this.complete(schedule);
    }
    const wait = Math.min(retry, nextRun === undefined ? retry : (nextRun - clock.now()) / 1000);
    if (wait < Number.POSITIVE_INFINITY) schedule.timer = clock.after(wait, () => this.advance(schedule));
  }

  /** Whether the account took the job; starting one does not change the ETag of the schedule. */
  private startJob(schedule: JobSchedule): boolean {
    const id = `${schedule.id}:job-${schedule.jobsMade + 1}`;
    // The emulator may have died when the job was written down and the schedule not yet: then it has been made.
    const isMade = this.world.jobs.get(id.toLowerCase())?.scheduleId === schedule.id;
    try {
      if (!isMade) this.jobs.createForSchedule({ ...schedule.spec.jobSpecification, id }, schedule.id);
    } catch (error) {
      if (!(error instanceof BatchError)) throw error;
      this.world.log(`job schedule ${schedule.id}: no job could be made: ${error.code} ${error.message}`);
      return false;
    }
    schedule.jobsMade++;
    schedule.due = undefined;
    this.world.journal.schedule(schedule);
    return true;
  }

  private activeJob(schedule: JobSchedule): Job | undefined {
    const job = this.world.jobs.get(schedule.recentJobId?.toLowerCase() ?? '');
    return job?.state === 'completed' ? undefined : job;
  }

  private complete(schedule: JobSchedule): void {
    this.setState(schedule, 'completed', (now) => {
      schedule.endTime = now;
      schedule.nextRun = undefined;
    });
    this.world.signals.scheduleEnded(schedule);
  }

  private checkAlive({ state }: JobSchedule): void {
    if (state === 'deleting') throw batchError('JobScheduleBeingDeleted');
    if (state === 'terminating') throw batchError('JobScheduleBeingTerminated');
    if (state === 'completed') throw batchError('JobScheduleCompleted');
  }

  /** Clients expect to see the state in between. */
  private settleSoon(schedule: JobSchedule): void {
    this.world.clock.after(0, () => this.settle(schedule));
  }

  private setState(schedule: JobSchedule, state: JobScheduleState, change: (now: Micros) => void = nothing): void {
    schedule.previousState = schedule.state;
    schedule.previousStateTime = schedule.stateTime;
    schedule.state = state;
    this.touch(schedule, (now) => {
      schedule.stateTime = now;
      change(now);
    });
  }

  /** Changes it and writes it down, once. */
  private touch(schedule: JobSchedule, change: (now: Micros) => void = nothing): void {
    schedule.modified = this.world.clock.now();
    change(schedule.modified);
    this.world.journal.schedule(schedule);
  }
}

const nothing = (): void => undefined;

function filled(spec: JobScheduleSpec): JobScheduleSpec {
  return { ...spec, jobSpecification: withJobDefaults(spec.jobSpecification) };
}

function check({ displayName, schedule, jobSpecification, metadata }: JobScheduleSpec): void {
  checkDisplayName(displayName);
  checkMetadata(metadata);
  checkJob(jobSpecification, true);
  for (const name of ['startWindow', 'recurrenceInterval'] as const) checkShortest(name, schedule);
  const until = parseTime(schedule.doNotRunUntil ?? '');
  const after = parseTime(schedule.doNotRunAfter ?? '');
  if (until !== undefined && after !== undefined && after <= until) {
    throw invalidProperty('doNotRunAfter', schedule.doNotRunAfter, 'The time must be later than doNotRunUntil.');
  }
}

function checkShortest(name: 'startWindow' | 'recurrenceInterval', schedule: Recurrence): void {
  const text = schedule[name];
  if (text !== undefined && (parseDuration(text) ?? 0) < SHORTEST_MS) {
    throw invalidProperty(name, text, 'The minimum value is 1 minute.');
  }
}
