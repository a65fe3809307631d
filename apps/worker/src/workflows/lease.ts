/** The job's claim on slots of a cluster: asked for, held, given back while the job is paused, asked for again. */
import {
  ActivityCancellationType,
  CancellationScope,
  condition,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  workflowInfo,
} from '@temporalio/workflow';
import type { JobInput, JobPlan, LeaseAnswer } from '@windrow/contract';
import { clusterWorkflowId, ephemeralCluster, isClusterReference, slotsPerNode } from '@windrow/contract';
import type { AcquireInput } from '../activities/lease-types';
import { wasCancelled } from './cancelled';
import type { JobControls } from './controls';
import { waitingInQueue } from './cluster-view';
import type { JobRecord } from './job-record';
import { jobError } from './job-error';
import { renewSignal } from './messages';
import { control, watch } from './proxies';

/** What a wave can use. */
export interface SlotNeed {
  tasks: number;
  /** Of the largest task. */
  slotsPerTask: number;
}

interface Surroundings {
  controls: JobControls;
  record: JobRecord;
  /** The renewal of the claim lives in it. */
  scope: CancellationScope;
  /** The cluster is gone, or refuses: the job cannot go on. */
  lost: (reason: string) => void;
}

export class JobLease {
  readonly leaseId: string;
  /** The cluster's workflow. */
  readonly workflowId: string;
  readonly cluster: string;
  /** Known once the cluster has answered. */
  poolId = '';
  /** Granted. */
  slots = 0;
  /** Counts the grants that came of themselves: the cluster has slots to spare, or wants some back. */
  changes = 0;
  /** Number of the grant after which the cluster waits for slots to be given back; 0: it does not. */
  owed = 0;
  /** Nothing is claimed: not yet, or given back by a pause. */
  parked = true;
  private claim: AcquireInput;
  /** The last one told by signal. */
  private grant: LeaseAnswer | undefined;
  /** Number of the grant that `slots` are of. */
  private standing = 0;
  private holding: CancellationScope | undefined;
  private turn: Promise<unknown> = Promise.resolve();
  private asking = false;
  private readonly renewals: Promise<void>[] = [];
  /** A renewal may have claimed by itself. */
  private mayBeClaimed = false;

  constructor(
    input: JobInput,
    private readonly plan: JobPlan,
    private readonly around: Surroundings,
  ) {
    const { pool } = plan;
    this.cluster = isClusterReference(pool) ? pool.cluster : ephemeralCluster(input.uid, input.redrive?.number);
    this.leaseId = input.uid;
    this.workflowId = clusterWorkflowId({ workspace: input.workspace, cluster: this.cluster });
    this.claim = {
      input,
      cluster: this.cluster,
      ...(!isClusterReference(pool) && { template: pool, keepPool: plan.cleanup.pool === 'keep' }),
      request: {
        leaseId: input.uid,
        holder: workflowInfo().workflowId,
        job: input.job,
        slots: 0,
        minSlots: 1,
        priority: 0,
        ...(plan.instances !== undefined && { nodesPerTask: plan.instances }),
        ...(plan.execution.budget && { budget: plan.execution.budget }),
      },
    };
    around.record.row.cluster = this.cluster;
  }

  /** Claims as many slots as `need` can use, and returns when they, or some of them, are granted, however long it takes. */
  acquire(need: SlotNeed, { idle = false } = {}): Promise<void> {
    return this.inTurn(() => this.ask(need, idle));
  }

  /**
   * For a pause in which nothing runs: slots of a named cluster go back to it, and are queued for again. A pool of the
   * job's own stays, without demand, since it ends with its only lease.
   */
  park(): Promise<void> {
    return this.inTurn(async () => {
      if (this.parked) return;
      this.letGo();
      if (this.claim.template) await this.wantNothing();
      else await this.release();
      this.parked = true;
    });
  }

  /**
   * The cluster's signal: ends the wait for a grant; later on it brings slots that nobody else wants, or tells to keep
   * to fewer of them, because others wait.
   */
  granted(answer: LeaseAnswer): void {
    if (numberOf(answer) <= Math.max(this.standing, this.grant ? numberOf(this.grant) : 0)) return;
    this.grant = answer;
    if (this.parked || this.asking) return;
    this.take(answer, false);
    this.changes += 1;
  }

  /** Slots that tasks may still hold are owed: the cluster waits for a report that names its last grant. */
  private take(answer: LeaseAnswer, idle: boolean): void {
    const owes = !idle && (answer.slots < this.slots || this.owed !== 0);
    this.slots = answer.slots;
    this.standing = numberOf(answer);
    this.owed = owes ? this.standing : 0;
  }

  /** All that was owed after this grant is given back. */
  settled(grant: number): void {
    if (this.owed === grant) this.owed = 0;
  }

