/** The steps of a cluster that touch its Batch pool: size it, watch it, say what is wrong with it, delete it. */
import { CancellationScope, isCancellation, log, workflowInfo } from '@temporalio/workflow';
import type { ClusterInput } from '@windrow/contract';
import { clusterBroken, FailureType, poolIdOf } from '@windrow/contract';
import type { PoolStatus, SizeAnswer } from '../activities/pool-types';
import { STILL, waitForPool, waitForQuota } from './cluster-capacity';
import { announce } from './announce';
import type { ClusterData } from './cluster-data';
import { isAutoscaled, splitNodes, tripsBreaker } from './cluster-size';
import { failureType, jobError } from './job-error';
import { control, watch } from './proxies';

const AGAIN_MS = 30_000;

export class ClusterPool {
  readonly id: string;
  private watching: CancellationScope | undefined;
  private sizing = false;
  /** Nodes given back must not overtake those that are asked for. */
  private giving: Promise<void> | undefined;

  constructor(
    private readonly input: ClusterInput,
    private readonly data: ClusterData,
    /** Called before the number of nodes that the cluster knows of changes, and when there is something to do. */
    private readonly on: { beforeChange: () => void; change: () => void },
  ) {
    this.id = poolIdOf(input.cluster, input.uid);
  }

  /** What is to be asked of Batch for `target` nodes. A broken cluster is sized by us, to nothing. */
  targetsFor(target: number): NonNullable<ClusterData['asked']> {
    const { data } = this;
    if (isAutoscaled(data) && !data.broken) return 'formula';
    return splitNodes(target, data.template.nodes, data.standIns);
  }

  async size(target: number): Promise<void> {
    this.stopWatching();
    const { data } = this;
    delete data.retryAt;
    data.sizedAt = Date.now();
    this.noteKick();
    const targets = this.targetsFor(target);
    this.sizing = true;
    try {
      if (this.giving) await this.giving.catch(() => undefined);
      const { resizedAt, refused, price, held, given } = await this.ask(target, targets);
      if (held === undefined) delete data.held;
      else data.held = held;
      if (refused && given) waitForQuota(data, refused, Date.now());
      else if (data.waiting?.code === 'WorkspaceQuota') delete data.waiting;
      if (refused && !given) {
        waitForPool(data, refused, Date.now());
        return;
      }
      if (resizedAt !== undefined) data.resizedAt = resizedAt;
      if (price) data.price = price;
      else delete data.price;
      const size = given ? given.dedicated + given.spot : target;
      data.target = targets === 'formula' ? (data.target ?? 0) : size;
      data.asked = targets;
      const { formulaError: _error, stuck: _stuck, shortSince: _short, ...status } = data.status;
      data.status = { ...status, allocationState: 'resizing', errors: [] };
    } catch (error) {
      if (isCancellation(error)) throw error;
      const { code, message } = jobError(error);
      log.error('the pool could not be sized', { target, code, message });
      // Nodes that cannot be given back now are given back later; the jobs on them are not to blame.
      if (target < (data.target ?? 0)) data.retryAt = Date.now() + AGAIN_MS;
      // Refused for good: an unknown VM size, a wrong formula, no right to create pools, no setup program.
      else {
        data.broken = { code, message: `The pool cannot be had: ${message}` };
        await this.tellBroken();
      }
      this.on.change();
    } finally {
      this.sizing = false;
      delete data.kick;
    }
  }

  private noteKick(): void {
    const { data } = this;
    if (!data.kick) return;
    const reason = STILL[data.kick];
    log.warn('the pool is pushed on', { pool: this.id, reason });
    data.kicked = { times: (data.kicked?.times ?? 0) + 1, reason, time: new Date().toISOString() };
  }

  private ask(target: number, targets: NonNullable<ClusterData['asked']>): Promise<SizeAnswer> {
    const { input, data, id } = this;
    const size = targets === 'formula' ? 'its formula' : `${target} nodes`;
    const { workflowId } = workflowInfo();
    const { template, vmSize } = data;
    return control.sizePool.executeWithOptions({ summary: `pool ${id} to ${size}` }, [
      { input, template, poolId: id, vmSize, targets, workflowId, kick: data.kick !== undefined },
    ]);
  }

  startWatching(): void {
    const { data } = this;
    if (this.watching || data.target === undefined) return;
    if (data.watchAgainAt !== undefined && data.watchAgainAt > Date.now()) return;
    delete data.watchAgainAt;
    const empty = data.target === 0 && data.status.allocationState === 'steady' && data.status.current === 0;
    if (empty && data.asked !== 'formula') return;
    const scope = new CancellationScope();
    this.watching = scope;
    void scope
      .run(async () => {
        const status = await this.nextStatus();
        if (this.watching !== scope) return;
        this.watching = undefined;
        await this.take(status);
        this.on.change();
      })
      .catch((error: unknown) => {
        if (this.watching !== scope) return;
        this.watching = undefined;
        if (isCancellation(error)) return;
        log.error('pool watch failed', { error: String(error) });
        // Somebody deleted the pool: it is created again. Anything else is looked at again after a while.
        if (failureType(error) === FailureType.notFound) delete data.target;
        else data.watchAgainAt = Date.now() + AGAIN_MS;
        this.on.change();
      });
  }

  private nextStatus(): Promise<PoolStatus> {
    const { data, id } = this;
    return watch.watchPool.executeWithOptions({ summary: `watch pool ${id}` }, [
      {
        poolId: id,
        known: data.status,
        target: data.target ?? 0,
        ...(data.resizedAt !== undefined && { resizedAt: data.resizedAt }),
      },
    ]);
  }

  private async take(status: PoolStatus): Promise<void> {
    const { data } = this;
    this.on.beforeChange();
    data.status = status;
    if (data.asked === 'formula') data.target = status.dedicated.target + status.spot.target;
    if (tripsBreaker(data)) await this.trip();
    await this.giveBack(Math.max(status.current, data.target ?? 0));
  }

  /** Nodes that are gone, and not wanted again, are free for others of the workspace. */
  private async giveBack(nodes: number): Promise<void> {
    const { data, input } = this;
    // A size that is being asked for says itself what it needs.
    if (this.sizing || data.held === undefined || nodes >= data.held) return;
    data.held = nodes;
    const held = { workspace: input.workspace, holder: workflowInfo().workflowId, poolId: this.id, nodes };
    const summary = `keep ${nodes} nodes of the workspace's quota`;
    this.giving = CancellationScope.nonCancellable(() => control.giveNodesBack.executeWithOptions({ summary }, [held]));
    await this.giving;
  }

  stopWatching(): void {
    this.watching?.cancel();
    this.watching = undefined;
  }

  async delete(): Promise<void> {
    this.stopWatching();
    await watch.deletePool.executeWithOptions({ summary: `delete pool ${this.id}` }, [{ poolId: this.id }]);
    await this.giveBack(0);
  }

  private async trip(): Promise<void> {
    const { id: poolId } = this;
    try {
      this.data.broken = await control.diagnosePool({ poolId });
    } catch (error) {
      if (isCancellation(error)) throw error;
      const message = `No node of pool ${poolId} became usable, and why could not be read: ${jobError(error).message}`;
      this.data.broken = { code: 'NodesUnusable', message };
    }
    log.error('breaker: no node of the pool became usable', { ...this.data.broken });
    await this.tellBroken();
  }

  /** A pool of a job's own is told of by the end of its job. */
  private async tellBroken(): Promise<void> {
    const { broken } = this.data;
    if (broken && !this.input.ephemeral) await announce(clusterBroken(this.input, broken, new Date().toISOString()));
  }
}
