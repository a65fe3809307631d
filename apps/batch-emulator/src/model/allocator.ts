import { parseDuration } from '../util/duration';
import type { DeallocationOption, ResizeError } from '../wire/types';
import type { Executor } from './executor';
import type { ComputeNode } from './node';
import type { NodeLifecycle } from './node-lifecycle';
import type { AllocationState, Pool } from './pool';
import type { World } from './world';

const MESSAGES: Record<string, string> = {
  AccountCoreQuotaReached: 'The specified account has reached core quota',
  AllocationFailed: 'Desired number of dedicated nodes could not be allocated',
  AllocationTimedout: 'Desired number of nodes could not be allocated as the resize timeout was reached',
  ResizeStopped: 'Desired number of nodes could not be allocated due to a stop resize operation',
};

export function resizeError(code: string): ResizeError {
  return { code, message: MESSAGES[code] ?? code };
}

/** Brings the number of nodes of a pool to its targets ("Pool - Resize"). */
export class Allocator {
  constructor(
    private readonly world: World,
    private readonly nodes: NodeLifecycle,
    private readonly executor: Executor,
  ) {}

  /** Every resize, the first sizing included, is seen as `resizing` for a moment, even when there is nothing to do. */
  resize(pool: Pool, option: DeallocationOption): void {
    const { clock, timing, faults } = this.world;
    this.cancel(pool);
    pool.deallocation = option;
    pool.resizeErrors = [];
    this.world.events.resizeStarted(pool);
    this.setAllocation(pool, 'resizing');
    const delay = timing.allocation + (faults.take('slowAllocation', pool.id)?.ms ?? 0);
    pool.resizeTimers.push(
      clock.after(delay, () => this.allocate(pool)),
      clock.after(parseDuration(pool.resizeTimeout) ?? 900_000, () => this.giveUp(pool, 'AllocationTimedout')),
    );
  }

  /** "Pool - Stop Resize": keeps what has been reached. */
  stop(pool: Pool): void {
    this.cancel(pool);
    this.setAllocation(pool, 'stopping');
    pool.resizeTimers.push(
      this.world.clock.after(this.world.timing.allocation, () => this.giveUp(pool, 'ResizeStopped')),
    );
  }

  /** The pool vanishes when its last node has left; tasks go back to active and wait for a pool of that id. */
  drainAll(pool: Pool): void {
    this.cancel(pool);
    pool.deallocation = 'requeue';
    this.setAllocation(pool, 'resizing');
    pool.resizeTimers.push(
      this.world.clock.after(this.world.timing.allocation, () => {
        for (const node of [...pool.nodes.values()]) this.release(node);
        this.settle(pool);
      }),
    );
  }

  /** Chosen nodes leave ("Pool - Remove Nodes"). */
  removeNodes(pool: Pool, nodes: ComputeNode[], option: DeallocationOption): void {
    for (const node of nodes) {
      if (node.dedicated) pool.targetDedicated--;
      else pool.targetLowPriority--;
      node.leaving = true;
      pool.free.update(node);
    }
    this.resize(pool, option);
  }

  /** After a restart: a resize that was not over goes on, one that failed stays failed. */
  resume(pool: Pool): void {
    const reached = pool.countNodes(true) === pool.targetDedicated && pool.countNodes(false) === pool.targetLowPriority;
    if (reached || pool.resizeErrors.length > 0) this.setAllocation(pool, 'steady');
    else this.resize(pool, 'requeue');
  }

  /** Called when a leaving node may have run dry. */
  settle(pool: Pool): void {
    for (const node of [...pool.nodes.values()]) {
      if (node.leaving && node.attempts.size === 0) this.nodes.remove(node);
    }
    if ([...pool.nodes.values()].some((node) => node.leaving)) return;
    if (pool.state === 'deleting') return this.vanish(pool);
    if (pool.allocationState === 'resizing' && pool.resizeTimers.length <= 1) this.finish(pool);
  }

  private vanish(pool: Pool): void {
    if (pool.nodes.size > 0) return;
    this.cancel(pool);
    this.world.pools.delete(pool.id.toLowerCase());
    this.world.journal.poolGone(pool);
    this.world.events.poolDeleted(pool);
  }

  private allocate(pool: Pool): void {
    pool.resizeTimers.shift();
    for (const dedicated of [true, false]) {
      const target = dedicated ? pool.targetDedicated : pool.targetLowPriority;
      const staying = [...pool.nodes.values()].filter((node) => node.dedicated === dedicated && !node.leaving);
      const missing = target - staying.length;
      if (missing > 0) this.grow(pool, dedicated, missing);
      else this.shrink(staying, -missing);
    }
    for (const node of pool.nodes.values()) if (node.leaving) this.release(node);
    this.settle(pool);
  }

  private grow(pool: Pool, dedicated: boolean, missing: number): void {
    const fault = this.world.faults.take('allocationFailure', pool.id, pool.spec.vmSize);
    if (fault) {
      pool.resizeErrors.push(resizeError(fault.code ?? 'AllocationFailed'));
      return;
    }
    for (let count = 0; count < missing; count++) this.nodes.create(pool, dedicated);
  }

  /** Nodes that do nothing go first, of those the youngest. */
  private shrink(nodes: ComputeNode[], excess: number): void {
    const chosen = nodes.sort((a, b) => a.attempts.size - b.attempts.size || b.index - a.index).slice(0, excess);
    for (const node of chosen) node.leaving = true;
  }

  /** Deals with the tasks of a leaving node; it goes when the last attempt has ended. */
  private release(node: ComputeNode): void {
    node.leaving = true;
    node.pool.free.update(node);
    const option = node.pool.deallocation;
    if (option === 'requeue') this.executor.evict(node, (task) => this.executor.requeue(task));
    else if (option === 'terminate') this.executor.evict(node, (task) => this.executor.terminate(task));
  }

  private giveUp(pool: Pool, code: string): void {
    for (const node of pool.nodes.values()) {
      node.leaving = false;
      pool.free.update(node);
    }
    pool.resizeErrors.push(resizeError(code));
    if (code === 'ResizeStopped') {
      pool.targetDedicated = pool.countNodes(true);
      pool.targetLowPriority = pool.countNodes(false);
    }
    this.finish(pool);
  }

  private finish(pool: Pool): void {
    this.cancel(pool);
    this.setAllocation(pool, 'steady');
    this.world.journal.pool(pool);
    this.world.events.resizeCompleted(pool);
    this.world.signals.poolReady(pool.id);
  }

  private setAllocation(pool: Pool, state: AllocationState): void {
    pool.allocationState = state;
    pool.allocationTime = this.world.clock.now();
  }

  private cancel(pool: Pool): void {
    for (const timer of pool.resizeTimers) timer.cancel();
    pool.resizeTimers = [];
  }
}
