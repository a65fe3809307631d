import { parseDuration } from '../../util/duration';
import type { DeallocationOption } from '../../wire/types';
import { evictBy } from './eviction';
import type { Executor } from '../scheduling/executor';
import { targetOfPool } from '../fault-target';
import type { ComputeNode } from '../nodes/node';
import type { NodeLifecycle } from '../nodes/node-lifecycle';
import type { AllocationState, Pool } from './pool';
import { nodesLeft } from '../quotas';
import { resizeError } from './resize-errors';
import { retainedUntil, waitFor } from '../jobs/retained-data';
import type { World } from '../world';

/** Of a slow allocation that says no more. */
const DEFAULT_SLOWNESS_MS = 60_000;

/** Brings the number of nodes of a pool to its targets ("Pool - Resize"). */
export class Allocator {
  constructor(
    private readonly world: World,
    private readonly nodes: NodeLifecycle,
    private readonly executor: Executor,
  ) {}

  /**
   * Every resize, the first sizing included, is seen as `resizing` for a moment, even when there is nothing to do. It
   * takes the place of one that may still be under way; only the nodes named must leave then.
   */
  resize(pool: Pool, option: DeallocationOption, leaving: readonly ComputeNode[] = []): void {
    const { clock } = this.world;
    this.cancel(pool);
    this.keepAll(pool);
    for (const node of leaving) this.choose(node);
    pool.deallocation = option;
    pool.resizeErrors = [];
    this.world.events.resizeStarted(pool);
    this.setAllocation(pool, 'resizing');
    pool.resizeTimers.push(
      clock.after(this.timeToAllocate(pool), () => this.allocate(pool)),
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

  /** Chosen nodes leave ("Pool - Remove Nodes"); what an earlier resize failed to bring is not tried again. */
  removeNodes(pool: Pool, nodes: readonly ComputeNode[], option: DeallocationOption): void {
    pool.targetDedicated = pool.countNodes(true) - nodes.filter((node) => node.dedicated).length;
    pool.targetLowPriority = pool.countNodes(false) - nodes.filter((node) => !node.dedicated).length;
    this.resize(pool, option, nodes);
  }

  /** After a restart: a resize that was not over goes on, one that failed stays failed. */
  resume(pool: Pool): void {
    if (pool.allocationState === 'stopping') return this.stop(pool);
    if (pool.allocationState === 'steady') return;
    const leaving = [...pool.nodes.values()].filter((node) => node.leaving);
    this.resize(pool, pool.deallocation, leaving);
  }

  /** Called when a leaving node may have run dry. */
  settle(pool: Pool): void {
    this.removeDrained(pool);
    if ([...pool.nodes.values()].some((node) => node.leaving)) return;
    if (pool.state === 'deleting') return this.vanish(pool);
    if (pool.allocationState === 'resizing' && pool.resizeTimers.length <= 1) this.finish(pool);
  }

  /** With `retaineddata` a node without tasks still waits for the retention time of what it has on it. */
  private removeDrained(pool: Pool): void {
    const drained = [...pool.nodes.values()].filter((node) => node.leaving && node.attempts.size === 0);
    if (drained.length === 0 || pool.retention) return;
    const retained = pool.deallocation === 'retaineddata' ? retainedUntil(this.world, pool) : new Map<string, number>();
    const now = this.world.clock.now();
    const waits: number[] = [];
    for (const node of drained) {
      const until = retained.get(node.id) ?? 0;
      if (until > now) waits.push(waitFor(until, now));
      else this.nodes.remove(node);
    }
    this.world.usage.count(pool);
    if (waits.length === 0) return;
    pool.retention = this.world.clock.after(
      waits.reduce((a, b) => Math.min(a, b)),
      () => {
        pool.retention = undefined;
        this.settle(pool);
      },
    );
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
    this.world.usage.count(pool);
    for (const node of pool.nodes.values()) if (node.leaving) this.release(node);
    this.settle(pool);
  }

  private timeToAllocate(pool: Pool): number {
    const { timing, faults } = this.world;
    const target = targetOfPool(pool);
    if (faults.take('allocationTimeout', target)) return Number.POSITIVE_INFINITY;
    const slow = faults.take('slowAllocation', target);
    return timing.allocation + (slow ? (slow.ms ?? DEFAULT_SLOWNESS_MS) : 0);
  }

  private grow(pool: Pool, dedicated: boolean, missing: number): void {
    const failure = this.orderedFailure(pool);
    const granted = failure ? Math.min(missing, failure.allocated) : missing;
    if (failure && granted < missing) pool.resizeErrors.push(resizeError(failure.code));
    const allowed = Math.min(granted, nodesLeft(this.world, pool, dedicated));
    if (allowed < granted) pool.resizeErrors.push(resizeError('AccountCoreQuotaReached'));
    for (let count = 0; count < allowed; count++) this.nodes.create(pool, dedicated);
  }

  private orderedFailure(pool: Pool): { code: string; allocated: number } | undefined {
    const target = targetOfPool(pool);
    const failure = this.world.faults.take('allocationFailure', target);
    if (failure) return { code: failure.code ?? 'AllocationFailed', allocated: failure.allocated ?? 0 };
    const quota = this.world.faults.take('quotaReached', target);
    return quota && { code: 'AccountCoreQuotaReached', allocated: quota.allocated ?? 0 };
  }

  /** Nodes that do nothing go first, of those the youngest; those of job managers last ("JobManagerTask"). */
  private shrink(nodes: ComputeNode[], excess: number): void {
    const managers = (node: ComputeNode): number => [...node.attempts].filter(({ task }) => task.isManager).length;
    const chosen = nodes
      .sort((a, b) => managers(a) - managers(b) || a.attempts.size - b.attempts.size || b.index - a.index)
      .slice(0, excess);
    for (const node of chosen) this.choose(node);
  }

  /** Written down, because it may take days until the node can go. */
  private choose(node: ComputeNode): void {
    node.leaving = true;
    node.pool.free.update(node);
    this.world.journal.node(node);
  }

  /** Deals with the tasks of a leaving node; it goes when the last attempt has ended. */
  private release(node: ComputeNode): void {
    node.leaving = true;
    node.pool.free.update(node);
    evictBy(this.executor, node, node.pool.deallocation);
  }

  private keepAll(pool: Pool): void {
    for (const node of pool.nodes.values()) {
      if (!node.leaving) continue;
      node.leaving = false;
      pool.free.update(node);
      this.world.journal.node(node);
    }
  }

  private giveUp(pool: Pool, code: string): void {
    this.keepAll(pool);
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
    pool.allocationTime = this.world.clock.now();
    const size = `${pool.countNodes(true)}+${pool.countNodes(false)} nodes`;
    pool.events.add(pool.allocationTime, `${pool.id}: ${pool.allocationState} -> ${state}, ${size}`);
    pool.allocationState = state;
  }

  private cancel(pool: Pool): void {
    for (const timer of pool.resizeTimers) timer.cancel();
    pool.resizeTimers = [];
    pool.retention?.cancel();
    pool.retention = undefined;
  }
}
