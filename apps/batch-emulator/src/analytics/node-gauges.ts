import type { ComputeNode, NodeState } from '../model/nodes/node';
import { coresOf } from '../model/pools/vm-sizes';
import type { World } from '../model/world';

/** Node states in the names of the service's metrics. */
const STATES: Partial<Record<NodeState, string>> = {
  creating: 'CreatingNodeCount',
  starting: 'StartingNodeCount',
  waitingforstarttask: 'WaitingForStartTaskNodeCount',
  starttaskfailed: 'StartTaskFailedNodeCount',
  idle: 'IdleNodeCount',
  offline: 'OfflineNodeCount',
  rebooting: 'RebootingNodeCount',
  reimaging: 'ReimagingNodeCount',
  running: 'RunningNodeCount',
  leavingpool: 'LeavingPoolNodeCount',
  unusable: 'UnusableNodeCount',
  preempted: 'PreemptedNodeCount',
};

/** The metrics of nodes at this moment, counted when asked for ("Microsoft.Batch/batchAccounts"). */
export function nodeGauges(world: World): string {
  const gauges = new Map<string, number>(
    ['CoreCount', 'LowPriorityCoreCount', 'TotalNodeCount', 'TotalLowPriorityNodeCount', ...Object.values(STATES)].map(
      (name) => [name, 0],
    ),
  );
  const add = (name: string | undefined, amount: number): void => {
    if (name !== undefined) gauges.set(name, (gauges.get(name) ?? 0) + amount);
  };
  for (const pool of world.pools.values()) {
    const cores = coresOf(pool.spec.vmSize);
    for (const node of pool.nodes.values()) {
      add(node.dedicated ? 'CoreCount' : 'LowPriorityCoreCount', cores);
      add(node.dedicated ? 'TotalNodeCount' : 'TotalLowPriorityNodeCount', 1);
      add(STATES[stateOf(node)], 1);
    }
  }
  return [...gauges].map(([name, value]) => `# TYPE ${name} gauge\n${name} ${value}\n`).join('');
}

const stateOf = (node: ComputeNode): NodeState => (node.leaving ? 'leavingpool' : node.state);
