import type { Call } from '../http/route';
import type { Model } from '../model';
import type { ComputeNode } from '../model/nodes/node';

/** The node that the path of a request names. */
export function nodeOf(model: Model, { params }: Call): ComputeNode {
  return model.nodes.get(model.pools.get(params['poolId'] ?? ''), params['nodeId'] ?? '');
}
