import type { Account } from '../account/account';
import type { FaultRules } from '../faults/fault-rules';
import type { Journal } from '../store/journal';
import type { Clock } from '../util/clock';
import type { Log } from '../util/log';
import { Allocator } from './allocator';
import type { Events } from './events';
import { Executor } from './executor';
import { JobService } from './job-service';
import { NodeLifecycle } from './node-lifecycle';
import { NodeService } from './node-service';
import type { Pool } from './pool';
import { PoolService } from './pool-service';
import type { Runner } from './runner';
import { Scheduler } from './scheduler';
import { TaskService } from './task-service';
import { poolOf, type Timing, type World } from './world';

export interface ModelOptions {
  clock: Clock;
  timing: Timing;
  journal: Journal;
  faults: FaultRules;
  log: Log;
  account: Account;
  events: Events;
  runnerOf(pool: Pool): Runner;
}

/** The emulated account: its state and the rules over it. */
export interface Model {
  world: World;
  pools: PoolService;
  nodes: NodeService;
  jobs: JobService;
  tasks: TaskService;
  lifecycle: NodeLifecycle;
  allocator: Allocator;
}

/** Wires the parts of the model; they tell each other things only through the signals set up here. */
export function createModel(options: ModelOptions): Model {
  const world: World = {
    ...options,
    runnerOf: (pool) => options.runnerOf(pool),
    pools: new Map(),
    jobs: new Map(),
    signals: {
      poolReady: (poolId) => {
        const pool = poolOf(world, poolId);
        if (pool) scheduler.kick(pool);
      },
      taskCompleted: (task) => jobs.checkAllTasksComplete(task.job),
      attemptEnded: (job) => jobs.settle(job),
      nodesChanged: (pool) => allocator.settle(pool),
    },
  };
  const executor = new Executor(world);
  const scheduler = new Scheduler(world, executor);
  const lifecycle = new NodeLifecycle(world, executor);
  const allocator = new Allocator(world, lifecycle, executor);
  const jobs = new JobService(world, executor);
  return {
    world,
    pools: new PoolService(world, allocator),
    nodes: new NodeService(world, lifecycle),
    jobs,
    tasks: new TaskService(world, jobs, executor),
    lifecycle,
    allocator,
  };
}
