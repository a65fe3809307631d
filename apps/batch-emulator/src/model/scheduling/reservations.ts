import type { Executor } from './executor';
import { isRefused } from '../jobs/job-node';
import { isServable, needOf, slotsIn } from './need';
import type { ComputeNode } from '../nodes/node';
import type { Pool } from '../pools/pool';
import type { Task } from '../tasks/task';

/** Nodes that take nothing else until they all have room for the task. */
export interface Reservation {
  readonly task: Task;
  readonly nodes: readonly ComputeNode[];
}

/** So many tasks may start while an older one of a job that is not behind theirs finds no room. */
const MAX_OVERTAKINGS = 16;

/**
 * Keeps wide tasks from starving: one that has been overtaken often enough gets nodes reserved, which then run dry. Only
 * one task of a pool has a reservation at a time, so that two that need many nodes cannot wait for each other.
 */
export class Reservations {
  private readonly overtaken = new WeakMap<Task, number>();

  constructor(private readonly executor: Executor) {}

  /** The reserved nodes once the task fits; a reservation that has lost its reason is given up. */
  due(pool: Pool): Reservation | undefined {
    this.restartManagers(pool);
    const { reservation } = pool;
    if (!reservation) return undefined;
    const { task, nodes } = reservation;
    if (!this.isWanted(pool, reservation)) {
      this.release(pool);
      return undefined;
    }
    const slots = slotsIn(pool, needOf(task));
    if (nodes.some((node) => node.freeSlots < slots)) return undefined;
    this.release(pool);
    return reservation;
  }

  /** Tasks have been passed over for a younger one, or for one of a job that is not before theirs. */
  passedOver(pool: Pool, tasks: readonly Task[]): void {
    for (const task of tasks) {
      const count = (this.overtaken.get(task) ?? 0) + 1;
      this.overtaken.set(task, count % MAX_OVERTAKINGS);
      if (count < MAX_OVERTAKINGS || pool.reservation) continue;
      this.reserve(pool, task, candidates(pool, task));
    }
  }

  /**
   * "JobManagerTask": one that has to run again goes before everything else, and a running task may have to make room;
   * it goes back to active.
   */
  private restartManagers(pool: Pool): void {
    for (const task of pool.restarting) {
      if (task.state !== 'active' || task.deleted) pool.restarting.delete(task);
      else if (!pool.reservation && task.job.mayStartTask) {
        pool.restarting.delete(task);
        const nodes = candidates(pool, task).filter((node) => mayBeCleared(node, task));
        this.reserve(pool, task, nodes);
        const slots = slotsIn(pool, needOf(task));
        for (const node of nodes.slice(0, 1)) {
          if (node.freeSlots < slots) this.executor.evict(node, (other) => this.executor.recover(other));
        }
      }
    }
  }

  private reserve(pool: Pool, task: Task, nodes: readonly ComputeNode[]): void {
    const { instances } = needOf(task);
    if (nodes.length < instances) return;
    pool.reservation = { task, nodes: nodes.slice(0, instances) };
    this.mark(pool, task);
  }

  private release(pool: Pool): void {
    this.mark(pool, undefined);
    pool.reservation = undefined;
  }

  private mark(pool: Pool, task: Task | undefined): void {
    for (const node of pool.reservation?.nodes ?? []) {
      node.reservedFor = task;
      pool.free.update(node);
    }
  }

  private isWanted(pool: Pool, { task, nodes }: Reservation): boolean {
    const { job } = task;
    if (task.state !== 'active' || task.deleted || !job.mayStartTask || !pool.queue.has(job)) return false;
    if (nodes.some((node) => !node.canTakeTasks || pool.nodes.get(node.id) !== node)) return false;
    for (const other of pool.queue) {
      if (other.priority <= job.priority) return true;
      if (other.mayStartTask && !other.ready.isEmpty) return false;
    }
    return true;
  }
}

/** Nodes that could serve the task when they are empty, those that need the least time for it first. */
function candidates(pool: Pool, task: Task): ComputeNode[] {
  const need = needOf(task);
  if (!isServable(pool, task) || slotsIn(pool, need) > pool.slotsPerNode) return [];
  return [...pool.nodes.values()]
    .filter((node) => node.canTakeTasks && !isRefused(task.job, node) && (node.dedicated || !need.dedicated))
    .sort((a, b) => a.slotsUsed - b.slotsUsed);
}

/** No task of a job that is before its own, and no other job manager, has to make room. */
function mayBeCleared(node: ComputeNode, manager: Task): boolean {
  return [...node.attempts].every(({ task }) => !task.isManager && task.job.priority <= manager.job.priority);
}
