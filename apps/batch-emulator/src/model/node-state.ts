import type { ComputeNode, NodeState } from './node';
import type { World } from './world';

/** Nothing runs on in these. */
const DOWN: ReadonlySet<NodeState> = new Set([
  'rebooting',
  'reimaging',
  'unusable',
  'leavingpool',
  'preempted',
  'upgradingos',
  'deallocating',
  'deallocated',
]);

/** Sets the state of a node and keeps the pool's index of free slots right. */
export function setNodeState(world: World, node: ComputeNode, state: NodeState): void {
  if (node.state !== state) {
    node.state = state;
    node.stateTime = world.clock.now();
    if (DOWN.has(state)) for (const run of node.sideRuns) run.kill();
  }
  node.pool.free.update(node);
}

/** After a task came or went: a usable node is running, idle, or offline when scheduling is disabled. */
export function refreshNode(world: World, node: ComputeNode): void {
  if (node.state === 'idle' || node.state === 'running' || node.state === 'offline') {
    const resting = node.schedulingEnabled ? 'idle' : 'offline';
    setNodeState(world, node, node.attempts.size > 0 ? 'running' : resting);
  }
  node.pool.free.update(node);
}
