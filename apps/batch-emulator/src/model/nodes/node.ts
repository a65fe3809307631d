import type { FailureInfo, StartTaskSpec } from '../../wire/types';
import { EventLog } from '../../util/event-log';
import type { Micros } from '../../util/time';
import type { Attempt } from '../tasks/attempt';
import type { NodeUser } from './node-users';
import type { Pool } from '../pools/pool';
import type { Run } from '../runner';
import type { Placement, Task } from '../tasks/task';
import { summaryOf, type TaskSummary } from '../tasks/task-summary';

export type NodeState =
  | 'idle'
  | 'rebooting'
  | 'reimaging'
  | 'running'
  | 'unusable'
  | 'creating'
  | 'starting'
  | 'waitingforstarttask'
  | 'starttaskfailed'
  | 'unknown'
  | 'leavingpool'
  | 'offline'
  | 'preempted'
  | 'upgradingos'
  | 'deallocated'
  | 'deallocating';

export interface StartTaskInfo {
  state: 'running' | 'completed';
  startTime: Micros;
  endTime?: Micros;
  exitCode?: number;
  failure?: FailureInfo;
  retryCount: number;
  lastRetryTime?: Micros;
}

/** There is no machine, or none that could be reached. */
export const AWAY: ReadonlySet<NodeState> = new Set<NodeState>([
  'preempted',
  'unknown',
  'unusable',
  'leavingpool',
  'deallocating',
  'deallocated',
]);

const RECENT_TASKS = 10;

/** A compute node: slots, and what runs in them. */
export class ComputeNode {
  state: NodeState = 'creating';
  stateTime: Micros;
  schedulingEnabled = true;
  bootTime: Micros | undefined;
  startTask: StartTaskSpec | undefined;
  startTaskInfo: StartTaskInfo | undefined;
  startRun: Run | undefined;
  /** Why the pool's application packages are not on the node. */
  packageFailure: FailureInfo | undefined;
  /** Chosen to leave; takes no new tasks. */
  leaving = false;
  slotsUsed = 0;
  readonly attempts = new Set<Attempt>();
  /** Commands beside tasks, which end with the boot they run in. */
  readonly sideRuns = new Set<Run>();
  /** Kept free until the task that waits for it fits. */
  reservedFor: Task | undefined;
  totalTasksRun = 0;
  totalTasksSucceeded = 0;
  /** By the time at which they ended. */
  readonly recentTasks: TaskSummary[] = [];
  /** By name in lower case. */
  readonly users = new Map<string, NodeUser>();
  readonly events = new EventLog();
  /** Called once when the last attempt has ended. */
  whenEmpty: (() => void) | undefined;
  /** Counts boots, so that callbacks of an earlier life of the node are ignored. */
  life = 0;
  /** Counts disks: a node that was made anew has none of its earlier files. */
  disk = 0;
  /** Place in the pool's index of free slots; -1 when not in it. */
  bucket = -1;
  bucketPosition = -1;
  readonly placement: Placement;

  constructor(
    readonly pool: Pool,
    readonly id: string,
    readonly dedicated: boolean,
    readonly index: number,
    readonly allocationTime: Micros,
  ) {
    this.stateTime = allocationTime;
    this.placement = { poolId: pool.id, nodeId: id };
  }

  get freeSlots(): number {
    return this.pool.slotsPerNode - this.slotsUsed;
  }

  get canTakeTasks(): boolean {
    return (this.state === 'idle' || this.state === 'running') && this.schedulingEnabled && !this.leaving;
  }

  /** There is a machine that could be taken away. */
  get isUp(): boolean {
    return !this.leaving && !AWAY.has(this.state);
  }

  /** Called by whoever took the last attempt away. */
  noteEmpty(): void {
    const { whenEmpty } = this;
    this.whenEmpty = undefined;
    whenEmpty?.();
  }

  /** A task has ended here; after a restart they are told of job by job, not in the order of their ends. */
  noteTask(task: Task): void {
    if (task.succeeded) this.totalTasksSucceeded++;
    const ended = task.endTime ?? 0;
    const { recentTasks } = this;
    const before = recentTasks.findLastIndex(({ endTime = 0 }) => endTime <= ended);
    if (before < 0 && recentTasks.length === RECENT_TASKS) return;
    recentTasks.splice(before + 1, 0, summaryOf(task));
    if (recentTasks.length > RECENT_TASKS) recentTasks.shift();
  }
}
