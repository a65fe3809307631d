import { batchError } from '../errors';
import type { ComputeNode } from './node';
import type { NodeLifecycle } from './node-lifecycle';
import type { Pool } from './pool';

/** Rules of the node operations. */
export class NodeService {
  constructor(private readonly lifecycle: NodeLifecycle) {}

  get(pool: Pool, nodeId: string): ComputeNode {
    const node = pool.nodes.get(nodeId.toLowerCase());
    if (!node) throw batchError('NodeNotFound');
    return node;
  }

  /** Sorted by id, as the service lists them. */
  list(pool: Pool): ComputeNode[] {
    return [...pool.nodes.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Low-priority nodes taken away on order; without a list all of them. */
  preempt(pool: Pool, nodeIds: readonly string[] | undefined): string[] {
    const chosen = [...pool.nodes.values()].filter(
      (node) => !node.dedicated && !node.leaving && node.state !== 'preempted' && (nodeIds?.includes(node.id) ?? true),
    );
    for (const node of chosen) this.lifecycle.preempt(node);
    return chosen.map((node) => node.id);
  }
}
