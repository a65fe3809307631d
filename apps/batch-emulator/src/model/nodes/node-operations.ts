import { batchError, type BatchErrorCode } from '../../errors';
import type { DeallocationOption } from '../../wire/types';
import { evictBy } from '../pools/eviction';
import type { Executor } from '../scheduling/executor';
import type { ComputeNode, NodeState } from './node';
import type { NodeDrain } from './node-drain';
import type { NodeLifecycle } from './node-lifecycle';
import { refreshNode, setNodeState } from './node-state';
import type { World } from '../world';

/** Why a node in such a state takes no operation; `offline` is idle with scheduling disabled, and takes all. */
const REFUSALS: Readonly<Partial<Record<NodeState, BatchErrorCode>>> = {
  creating: 'NodeBeingCreated',
  starting: 'NodeBeingStarted',
  waitingforstarttask: 'NodeBeingStarted',
  rebooting: 'NodeBeingRebooted',
  reimaging: 'NodeBeingReimaged',
  starttaskfailed: 'NodeStateUnusable',
  unusable: 'NodeStateUnusable',
  unknown: 'NodeStateUnusable',
  preempted: 'NodeStateUnusable',
};

/** For operations that a node takes only while it is idle or running. */
export function checkUsable(node: ComputeNode): void {
  const usable = node.state === 'idle' || node.state === 'running' || node.state === 'offline';
  if (!usable || node.leaving) throw refusal(node);
}

/** A node whose start task failed has a machine, but not one that could be booted again. */
function checkBooted({ state }: ComputeNode): void {
  if (state === 'starttaskfailed') throw batchError('OperationNotValidOnNode', { NodeState: state });
}

function refusal(node: ComputeNode): Error {
  return batchError(REFUSALS[node.state] ?? 'OperationNotValidOnNode', { NodeState: node.state });
}

/** Rules of what can be done to a node as a machine. */
export class NodeOperations {
  constructor(
    private readonly world: World,
    private readonly lifecycle: NodeLifecycle,
    private readonly executor: Executor,
    private readonly drain: NodeDrain,
  ) {}

  /** "Compute Node - Reboot": files stay, the start task runs again. */
  reboot(node: ComputeNode, option: DeallocationOption): void {
    checkBooted(node);
    this.take(node, 'rebooting', option, () => this.lifecycle.restart(node));
  }

  /** "Compute Node - Reimage": files and users go, the start task runs again. */
  reimage(node: ComputeNode, option: DeallocationOption): void {
    checkBooted(node);
    this.take(node, 'reimaging', option, () => {
      this.lifecycle.wipe(node);
      this.lifecycle.restart(node);
    });
  }

  /** "Compute Node - Deallocate": the node stays in the pool without its machine, and with it without its files. */
  deallocate(node: ComputeNode, option: DeallocationOption): void {
    this.take(node, 'deallocating', option, () => {
      this.lifecycle.wipe(node);
      this.lifecycle.turnOff(node);
    });
  }

  /** "Compute Node - Start": of one that was deallocated. */
  start(node: ComputeNode): void {
    if (node.state !== 'deallocated' || node.leaving) throw refusal(node);
    this.lifecycle.boot(node, false);
    this.world.journal.node(node);
  }

  /** "Compute Node - Disable Scheduling": no new tasks; what runs is put back, ended, or waited for. */
  disableScheduling(node: ComputeNode, option: DeallocationOption): void {
    if (!node.schedulingEnabled) throw batchError('NodeAlreadyInTargetSchedulingState');
    node.schedulingEnabled = false;
    node.pool.free.update(node);
    evictBy(this.executor, node, option);
    this.schedulingChanged(node);
  }

  /** "Compute Node - Enable Scheduling". */
  enableScheduling(node: ComputeNode): void {
    if (node.schedulingEnabled) throw batchError('NodeAlreadyInTargetSchedulingState');
    node.schedulingEnabled = true;
    this.schedulingChanged(node);
    this.world.signals.poolReady(node.pool.id);
  }

  private schedulingChanged(node: ComputeNode): void {
    refreshNode(this.world, node);
    this.world.journal.node(node);
  }

  /** The state changes at once, the deed follows when the tasks are dealt with. */
  private take(node: ComputeNode, state: NodeState, option: DeallocationOption, deed: () => void): void {
    checkUsable(node);
    node.life++;
    setNodeState(this.world, node, state);
    this.world.journal.node(node);
    this.drain.begin(node, option, () => {
      node.startRun?.kill();
      deed();
    });
  }
}
