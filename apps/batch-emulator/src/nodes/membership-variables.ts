import { availableParallelism } from 'node:os';
import type { Membership } from '../model/runner';

const MASTER_PORT = 6000;

/**
 * What the commands of a multi-instance task are told about each other ("Multi-instance tasks: environment variables").
 * All nodes are this machine: their addresses are loopback ones, one to a node, so that programs can reach each other.
 */
export function membershipVariables({ nodes, index }: Membership, sharedDirectory: string): Record<string, string> {
  const addresses = nodes.map((node) => loopbackAddress(node.index));
  const cores = availableParallelism();
  return {
    AZ_BATCH_TASK_SHARED_DIR: sharedDirectory,
    AZ_BATCH_HOST_LIST: addresses.join(','),
    AZ_BATCH_NODE_LIST: addresses.join(';'),
    AZ_BATCH_MASTER_NODE: `${addresses[0] ?? ''}:${MASTER_PORT}`,
    AZ_BATCH_IS_CURRENT_NODE_MASTER: String(index === 0),
    CCP_NODES: `${nodes.length} ${addresses.map((address) => `${address} ${cores}`).join(' ')}`,
  };
}

/** Ends as the node's address in its pool does. */
function loopbackAddress(nodeIndex: number): string {
  const host = nodeIndex + 4;
  return `127.${(host >> 16) & 255}.${(host >> 8) & 255}.${host & 255}`;
}
