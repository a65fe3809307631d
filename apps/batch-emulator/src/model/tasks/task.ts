import type { FailureInfo, TaskConstraints, TaskSpec } from '../../wire/types';
import type { Micros } from '../../util/time';
import type { Attempt } from './attempt';
import type { Job } from '../jobs/job';
import type { StoredBody, TaskRules } from './task-bodies';

export type TaskState = 'active' | 'preparing' | 'running' | 'completed';

/** What a task was asked to do. */
export type TaskBody = Readonly<Omit<TaskSpec, 'id' | 'constraints'>>;

/** Where a task runs or ran; shared by all tasks of a node, and kept when the node is gone. */
export interface Placement {
  readonly poolId: string;
  readonly nodeId: string;
}

/**
 * One task. Kept flat and small because a job may hold a million of them; all fields are set in the constructor so that
 * every task has the same hidden class.
 */
export class Task implements StoredBody {
  readonly rules: TaskRules;
  readonly place: number;
  state: TaskState = 'active';
  stateTime: Micros;
  previousState: TaskState | undefined = undefined;
  previousStateTime: Micros | undefined = undefined;
  modified: Micros;
  startTime: Micros | undefined = undefined;
  endTime: Micros | undefined = undefined;
  exitCode: number | undefined = undefined;
  failure: FailureInfo | undefined = undefined;
  retryCount = 0;
  lastRetryTime: Micros | undefined = undefined;
  requeueCount = 0;
  lastRequeueTime: Micros | undefined = undefined;
  placement: Placement | undefined = undefined;
  /** The attempt under way. */
  attempt: Attempt | undefined = undefined;
  /** Whether the task stands in a ready queue; it may be stale there. */
  queued = false;
  deleted = false;
  /** Neighbours in the list of tasks of the same state. */
  before: Task | undefined = undefined;
  after: Task | undefined = undefined;

  constructor(
    readonly job: Job,
    readonly id: string,
    { rules, place }: StoredBody,
    public constraints: Readonly<Required<TaskConstraints>>,
    readonly sequence: number,
    readonly created: Micros,
  ) {
    this.rules = rules;
    this.place = place;
    this.stateTime = created;
    this.modified = created;
  }

  /** Has to be unpacked: what is needed often is in the rules. */
  get body(): TaskBody {
    return this.job.bodies.get(this.place);
  }

  get slots(): number {
    return this.rules.requiredSlots ?? 1;
  }

  /** The job manager of its job. */
  get isManager(): boolean {
    return this.job.spec.jobManagerTask?.id === this.id;
  }

  /** "Task - Get": success is exit code 0 and no failure information. */
  get succeeded(): boolean {
    return this.exitCode === 0 && this.failure === undefined;
  }

  /** What an earlier attempt left; a new attempt starts clean. */
  forgetOutcome(): void {
    this.startTime = undefined;
    this.endTime = undefined;
    this.exitCode = undefined;
    this.failure = undefined;
  }
}
