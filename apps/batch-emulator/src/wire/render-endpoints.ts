import { isWindows } from '../model/defaults';
import type { ComputeNode } from '../model/nodes/node';
import { isObject, type JsonObject } from '../util/json';

/** "BatchInboundNatPool", checked when it came. */
interface NatPool {
  name: string;
  protocol: string;
  backendPort: number;
  frontendPortRangeStart: number;
}

/** All nodes share one public address; ports tell them apart. */
export const PUBLIC_ADDRESS = '127.0.0.1';
const FIRST_PORT = 50_000;

export function remoteLoginPort(node: ComputeNode): number {
  return FIRST_PORT + node.index;
}

/** Remote login always, and what the pool's inbound NAT pools ask for. */
export function renderEndpoints(node: ComputeNode): JsonObject {
  const login = endpoint(`SSHRule.${node.index}`, 'tcp', remoteLoginPort(node), isWindows(node.pool.spec) ? 3389 : 22);
  const asked = natPools(node).map(({ name, protocol, frontendPortRangeStart, backendPort }) =>
    endpoint(`${name}.${node.index}`, protocol, frontendPortRangeStart + node.index, backendPort),
  );
  return { inboundEndpoints: [login, ...asked] };
}

function endpoint(name: string, protocol: string, frontendPort: number, backendPort: number): JsonObject {
  return { name, protocol, publicIPAddress: PUBLIC_ADDRESS, publicFQDN: 'localhost', frontendPort, backendPort };
}

function natPools(node: ComputeNode): NatPool[] {
  const configuration = node.pool.spec.networkConfiguration?.['endpointConfiguration'];
  const pools = isObject(configuration) ? configuration['inboundNATPools'] : undefined;
  return Array.isArray(pools) ? (pools as unknown as NatPool[]) : [];
}
