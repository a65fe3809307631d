import type { Account } from '../account/account';
import type { FaultRules } from '../faults/fault-rules';
import type { Journal } from '../store/journal';
import type { Clock } from '../util/clock';
import type { Log } from '../util/log';
import type { Events } from './events';
import type { Job } from './jobs/job';
import type { JobSchedule } from './jobs/job-schedule';
import type { ComputeNode } from './nodes/node';
import type { Pool } from './pools/pool';
import type { Runner } from './runner';
import type { Placement, Task } from './tasks/task';
import type { UsageLedger } from './pools/usage';

/** How long the emulated cloud takes, in milliseconds. */
export interface Timing {
  allocation: number;
  creating: number;
  starting: number;
  /** Rebooting, reimaging and deallocating. */
  rebooting: number;
  /** How long a preempted node stays away. */
  preemption: number;
}

/** What one part of the model tells the others; wired in one place, so that the parts do not know each other. */
export interface Signals {
  /** Work or room for it came up in the pool of that id. */
  poolReady(poolId: string | undefined): void;
  taskCompleted(task: Task): void;
  /** An attempt is over and its slots are free. */
  attemptEnded(job: Job): void;
  /** Before a job is written down: what it needs is named. */
  jobEntering(job: Job): void;
  jobEntered(job: Job): void;
  /** Completed or gone. */
  jobEnded(job: Job): void;
  scheduleEnded(schedule: JobSchedule): void;
  /** No node will leave or come by itself any more. */
  nodesChanged(pool: Pool): void;
}

/** The state of the account and what every rule of the model may use. */
export interface World {
  readonly clock: Clock;
  readonly timing: Timing;
  readonly journal: Journal;
  readonly faults: FaultRules;
  readonly log: Log;
  readonly account: Account;
  readonly events: Events;
  readonly usage: UsageLedger;
  readonly pools: Map<string, Pool>;
  readonly jobs: Map<string, Job>;
  readonly schedules: Map<string, JobSchedule>;
  readonly signals: Signals;
  runnerOf(pool: Pool): Runner;
}

/** Whether the job has not been deleted yet, though something of it may still be ending. */
export function isThere(world: World, job: Job): boolean {
  return world.jobs.get(job.id.toLowerCase()) === job;
}

/** The node is gone when its pool has been made smaller since. */
export function nodeAt(world: World, placement: Placement | undefined): ComputeNode | undefined {
  return placement && poolOf(world, placement.poolId)?.nodes.get(placement.nodeId);
}

export function poolOf(world: World, id: string | undefined): Pool | undefined {
  return id === undefined ? undefined : world.pools.get(id.toLowerCase());
}
