/** State and handlers of one cluster. Handlers only change state; `reconcile` does the work, one step at a time. */
import { log, setCurrentDetails } from '@temporalio/workflow';
import { ApplicationFailure } from '@temporalio/common';
import type {
  ClusterInput,
  LeaseAnswer,
  LeaseRequest,
  ReleaseAnswer,
  RenewMessage,
  ResizeRequest,
} from '@windrow/contract';
import { FailureType, slotsPerNode } from '@windrow/contract';
import { judgeCapacity } from './cluster-capacity';
import type { ClusterData, Lease } from './cluster-data';
import { NO_STATUS } from './cluster-data';
import { HolderNews } from './cluster-holders';
import type { Notice } from './cluster-holders';
import * as leases from './cluster-leases';
import { ClusterPool } from './cluster-pool';
import { demandedNodes, desiredNodes, idleTimeoutMs, isAutoscaled, isIdle, SHRINK_MS } from './cluster-size';
import { charge, nextReportAt, usageOf } from './cluster-usage';
import { clusterRow, describeCluster } from './cluster-view';
import { control, rows } from './proxies';

export class ClusterEntity {
  /** Set by handlers and by the watch; cleared by `reconcile`. */
  dirty = true;
  private readonly pool: ClusterPool;
  private readonly news: HolderNews;
  private granted: Lease[] = [];
  private lastRow = '';

  constructor(
    private readonly input: ClusterInput,
    readonly data: ClusterData,
  ) {
    const change = () => {
      this.dirty = true;
    };
    this.news = new HolderNews(input.cluster);
    this.pool = new ClusterPool(input, data, { beforeChange: () => this.count(), change });
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
    this.count();
    leases.enqueue(this.data, asked, Date.now());
    const granted = leases.balance(this.data, Date.now());
    // The caller hears of its own grant by the answer; anybody else whose slots changed is signalled.
    this.granted.push(...granted.filter((lease) => lease.leaseId !== asked.leaseId));
    this.dirty = true;
    return leases.answerFor(this.data, asked.leaseId, this.pool.id);
  }

  release(leaseId: string): ReleaseAnswer {
    this.count();
    // The claim of an ephemeral pool may have been lost on its way while the pool was made: it is over all the same.
    if (this.input.ephemeral) this.data.claimed = true;
    const lease = this.data.leases.find((held) => held.leaseId === leaseId);
    if (leases.release(this.data, leaseId) || this.input.ephemeral) this.dirty = true;
    const usage = lease && usageOf(lease, Date.now());
    return usage ? { usage } : {};
  }

  renew({ leaseId, slots, held }: RenewMessage): void {
    this.count();
    leases.renew(this.data, leaseId, Date.now(), { needed: slots, held });
    if (slots !== undefined || held !== undefined) this.dirty = true;
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

  /** The workspace has nodes again: what was refused is asked for at once. */
  nodesFreed(): void {
    if (this.data.waiting?.code !== 'WorkspaceQuota') return;
    this.data.retryAt = Date.now();
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
    const grants = [...new Set(this.granted)].map((lease) => ({
      holder: lease.holder,
      answer: leases.answerFor(this.data, lease.leaseId, this.pool.id),
    }));
    this.granted = [];
    return grants;
  }

  takeNews(): Notice[] {
    return this.news.take(this.data);
  }

  async reconcile(): Promise<void> {
    this.dirty = false;
    const now = Date.now();
    const { data } = this;
    this.count();
    for (const leaseId of leases.expire(data, now)) log.warn('lease expired: nobody renewed it', { leaseId });
    this.granted.push(...leases.balance(data, now));
    if (data.leases.length > 0) delete data.idleSince;
    else data.idleSince ??= now;
    if (this.finished()) return;
    judgeCapacity(data, now);
    await this.fitPool(now);
    this.noteStart(now);
    this.pool.startWatching();
    await this.publish();
  }

  msUntilNextCheck(): number {
    const { data } = this;
    const now = Date.now();
    const idleEnd = data.idleSince === undefined ? undefined : data.idleSince + idleTimeoutMs(data);
    const shrinks = isAutoscaled(data) || demandedNodes(data) < (data.target ?? 0);
    const times = [
      leases.nextExpiry(data),
      data.retryAt,
      data.watchAgainAt,
      nextReportAt(data, this.input.ephemeral),
      shrinks ? (idleEnd ?? data.sizedAt + SHRINK_MS) : undefined,
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
    return this.data.leases.length > 0 ? 'next lease expiry, or report of usage' : 'idle: next check of the size';
  }

  stopWatching(): void {
    this.pool.stopWatching();
  }

  async tearDown(): Promise<void> {
    this.stopWatching();
    setCurrentDetails('Deleting the pool.');
    if (!this.input.keepPool) await this.pool.delete();
    if (!this.input.ephemeral)
      await control.removeCluster({ workspace: this.input.workspace, cluster: this.input.cluster });
  }

  // ---- steps of reconcile

  private async fitPool(now: number): Promise<void> {
    const { data, input } = this;
    if (this.isForgotten(now)) {
      await this.pool.delete();
      this.forgetPool();
      return;
    }
    const autoscaled = isAutoscaled(data) && !data.broken;
    const desired = autoscaled ? (data.target ?? 0) : desiredNodes(data, now);
    const due = data.retryAt !== undefined && data.retryAt <= now;
    const held = data.retryAt !== undefined && !due;
    // Nothing is made only to be empty: not for a claim that has not arrived, not behind a refusal.
    const wanted = autoscaled ? data.leases.length > 0 || (data.template.nodes.min ?? 0) > 0 : desired > 0;
    const needless = data.target === undefined && !wanted && (input.ephemeral || data.broken || autoscaled);
    const asked = JSON.stringify(this.pool.targetsFor(desired));
    const differs = data.target === undefined || asked !== JSON.stringify(data.asked);
    if (!held && !needless && (differs || due)) await this.pool.size(desired);
  }

  /** A formula may want nodes for ever: an idle cluster that needs none gives up its pool, and makes it anew. */
  private isForgotten(now: number): boolean {
    const { data, input } = this;
    if (!isAutoscaled(data) || input.ephemeral || data.target === undefined) return false;
    return data.leases.length === 0 && (data.template.nodes.min ?? 0) === 0 && isIdle(data, now);
  }

  private forgetPool(): void {
    const { data } = this;
    this.count();
    delete data.target;
    delete data.asked;
    delete data.waiting;
    delete data.retryAt;
    data.status = NO_STATUS;
  }

  private noteStart(now: number): void {
    const { data } = this;
    const starts =
      data.status.usable === 0 && ((data.target ?? 0) > 0 || (isAutoscaled(data) && data.leases.length > 0));
    if (starts) data.noneSince ??= now;
    else delete data.noneSince;
  }

  /** Time of nodes is counted before anything changes that decides who pays for it. */
  private count(): void {
    charge(this.data, Date.now(), this.input.ephemeral);
  }

  private async publish(): Promise<void> {
    setCurrentDetails(describeCluster(this.input, this.data));
    if (this.input.ephemeral) return;
    const row = clusterRow(this.input, this.data, this.pool.id);
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
