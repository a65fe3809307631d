import { parseDuration } from '../../util/duration';
import { parseTime, type Micros } from '../../util/time';
import type { Timer } from '../../util/timer-heap';
import type { JobScheduleSpec } from '../../wire/types';

export type JobScheduleState = 'active' | 'completed' | 'disabled' | 'terminating' | 'deleting';

/** A recurring job: at most one of its jobs is active at a time. */
export class JobSchedule {
  state: JobScheduleState = 'active';
  stateTime: Micros;
  previousState: JobScheduleState | undefined;
  previousStateTime: Micros | undefined;
  modified: Micros;
  /** When the next job falls due; none when there will not be one. */
  nextRun: Micros | undefined;
  /** When the job that has not started yet, because another one is active, fell due. */
  due: Micros | undefined;
  jobsMade = 0;
  /** The pool that lives as long as the schedule, where its jobs ask for one. */
  autoPoolId: string | undefined;
  endTime: Micros | undefined;
  timer: Timer | undefined;

  constructor(
    public spec: JobScheduleSpec,
    readonly created: Micros,
  ) {
    this.stateTime = created;
    this.modified = created;
    this.nextRun = Math.max(created, this.notBefore);
  }

  get id(): string {
    return this.spec.id;
  }

  get recentJobId(): string | undefined {
    return this.jobsMade === 0 ? undefined : `${this.id}:job-${this.jobsMade}`;
  }

  get notBefore(): Micros {
    return parseTime(this.spec.schedule.doNotRunUntil ?? '') ?? 0;
  }

  get notAfter(): Micros {
    return parseTime(this.spec.schedule.doNotRunAfter ?? '') ?? Number.POSITIVE_INFINITY;
  }

  /** `undefined` for a schedule of a single job. */
  get interval(): Micros | undefined {
    const text = this.spec.schedule.recurrenceInterval;
    return text === undefined ? undefined : (parseDuration(text) ?? 0) * 1000;
  }

  /** How long a job may wait for the one before it. */
  get startWindow(): Micros {
    const text = this.spec.schedule.startWindow;
    return text === undefined ? Number.POSITIVE_INFINITY : (parseDuration(text) ?? 0) * 1000;
  }

  /** Moves the times that have come from `nextRun` to `due`: however many were missed, one job makes up for them. */
  fallDue(now: Micros): void {
    if (this.nextRun !== undefined && this.nextRun <= now) {
      const { interval } = this;
      const missed = interval === undefined ? 0 : Math.floor((now - this.nextRun) / interval);
      this.due = this.nextRun + missed * (interval ?? 0);
      this.nextRun = interval === undefined ? undefined : this.due + interval;
    }
    if (this.nextRun !== undefined && this.nextRun > this.notAfter) this.nextRun = undefined;
    if (this.due !== undefined && (now > this.due + this.startWindow || now > this.notAfter)) this.due = undefined;
  }
}
