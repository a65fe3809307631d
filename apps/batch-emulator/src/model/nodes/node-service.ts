import { batchError } from '../../errors';
import type { ComputeNode } from './node';
import type { Pool } from '../pools/pool';

/** Rules of the node operations. */
export class NodeService {
  get(pool: Pool, nodeId: string): ComputeNode {
    const node = pool.nodes.get(nodeId.toLowerCase());
    if (!node) throw batchError('NodeNotFound');
    return node;
  }

  /** Sorted by id, as the service lists them. */
  list(pool: Pool): ComputeNode[] {
    return [...pool.nodes.values()];
  }
}
