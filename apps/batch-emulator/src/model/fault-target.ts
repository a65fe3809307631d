import type { FaultTarget } from '../faults/kinds';
import type { ComputeNode } from './nodes/node';
import type { Pool } from './pools/pool';

/** What an ordered fault may name of a pool. */
export const targetOfPool = (pool: Pool): FaultTarget => ({ poolId: pool.id, vmSize: pool.spec.vmSize });

/** What an ordered fault may name of a node. */
export const targetOfNode = (node: ComputeNode): FaultTarget => ({ ...targetOfPool(node.pool), nodeId: node.id });
