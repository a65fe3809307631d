import type { Pool } from './pool';
import { coresOf } from './vm-sizes';
import type { World } from './world';

/** Cores that the account may use at a time. */
export interface Quotas {
  dedicatedCores: number;
  lowPriorityCores: number;
}

/** More than any test needs: who wants to meet a limit sets one. */
export const DEFAULT_QUOTAS: Quotas = { dedicatedCores: 1_000_000, lowPriorityCores: 1_000_000 };

/** How many more nodes of the pool's size the account may have. */
export function nodesLeft({ pools, quotas }: World, pool: Pool, dedicated: boolean): number {
  let cores = dedicated ? quotas.dedicatedCores : quotas.lowPriorityCores;
  for (const other of pools.values()) cores -= other.countNodes(dedicated) * coresOf(other.spec.vmSize);
  return Math.max(0, Math.floor(cores / coresOf(pool.spec.vmSize)));
}
