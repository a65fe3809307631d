import { AWAY, type ComputeNode, type NodeState } from './node';
import type { World } from '../world';

/** Nothing runs on in these. */
const DOWN: ReadonlySet<NodeState> = new Set<NodeState>([...AWAY, 'rebooting', 'reimaging', 'upgradingos']);

/** Sets the state of a node and keeps the pool's index of free slots right. */
export function setNodeState(world: World, node: ComputeNode, state: NodeState): void {
  if (node.state !== state) {
    const now = world.clock.now();
    // Work coming and going is no news, and too frequent.
    if (!atWork(node.state) || !atWork(state)) node.events.add(now, `${node.id}: ${node.state} -> ${state}`);
    node.state = state;
    node.stateTime = now;
    if (DOWN.has(state)) for (const run of node.sideRuns) run.kill();
  }
  node.pool.free.update(node);
}

const atWork = (state: NodeState): boolean => state === 'idle' || state === 'running';

/** After a task came or went: a usable node is running, idle, or offline when scheduling is disabled. */
export function refreshNode(world: World, node: ComputeNode): void {
  if (node.state === 'idle' || node.state === 'running' || node.state === 'offline') {
    const resting = node.schedulingEnabled ? 'idle' : 'offline';
    setNodeState(world, node, node.attempts.size > 0 ? 'running' : resting);
  }
  node.pool.free.update(node);
}
