/** A pool's part of the nodes that its workspace may have. */
import type { NodesAnswer, NodesRequest } from '@windrow/contract';
import { AdmissionUpdate } from '@windrow/contract';
import { BatchNotFoundError } from '@windrow/batch';
import { askAdmission } from './admission';
import type { ActivityDeps } from './deps';
import type { NodeTargets, Reason, SizeInput } from './pool-types';
import { readQuotas } from './quotas';

export interface NodeShare {
  /** What may be asked of Batch. */
  targets: NodeTargets;
  held: number;
  /** Why it is less than was wanted. */
  refused?: Reason;
}

/**
 * Asked before the pool grows, so that the sum of all never exceeds the quota. Undefined where the workspace has none,
 * and of pools that a formula sizes, which are refused where there is one.
 */
export async function nodeShare(deps: ActivityDeps, size: SizeInput): Promise<NodeShare | undefined> {
  const { targets, workflowId, poolId, input } = size;
  if (targets === 'formula') return undefined;
  const quotas = await readQuotas(deps.storage.resources, input.workspace, deps.defaultQuotas ?? {});
  if (quotas.nodes === undefined) return undefined;
  const wanted = targets.dedicated + targets.spot;
  // Nodes that go finish their tasks first: until then they count.
  const nodes = Math.max(wanted, await present(deps, poolId));
  const request: NodesRequest = { holder: workflowId, poolId, nodes, quotas };
  const { granted, message = '' } = await askAdmission<NodesAnswer, NodesRequest>(
    deps,
    input.workspace,
    AdmissionUpdate.holdNodes,
    request,
  );
  if (granted >= wanted) return { targets, held: granted };
  const refused = { code: 'WorkspaceQuota', message };
  return { targets: within(targets, granted), held: granted, refused };
}

async function present({ batch }: ActivityDeps, poolId: string): Promise<number> {
  try {
    const select = 'id,currentDedicatedNodes,currentLowPriorityNodes,targetDedicatedNodes,targetLowPriorityNodes';
    const pool = await batch.pools.get(poolId, { select });
    const of = (current = 0, target = 0) => Math.max(current, target);
    return (
      of(pool.currentDedicatedNodes, pool.targetDedicatedNodes) +
      of(pool.currentLowPriorityNodes, pool.targetLowPriorityNodes)
    );
  } catch (error) {
    if (error instanceof BatchNotFoundError) return 0;
    throw error;
  }
}

/** So many nodes at most, in about the same proportion. */
export function within({ dedicated, spot }: NodeTargets, most: number): NodeTargets {
  const all = dedicated + spot;
  if (all <= most) return { dedicated, spot };
  const kept = Math.min(spot, Math.round((most * spot) / all));
  return { dedicated: most - kept, spot: kept };
}
