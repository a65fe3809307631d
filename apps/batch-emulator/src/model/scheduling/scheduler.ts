import type { Executor } from './executor';
import type { Job } from '../jobs/job';
import { isRefused } from '../jobs/job-node';
import { isServable, needOf, sameNeed, slotsIn, type Need } from './need';
import type { ComputeNode } from '../nodes/node';
import type { Pool } from '../pools/pool';
import { Reservations } from './reservations';
import type { Task } from '../tasks/task';
import type { World } from '../world';

/** Assignments made in one go before requests are let in again. */
const SLICE = 200;

interface Match {
  readonly task: Task;
  readonly nodes: readonly ComputeNode[];
}

/** Matches ready tasks with free slots whenever either comes up; nothing polls. */
export class Scheduler {
  private readonly reservations: Reservations;

  constructor(
    private readonly world: World,
    private readonly executor: Executor,
  ) {
    this.reservations = new Reservations(executor);
  }

  /** Asks for a pass over the pool; many requests of one moment are one pass. */
  kick(pool: Pool): void {
    if (pool.kicked) return;
    pool.kicked = true;
    this.world.clock.after(0, () => {
      pool.kicked = false;
      this.pass(pool);
    });
  }

  private pass(pool: Pool): void {
    for (let count = 0; count < SLICE; count++) {
      const match = this.reservations.due(pool) ?? this.find(pool);
      if (!match) return;
      const { task, nodes } = match;
      task.job.ready.take(task);
      this.executor.assign(task, nodes, slotsIn(pool, needOf(task)));
      if (pool.spec.taskSchedulingPolicy?.jobDefaultOrder !== 'creationtime') pool.queue.served(task.job);
    }
    this.kick(pool);
  }

  /** Jobs by priority ("Job - Add"); within a job the oldest task that fits. */
  private find(pool: Pool): Match | undefined {
    const room = pool.free.largest();
    if (room === 0) return undefined;
    const passedOver: Task[] = [];
    for (const job of pool.queue) {
      if (!job.mayStartTask) continue;
      const oldest = job.ready.peek(() => true);
      if (!oldest) continue;
      const match = this.matchIn(pool, job, room);
      if (match?.task !== oldest) passedOver.push(oldest);
      if (!match) continue;
      this.reservations.passedOver(pool, passedOver);
      return match;
    }
    return undefined;
  }

  private matchIn(pool: Pool, job: Job, room: number): Match | undefined {
    const unmet: Need[] = [];
    for (;;) {
      const task = job.ready.peek(
        (need) => slotsIn(pool, need) <= room && !unmet.some((other) => sameNeed(other, need)),
      );
      if (!task) return undefined;
      const nodes = this.nodesFor(pool, task);
      if (nodes.length > 0) return { task, nodes };
      unmet.push(needOf(task));
    }
  }

  /** As many nodes as the task needs, or none. Affinity is a wish, not a condition. */
  private nodesFor(pool: Pool, task: Task): readonly ComputeNode[] {
    if (!isServable(pool, task)) return [];
    const need = needOf(task);
    const slots = slotsIn(pool, need);
    const accepts = (node: ComputeNode): boolean => !isRefused(task.job, node) && (node.dedicated || !need.dedicated);
    const wanted = task.rules.affinityInfo?.affinityId;
    if (wanted !== undefined && need.instances === 1) {
      const node = pool.nodes.get(wanted.replace(/^TVM:/, ''));
      if (node?.canTakeTasks && !node.reservedFor && node.freeSlots >= slots && accepts(node)) return [node];
    }
    const fill = pool.spec.taskSchedulingPolicy?.nodeFillType ?? 'Spread';
    return pool.free.pick(slots, fill, accepts, need.instances);
  }
}
