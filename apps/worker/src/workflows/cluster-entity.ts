/** State and handlers of one cluster. Handlers only change state; `reconcile` does the work, one step at a time. */
import { CancellationScope, isCancellation, log, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import { ApplicationFailure } from '@temporalio/common';
import type {
  ClusterInput,
  ClusterStatusMessage,
  LeaseAnswer,
  LeaseRequest,
  RenewMessage,
  ResizeRequest,
} from '@windrow/contract';
import { FailureType, poolIdOf, slotsPerNode } from '@windrow/contract';
import { judgeCapacity, waitForPool } from './cluster-capacity';
import { clusterRow, describeCluster, statusMessage } from './cluster-view';
import type { ClusterData, Lease } from './cluster-state';
import * as state from './cluster-state';
import type { SizeAnswer } from '../activities/pool-types';
import { failureType, jobError } from './job-error';
import { control, rows, watch } from './proxies';

const DEFAULT_IDLE_MS = 5 * 60_000;
const AGAIN_MS = 30_000;
const MAX_TOLD = 40;

export class ClusterEntity {
  /** Set by handlers and by the watch; cleared by `reconcile`. */
  dirty = true;
  private readonly poolId: string;
  private granted: Lease[] = [];
  private watching: CancellationScope | undefined;
  /** What each holder of a lease was told last, and how often it was told something. */
  private readonly told = new Map<string, { text: string; times: number }>();
  private lastRow = '';

  constructor(
    private readonly input: ClusterInput,
    readonly data: ClusterData,
  ) {
    this.poolId = poolIdOf(input.cluster, input.uid);
  }

  // ---- handlers

  checkAcquire(asked: LeaseRequest): void {
    const perNode = slotsPerNode(this.data.template);
    if (this.data.deleting) this.refuse(`is being deleted and takes no more jobs. Submit to another cluster.`);
    if (this.data.broken) this.refuse(`has stopped scaling: ${this.data.broken.message}. Resize it to try again.`);
    const { minSlots, nodesPerTask = 1 } = asked;
    const { max } = this.data.template.nodes;
    if (nodesPerTask > max) {
      this.refuse(`has at most ${max} nodes, and a task asks for ${nodesPerTask}. Lower task.instances.`);
    }
    if (minSlots > perNode * nodesPerTask) {
      const asks = minSlots / nodesPerTask;
      this.refuse(`has ${perNode} slots a node, and a task asks for ${asks}. Lower task.requiredSlots.`);
    }
  }

  acquire(asked: LeaseRequest): LeaseAnswer {
    state.enqueue(this.data, asked, Date.now());
    const granted = state.grantQueued(this.data, Date.now());
    // The caller hears of its own grant by the answer; anybody else who moved up is signalled.
    this.granted.push(...granted.filter((lease) => lease.leaseId !== asked.leaseId));
    this.dirty = true;
    return state.answerFor(this.data, asked.leaseId, this.poolId);
  }

  release(leaseId: string): void {
    // The claim of an ephemeral pool may have been lost on its way while the pool was made: it is over all the same.
    if (this.input.ephemeral) this.data.claimed = true;
    if (state.release(this.data, leaseId) || this.input.ephemeral) this.dirty = true;
  }

  renew({ leaseId, slots }: RenewMessage): void {
    state.renew(this.data, leaseId, Date.now(), slots);
    if (slots !== undefined) this.dirty = true;
  }

  checkResize({ min, max }: ResizeRequest): void {
    if (this.data.deleting) this.refuse('is being deleted.');
    if (!(Number.isInteger(min) && Number.isInteger(max) && min >= 0 && max >= 1 && min <= max)) {
      this.refuse(`cannot have between ${min} and ${max} nodes: 0 <= min <= max and max >= 1 are required.`);
    }
  }

  resize({ min, max }: ResizeRequest): void {
    this.data.template = { ...this.data.template, nodes: { ...this.data.template.nodes, min, max } };
    // A person resizes to try again: the breaker and the back-off start anew.
    delete this.data.broken;
    delete this.data.retryAt;
    this.data.idleSince = 0;
    this.dirty = true;
  }

  checkDelete(): void {
    const jobs = [...this.data.leases, ...this.data.queue].map((entry) => entry.job);
    if (jobs.length === 0) return;
    const names = jobs.slice(0, 5).join(', ');
    this.refuse(`is in use by ${names}. Cancel these jobs or wait for their end, then delete again.`);
  }

  /** From here on nothing is granted; the main loop ends, and with it the pool. */
  requestDelete(): void {
    this.data.deleting = true;
    this.dirty = true;
  }

  // ---- main loop

  finished(): boolean {
    if (this.data.deleting) return true;
    return this.input.ephemeral && this.data.claimed && this.data.leases.length === 0 && this.data.queue.length === 0;
  }

  takeGrants(): { holder: string; answer: LeaseAnswer }[] {
    const grants = this.granted.map((lease) => ({
      holder: lease.holder,
      answer: state.answerFor(this.data, lease.leaseId, this.poolId),
    }));
    this.granted = [];
    return grants;
  }

  /**
   * What holders of leases are to be told. Each signal costs a job some events of its history: it hears of turns, not
   * of every node that comes or goes, and of a limited number of them.
   */
  takeStatus(): { holders: string[]; message: ClusterStatusMessage } {
    const message = statusMessage(this.data);
    const { nodes, waiting, broken } = message;
    const text = JSON.stringify([waiting?.code, broken, nodes.target, nodes.usable > 0, nodes.usable >= nodes.target]);
    const present = this.data.leases.map((lease) => lease.holder);
    for (const holder of this.told.keys()) if (!present.includes(holder)) this.told.delete(holder);
    const holders = present.filter((holder) => {
      const before = this.told.get(holder);
      return before?.text !== text && ((before?.times ?? 0) < MAX_TOLD || broken !== undefined);
    });
    for (const holder of holders) this.told.set(holder, { text, times: (this.told.get(holder)?.times ?? 0) + 1 });
    return { holders, message };
  }

  async reconcile(): Promise<void> {
    this.dirty = false;
    const now = Date.now();
    for (const leaseId of state.expire(this.data, now)) log.warn('lease expired: nobody renewed it', { leaseId });
    this.granted.push(...state.grantQueued(this.data, now));
    if (this.data.leases.length > 0) delete this.data.idleSince;
    else this.data.idleSince ??= now;
    if (this.finished()) return;
    judgeCapacity(this.data, now);
    const desired = state.desiredNodes(this.data, now, DEFAULT_IDLE_MS);
    const due = this.data.retryAt !== undefined && this.data.retryAt <= now;
    const held = this.data.retryAt !== undefined && !due;
    // Nothing is made only to be empty: not for a claim that has not arrived, not behind a refusal.
    const needless = this.data.target === undefined && desired === 0 && (this.input.ephemeral || this.data.broken);
    if (!held && !needless && (desired !== this.data.target || due)) await this.size(desired);
    this.startWatching();
    await this.publish();
  }

  msUntilNextCheck(): number {
    const now = Date.now();
    const idleEnd = this.data.idleSince === undefined ? undefined : this.data.idleSince + DEFAULT_IDLE_MS;
    const shrinks = state.demandedNodes(this.data) < (this.data.target ?? 0);
    const shrinkAt = idleEnd ?? this.data.sizedAt + state.SHRINK_MS;
    const times = [
      state.nextExpiry(this.data),
      this.data.retryAt,
      this.data.watchAgainAt,
      shrinks ? shrinkAt : undefined,
    ];
    // What is due already was looked at a moment ago and changed nothing: only the future is worth waking for.
    const next = Math.min(
      ...times.filter((time) => time !== undefined && time > now).map(Number),
      now + 24 * 3_600_000,
    );
    return next - now;
  }

  sleepReason(): string {
    if (this.data.retryAt !== undefined) return 'next attempt to get nodes';
    return this.data.leases.length > 0 ? 'next lease expiry' : 'idle: next check of the size';
  }

  stopWatching(): void {
    this.watching?.cancel();
    this.watching = undefined;
  }

  async tearDown(): Promise<void> {
    this.stopWatching();
    setCurrentDetails('Deleting the pool.');
    if (!this.input.keepPool)
      await watch.deletePool.executeWithOptions({ summary: `delete pool ${this.poolId}` }, [{ poolId: this.poolId }]);
    if (!this.input.ephemeral)
      await control.removeCluster({ workspace: this.input.workspace, cluster: this.input.cluster });
  }

  // ---- steps of reconcile

  private async size(target: number): Promise<void> {
    this.stopWatching();
    const { data } = this;
    delete data.retryAt;
    data.sizedAt = Date.now();
    try {
      const { resizedAt, refused } = await this.askForSize(target);
      if (refused) {
        waitForPool(data, refused, Date.now());
        return;
      }
      if (resizedAt !== undefined) data.resizedAt = resizedAt;
      data.target = target;
      data.status = { ...data.status, allocationState: 'resizing', errors: [] };
    } catch (error) {
      if (isCancellation(error)) throw error;
      const { code, message } = jobError(error);
      log.error('the pool could not be sized', { target, code, message });
      // Nodes that cannot be given back now are given back later; the jobs on them are not to blame.
      if (target < (data.target ?? 0)) data.retryAt = Date.now() + AGAIN_MS;
      // Refused for good: an unknown VM size, no right to create pools, a setup program that is not there.
      else data.broken = { code, message: `The pool cannot be had: ${message}` };
      this.dirty = true;
    }
  }

  private askForSize(target: number): Promise<SizeAnswer> {
    const { input, data, poolId } = this;
    return control.sizePool.executeWithOptions({ summary: `pool ${poolId} to ${target} nodes` }, [
      { input, template: data.template, poolId, vmSize: data.vmSize, target, workflowId: workflowInfo().workflowId },
    ]);
  }

  private startWatching(): void {
    const { data } = this;
    if (this.watching || data.target === undefined) return;
    if (data.watchAgainAt !== undefined && data.watchAgainAt > Date.now()) return;
    delete data.watchAgainAt;
    if (data.target === 0 && data.status.allocationState === 'steady' && data.status.current === 0) return;
    const scope = new CancellationScope();
    this.watching = scope;
    void scope
      .run(async () => {
        const status = await watch.watchPool.executeWithOptions({ summary: `watch pool ${this.poolId}` }, [
          {
            poolId: this.poolId,
            known: data.status,
            target: data.target ?? 0,
            ...(data.resizedAt !== undefined && { resizedAt: data.resizedAt }),
          },
        ]);
        if (this.watching !== scope) return;
        this.watching = undefined;
        data.status = status;
        if (state.tripsBreaker(data)) await this.trip();
        this.dirty = true;
      })
      .catch((error: unknown) => {
        if (this.watching !== scope) return;
        this.watching = undefined;
        if (isCancellation(error)) return;
        log.error('pool watch failed', { error: String(error) });
        // Somebody deleted the pool: it is created again. Anything else is looked at again after a while.
        if (failureType(error) === FailureType.notFound) delete data.target;
        else data.watchAgainAt = Date.now() + AGAIN_MS;
        this.dirty = true;
      });
  }

  private async trip(): Promise<void> {
    const { poolId } = this;
    try {
      this.data.broken = await control.diagnosePool({ poolId });
    } catch (error) {
      if (isCancellation(error)) throw error;
      const message = `No node of pool ${poolId} became usable, and why could not be read: ${jobError(error).message}`;
      this.data.broken = { code: 'NodesUnusable', message };
    }
    log.error('breaker: no node of the pool became usable', { ...this.data.broken });
  }

  private async publish(): Promise<void> {
    setCurrentDetails(describeCluster(this.input, this.data));
    if (this.input.ephemeral) return;
    const row = clusterRow(this.input, this.data, this.poolId);
    const text = JSON.stringify({ ...row, updatedTime: '' });
    if (text === this.lastRow) return;
    try {
      await rows.putClusterRow(row);
      this.lastRow = text;
    } catch (error) {
      // The next pass of the loop writes it; pools and jobs must not wait for the read model.
      log.warn('catalogue row not written', { error: String(error) });
    }
  }

  private refuse(reason: string): never {
    throw ApplicationFailure.nonRetryable(`Cluster ${this.input.cluster} ${reason}`, FailureType.clusterRefused);
  }
}
