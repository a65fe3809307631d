import { SAMPLE_PERIOD_MS, type Metrics } from '../../autoscale';
import type { Timer } from '../../util/timer-heap';
import type { ComputeNode } from '../nodes/node';
import type { Pool } from './pool';
import type { World } from '../world';

interface TaskTotals {
  active: number;
  running: number;
  succeeded: number;
  failed: number;
}

const GIB = 1024 ** 3;
/** What a node that is neither busy nor idle for long might show: nothing here measures machines. */
const RESOURCES = {
  $WallClockSeconds: 0,
  $MemoryBytes: GIB,
  $DiskBytes: 10 * GIB,
  $DiskReadBytes: 0,
  $DiskWriteBytes: 0,
  $DiskReadOps: 0,
  $DiskWriteOps: 0,
  $NetworkInBytes: 0,
  $NetworkOutBytes: 0,
};

/** Takes the samples that autoscale formulas look back on, of all pools at once and from counters only. */
export class PoolSampler {
  private timer: Timer | undefined;

  constructor(private readonly world: World) {}

  /** Goes on by itself while there are pools. */
  start(): void {
    this.timer ??= this.world.clock.after(SAMPLE_PERIOD_MS, () => this.sample());
  }

  metricsOf(pool: Pool): Metrics {
    return metrics(pool, this.taskTotals().get(pool.id.toLowerCase()));
  }

  private sample(): void {
    this.timer = undefined;
    const { pools, clock } = this.world;
    if (pools.size === 0) return;
    const totals = this.taskTotals();
    const time = clock.now() / 1000;
    for (const [id, pool] of pools) pool.autoScale.history.add(time, metrics(pool, totals.get(id)));
    this.start();
  }

  private taskTotals(): Map<string, TaskTotals> {
    const totals = new Map<string, TaskTotals>();
    for (const job of this.world.jobs.values()) {
      const id = job.poolId?.toLowerCase() ?? '';
      let total = totals.get(id);
      if (!total) totals.set(id, (total = { active: 0, running: 0, succeeded: 0, failed: 0 }));
      const { counts } = job.tasks;
      if (job.state === 'active') total.active += counts.active - job.blockedCount;
      total.running += counts.running;
      total.succeeded += counts.succeeded;
      total.failed += counts.failed;
    }
    return totals;
  }
}

const USABLE = new Set<ComputeNode['state']>(['idle', 'running']);

function metrics(pool: Pool, tasks: TaskTotals = { active: 0, running: 0, succeeded: 0, failed: 0 }): Metrics {
  const nodes = { dedicated: 0, lowPriority: 0, preempted: 0, usable: 0, slotsUsed: 0 };
  for (const node of pool.nodes.values()) {
    if (node.dedicated) nodes.dedicated++;
    else nodes.lowPriority++;
    if (node.state === 'preempted') nodes.preempted++;
    if (USABLE.has(node.state)) nodes.usable++;
    nodes.slotsUsed += node.slotsUsed;
  }
  const slots = nodes.usable * pool.slotsPerNode;
  return {
    ...RESOURCES,
    $ActiveTasks: tasks.active,
    $RunningTasks: tasks.running,
    $PendingTasks: tasks.active + tasks.running,
    $SucceededTasks: tasks.succeeded,
    $FailedTasks: tasks.failed,
    $CurrentDedicatedNodes: nodes.dedicated,
    $CurrentLowPriorityNodes: nodes.lowPriority,
    $PreemptedNodeCount: nodes.preempted,
    $UsableNodeCount: nodes.usable,
    $SampleNodeCount: nodes.usable,
    $TaskSlotsPerNode: pool.slotsPerNode,
    // Busy slots stand for busy processors.
    $CPUPercent: slots === 0 ? 0 : (100 * nodes.slotsUsed) / slots,
  };
}