  private async ask(need: SlotNeed, idle: boolean): Promise<void> {
    this.asking = true;
    try {
      await this.claimFor(need, idle);
    } finally {
      this.asking = false;
    }
  }

  private async claimFor({ tasks, slotsPerTask }: SlotNeed, idle: boolean): Promise<void> {
    const { maxParallelTasks = Infinity } = this.around.controls.execution;
    const { pool } = this.plan;
    const most = isClusterReference(pool) ? Infinity : pool.nodes.max * slotsPerNode(pool);
    const slots = Math.min(most, Math.min(tasks, maxParallelTasks) * slotsPerTask);
    const { priority } = this.around.controls;
    const { usage: used } = this.around.record.row;
    const changed = { slots, minSlots: slotsPerTask, priority, ...(used && { used }) };
    this.claim = { ...this.claim, request: { ...this.claim.request, ...changed } };
    if (this.parked) this.letGo();
    this.parked = false;
    this.grant = undefined;
    let answer = await this.send(idle);
    if (answer.state === 'granted' && answer.slots < slotsPerTask && !this.claim.template) {
      // What is held cannot take a task of the larger size: back to the queue, for enough.
      await this.release();
      answer = await this.send(true);
    }
    this.poolId = answer.poolId;
    if (answer.state === 'queued') answer = await this.waitInQueue(answer);
    // A signal may have overtaken the answer: the cluster had second thoughts, and waits for ours.
    const told = this.grant as LeaseAnswer | undefined;
    this.take(answer, idle);
    if (told && numberOf(told) > this.standing) this.take(told, false);
    if (!this.holding) this.hold(this.claim);
  }

  private send(idle: boolean): Promise<LeaseAnswer> {
    const { request } = this.claim;
    const options = {
      summary: `claim ${request.slots} slots of ${this.cluster}`,
      // A claim that came after the release would start a pool that nobody ends.
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    };
    return control.acquireLease.executeWithOptions(options, [{ ...this.claim, request: { ...request, idle } }]);
  }

  private async waitInQueue({ position }: LeaseAnswer): Promise<LeaseAnswer> {
    const { record } = this.around;
    this.slots = 0;
    // As the cluster's own reason, so that what it says later of the place in the queue takes its place.
    await record.waitFor('cluster', waitingInQueue(this.cluster, position, Date.now()));
    this.hold(this.claim);
    try {
      await condition(() => this.grant !== undefined);
      return this.grant!;
    } finally {
      await record.waitFor('cluster', undefined);
    }
  }

  private async wantNothing(): Promise<void> {
    this.hold({ ...this.claim, request: { ...this.claim.request, slots: 0 } });
    try {
      await getExternalWorkflowHandle(this.workflowId).signal(renewSignal, { leaseId: this.leaseId, slots: 0 });
    } catch (error) {
      if (isCancellation(error)) throw error;
      // A pool that has ended wants nothing either; the next claim starts it again.
      log.warn('the pool could not be told of the pause', { error: String(error) });
    }
  }

  /** What was used so far goes along with the next claim, so that a budget does not begin anew. */
  private async release(): Promise<void> {
    const summary = `give back the slots of ${this.cluster}`;
    const { workflowId, leaseId } = this;
    const { usage } = await control.releaseLease.executeWithOptions({ summary }, [{ workflowId, leaseId }]);
    if (usage) this.around.record.row.usage = usage;
  }

  /** Keeps the claim alive, beside the phases. */
  private hold(claim: AcquireInput): void {
    this.letGo();
    const { scope, lost } = this.around;
    const summary = `renew the lease on ${this.cluster}`;
    // Waited for in `settle` only.
    const options = { summary, cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED };
    const renewal = scope.run(async () => {
      const holding = new CancellationScope();
      this.holding = holding;
      try {
        const { claimed } = await holding.run(() => watch.renewLease.executeWithOptions(options, [claim]));
        this.mayBeClaimed ||= claimed;
      } catch (error) {
        this.mayBeClaimed = true;
        if (wasCancelled(error, holding)) return;
        log.error('lease is no longer renewed', { error: String(error) });
        lost(jobError(error).message);
      }
    });
    this.renewals.push(renewal);
  }

  /**
   * After the release, when nothing is renewed any more: a renewal that took the lease for lost may have claimed anew
   * what was just given back, and would have brought back a pool that nobody wants.
   */
  async settle(): Promise<void> {
    await Promise.allSettled(this.renewals);
    if (!this.mayBeClaimed) return;
    try {
      await this.release();
    } catch (error) {
      // The job is over; the lease expires.
      log.error('a late claim could not be given back', { error: String(error) });
    }
  }

  private letGo(): void {
    this.holding?.cancel();
    this.holding = undefined;
  }

  /** One after the other: what is given back must not overtake what is asked for. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }
}

function numberOf({ grant = 0 }: LeaseAnswer): number {
  return grant;
}
