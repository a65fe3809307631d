import { parseDuration } from '../../util/duration';
import type { Micros } from '../../util/time';
import type { Timer } from '../../util/timer-heap';
import type { JobSpec, SchedulingError } from '../../wire/types';
import type { DependencyIndex } from './dependencies';
import type { JobNode } from './job-node';
import type { Subtask } from '../tasks/subtask';
import { Interner } from '../tasks/interner';
import { TaskBodies } from '../tasks/task-bodies';
import type { ExpiryLine } from './retention';
import { ReadyQueue } from '../scheduling/ready-queue';
import { TaskTable } from '../tasks/task-table';

export type JobState = 'active' | 'disabling' | 'disabled' | 'enabling' | 'terminating' | 'completed' | 'deleting';

export class Job {
  state: JobState = 'active';
  stateTime: Micros;
  previousState: JobState | undefined;
  previousStateTime: Micros | undefined;
  modified: Micros;
  readonly startTime: Micros;
  endTime: Micros | undefined;
  terminateReason: string | undefined;
  readonly tasks = new TaskTable();
  readonly ready = new ReadyQueue();
  readonly interner = new Interner();
  readonly bodies = new TaskBodies();
  /** Made for the first task that depends on another. */
  dependencies: DependencyIndex | undefined;
  /** By node id; only of jobs with a preparation or release task. */
  readonly nodes = new Map<string, JobNode>();
  /** By id of their multi-instance task. */
  readonly subtasks = new Map<string, Subtask[]>();
  /** Files of completed tasks that are to be removed, by retention time. */
  readonly expiring = new Map<number, ExpiryLine>();
  /** Attempts on nodes, those of abandoned tasks, preparations and releases included. */
  attempts = 0;
  wallClock: Timer | undefined;
  /** The schedule that made it. */
  scheduleId: string | undefined;
  /** The pool that is made for it, or for its schedule. */
  autoPoolId: string | undefined;
  schedulingError: SchedulingError | undefined;

  constructor(
    public spec: JobSpec,
    readonly created: Micros,
    started: Micros,
  ) {
    this.startTime = started;
    this.stateTime = started;
    this.modified = started;
  }

  get id(): string {
    return this.spec.id;
  }

  get poolId(): string | undefined {
    return this.spec.poolInfo.poolId ?? this.autoPoolId;
  }

  get priority(): number {
    return this.spec.priority ?? 0;
  }

  get maxTaskRetryCount(): number {
    return this.spec.constraints?.maxTaskRetryCount ?? 0;
  }

  get maxWallClockMs(): number {
    return parseDuration(this.spec.constraints?.maxWallClockTime ?? '') ?? Number.POSITIVE_INFINITY;
  }

  /** Whether it takes and retries no tasks any more. */
  get isEnding(): boolean {
    return this.state === 'terminating' || this.state === 'completed' || this.state === 'deleting';
  }

  /** Active tasks that still wait for tasks they depend on. */
  get blockedCount(): number {
    return this.dependencies?.size ?? 0;
  }

  /** Whether one more of its tasks may start now. */
  get mayStartTask(): boolean {
    if (this.state !== 'active') return false;
    const limit = this.spec.maxParallelTasks ?? -1;
    return limit < 0 || this.tasks.counts.running < limit;
  }
}
