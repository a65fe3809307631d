import type { Account } from '../account/account';
import type { FaultRules } from '../faults/fault-rules';
import type { Journal } from '../store/journal';
import type { Clock } from '../util/clock';
import type { Log } from '../util/log';
import { Aftermath } from './scheduling/aftermath';
import { Allocator } from './pools/allocator';
import { AutoPools } from './pools/auto-pools';
import { Autoscaler } from './pools/autoscaler';
import type { Events } from './events';
import { Executor } from './scheduling/executor';
import { JobService } from './jobs/job-service';
import { NodeLifecycle } from './nodes/node-lifecycle';
import { NodeDrain } from './nodes/node-drain';
import { NodeOperations } from './nodes/node-operations';
import { NodeService } from './nodes/node-service';
import { NodeUsers } from './nodes/node-users';
import type { Pool } from './pools/pool';
import { PoolSampler } from './pools/pool-sampler';
import { PoolService } from './pools/pool-service';
import type { Runner } from './runner';
import { ScheduleService } from './jobs/schedule-service';
import { Scheduler } from './scheduling/scheduler';
import { TaskService } from './tasks/task-service';
import { UsageLedger } from './pools/usage';
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
  nodeOperations: NodeOperations;
  nodeUsers: NodeUsers;
  jobs: JobService;
  tasks: TaskService;
  schedules: ScheduleService;
  autoPools: AutoPools;
  lifecycle: NodeLifecycle;
  allocator: Allocator;
  autoscaler: Autoscaler;
  sampler: PoolSampler;
}

/** Wires the parts of the model; they tell each other things only through the signals set up here. */
export function createModel(options: ModelOptions): Model {
  const world: World = {
    ...options,
    runnerOf: (pool) => options.runnerOf(pool),
    usage: new UsageLedger(options.clock, options.journal),
    pools: new Map(),
    jobs: new Map(),
    schedules: new Map(),
    signals: {
      poolReady: (poolId) => {
        const pool = poolOf(world, poolId);
        if (pool) scheduler.kick(pool);
      },
      taskCompleted: (task) => aftermath.taskCompleted(task),
      attemptEnded: (job) => jobs.settle(job),
      nodesChanged: (pool) => allocator.settle(pool),
      jobEntering: (job) => autoPools.nameFor(job),
      jobEntered: (job) => autoPools.provide(job),
      jobEnded: (job) => {
        autoPools.release(job);
        schedules.jobEnded(job);
      },
      scheduleEnded: (schedule) => autoPools.releaseSchedule(schedule),
    },
  };
  const executor = new Executor(world);
  const scheduler = new Scheduler(world, executor);
  const lifecycle = new NodeLifecycle(world, executor);
  const allocator = new Allocator(world, lifecycle, executor);
  const sampler = new PoolSampler(world);
  const autoscaler = new Autoscaler(world, allocator, sampler);
  const jobs = new JobService(world, executor);
  const pools = new PoolService(world, allocator, autoscaler);
  const autoPools = new AutoPools(world, pools, jobs);
  const schedules = new ScheduleService(world, jobs);
  const aftermath = new Aftermath(world, jobs);
  return {
    world,
    pools,
    schedules,
    autoPools,
    nodeOperations: new NodeOperations(world, lifecycle, executor, new NodeDrain(world, executor)),
    nodeUsers: new NodeUsers(world),
    nodes: new NodeService(),
    jobs,
    tasks: new TaskService(world, jobs, executor),
    lifecycle,
    allocator,
    autoscaler,
    sampler,
  };
}
