import { createHash, randomBytes } from 'node:crypto';
import type { Executor } from '../scheduling/executor';
import { failureExitCode } from '../failures';
import { targetOfNode } from '../fault-target';
import { ComputeNode, type NodeState } from './node';
import { refreshNode, setNodeState } from './node-state';
import type { Pool } from '../pools/pool';
import { withPoolPackages } from '../pools/pool-packages';
import type { Outcome } from '../runner';
import type { World } from '../world';

/** Nodes from allocation over boot and start task to their end. */
export class NodeLifecycle {
  constructor(
    private readonly world: World,
    private readonly executor: Executor,
  ) {}

  /** Allocates a node; it boots by itself. */
  create(pool: Pool, dedicated: boolean): ComputeNode {
    const id = `tvmps_${createHash('sha256').update(randomBytes(16)).digest('hex')}_${dedicated ? 'd' : 'p'}`;
    const node = new ComputeNode(pool, id, dedicated, pool.nextNodeIndex++, this.world.clock.now());
    pool.nodes.set(id, node);
    this.boot(node, true);
    this.world.journal.node(node);
    return node;
  }

  /** creating (first time only) -> starting -> waitingforstarttask -> idle. */
  boot(node: ComputeNode, isNew: boolean): void {
    const { timing } = this.world;
    node.life++;
    if (isNew) node.disk++;
    const starting = (): void => {
      setNodeState(this.world, node, 'starting');
      this.later(node, timing.starting, () => this.started(node));
    };
    if (!isNew) return starting();
    setNodeState(this.world, node, 'creating');
    this.later(node, timing.creating, starting);
  }

  /** Up again, out of the state in which the node is rebooted or reimaged. */
  restart(node: ComputeNode): void {
    node.life++;
    this.later(node, this.world.timing.rebooting, () => this.started(node));
  }

  /** Down, but still in the pool. */
  turnOff(node: ComputeNode): void {
    node.life++;
    this.later(node, this.world.timing.rebooting, () => {
      setNodeState(this.world, node, 'deallocated');
      this.world.journal.node(node);
    });
  }

  /** Takes everything off the node that was put there; written down, or a restart would bring users and disk back. */
  wipe(node: ComputeNode): void {
    node.disk++;
    node.users.clear();
    this.world.journal.node(node);
    this.world.runnerOf(node.pool).discard(node);
  }

  /** After a restart of the emulator a node is as after the loss of its machine, unless it had none. */
  resume(node: ComputeNode): void {
    if (node.state === 'deallocated') return;
    if (node.state === 'deallocating' || node.state === 'reimaging') this.wipe(node);
    if (node.state === 'deallocating') return this.turnOff(node);
    this.boot(node, false);
  }

  /** Takes the node out of the pool with its files; its tasks have been dealt with. */
  remove(node: ComputeNode): void {
    node.life++;
    node.whenEmpty = undefined;
    node.leaving = true;
    node.startRun?.kill();
    setNodeState(this.world, node, 'leavingpool');
    node.pool.nodes.delete(node.id);
    this.world.runnerOf(node.pool).discard(node);
    this.world.journal.nodeGone(node);
  }

  /** A low-priority node is taken away; its tasks run elsewhere, uncounted, and it comes back after a while. */
  preempt(node: ComputeNode): void {
    this.takeDown(node, 'preempted');
    this.wipe(node);
    this.later(node, this.world.timing.preemption, () => {
      if (!node.leaving) this.boot(node, true);
    });
  }

  /** The service loses contact with a node: its tasks run elsewhere, uncounted. It may come back, as after a reboot. */
  lose(node: ComputeNode, state: 'unknown' | 'unusable', downMs: number | undefined): void {
    this.takeDown(node, state);
    if (downMs === undefined) return;
    this.later(node, downMs, () => {
      if (!node.leaving) this.boot(node, false);
    });
  }

  private takeDown(node: ComputeNode, state: NodeState): void {
    node.life++;
    node.whenEmpty = undefined;
    setNodeState(this.world, node, state);
    node.startRun?.kill();
    this.executor.evict(node, (task) => this.executor.recover(task));
  }

  /** Unless something else has become of the node by then. */
  private later(node: ComputeNode, delayMs: number, step: () => void): void {
    const { life } = node;
    this.world.clock.after(delayMs, () => {
      if (node.life === life) step();
    });
  }

  private started(node: ComputeNode): void {
    if (this.world.faults.take('unusableNode', targetOfNode(node))) return setNodeState(this.world, node, 'unusable');
    node.bootTime = this.world.clock.now();
    withPoolPackages(this.world, node, () => this.runStartTask(node, 0));
    this.world.journal.node(node);
  }

  private runStartTask(node: ComputeNode, attempt: number): void {
    const { startTask } = node.pool.spec;
    node.startTask = startTask;
    if (!startTask) {
      node.startTaskInfo = undefined;
      return this.ready(node);
    }
    const { clock } = this.world;
    const now = clock.now();
    node.startTaskInfo = {
      state: 'running',
      startTime: now,
      retryCount: attempt,
      ...(attempt > 0 && { lastRetryTime: now }),
    };
    const { life } = node;
    const ended = (outcome: Outcome): void => {
      if (node.life === life) this.startTaskEnded(node, attempt, outcome);
    };
    if (startTask.waitForSuccess === false) this.ready(node);
    else setNodeState(this.world, node, 'waitingforstarttask');
    const ordered = this.world.faults.take('startTaskFailure', targetOfNode(node));
    if (ordered) clock.after(0, () => ended({ exitCode: ordered.exitCode ?? 1 }));
    else node.startRun = this.world.runnerOf(node.pool).runStartTask(node, startTask, ended);
  }

  /** "StartTask": retried on a non-zero exit code; with waitForSuccess a failure leaves the node unusable for tasks. */
  private startTaskEnded(node: ComputeNode, attempt: number, outcome: Outcome): void {
    const { startTask, startTaskInfo: info } = node;
    node.startRun = undefined;
    if (!startTask || !info) return;
    const failed = outcome.failure !== undefined || outcome.exitCode !== 0;
    const retries = startTask.maxTaskRetryCount ?? 0;
    if (failed && outcome.failure === undefined && (retries < 0 || attempt < retries)) {
      return this.runStartTask(node, attempt + 1);
    }
    info.state = 'completed';
    info.endTime = this.world.clock.now();
    if (outcome.exitCode !== undefined) info.exitCode = outcome.exitCode;
    const failure = outcome.failure ?? (failed ? failureExitCode : undefined);
    if (failure) info.failure = failure;
    if (startTask.waitForSuccess === false) return;
    if (failed) setNodeState(this.world, node, 'starttaskfailed');
    else this.ready(node);
  }

  private ready(node: ComputeNode): void {
    if (node.state !== 'idle' && node.state !== 'running') setNodeState(this.world, node, 'idle');
    refreshNode(this.world, node);
    this.world.signals.poolReady(node.pool.id);
  }
}
