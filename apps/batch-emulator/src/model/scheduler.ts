import type { Executor } from './executor';
import type { Job } from './job';
import type { ComputeNode } from './node';
import type { Pool } from './pool';
import type { Task } from './task';
import type { World } from './world';

/** Assignments made in one go before requests are let in again. */
const SLICE = 200;

/** Matches ready tasks with free slots whenever either comes up; nothing polls. */
export class Scheduler {
  constructor(
    private readonly world: World,
    private readonly executor: Executor,
  ) {}

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
      const room = pool.free.largest();
      if (room === 0) return;
      const next = this.nextTask(pool, room);
      if (!next) return;
      const [job, task] = next;
      const node = this.nodeFor(pool, task);
      if (!node) return;
      job.ready.take(task);
      this.executor.assign(task, node);
    }
    this.kick(pool);
  }

  /** Jobs by priority; within a job the oldest task that fits ("Job - Add": priority). */
  private nextTask(pool: Pool, room: number): [Job, Task] | undefined {
    for (const job of pool.queue) {
      if (!job.mayStartTask) continue;
      const task = job.ready.peek(room);
      if (task) return [job, task];
    }
    return undefined;
  }

  /** Affinity is a wish, not a condition. */
  private nodeFor(pool: Pool, task: Task): ComputeNode | undefined {
    const wanted = task.body.affinityInfo?.affinityId;
    if (wanted !== undefined) {
      const node = pool.nodes.get(wanted.replace(/^TVM:/, ''));
      if (node?.canTakeTasks && node.freeSlots >= task.slots) return node;
    }
    return pool.free.pick(task.slots, pool.spec.taskSchedulingPolicy?.nodeFillType ?? 'Spread');
  }
}
