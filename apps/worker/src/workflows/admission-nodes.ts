/** Nodes of a workspace, divided among its clusters and pools. Pure. */
import type { NodesAnswer, NodesRequest } from '@windrow/contract';
import type { AdmissionData } from './admission-queue';

export interface NodeHold {
  /** Workflow of the cluster. */
  holder: string;
  poolId: string;
  nodes: number;
  /** It asked for more than it got. */
  short: boolean;
  since: number;
}

/** Gives as many of the nodes asked for as are free. What is asked for below what is held is given back. */
export function holdNodes(data: AdmissionData, asked: NodesRequest, workspace: string, now: number): NodesAnswer {
  const others = data.nodes.filter(({ holder }) => holder !== asked.holder);
  const held = data.nodes.find(({ holder }) => holder === asked.holder)?.nodes ?? 0;
  const taken = others.reduce((sum, { nodes }) => sum + nodes, 0);
  const { nodes: quota = Infinity } = data.quotas;
  // A quota that was lowered takes no nodes away; there is only no growth until so many are gone.
  const granted = Math.min(asked.nodes, Math.max(held, quota - taken, 0));
  const { holder, poolId, nodes } = asked;
  const short = granted < nodes;
  data.nodes = granted > 0 || short ? [...others, { holder, poolId, nodes: granted, short, since: now }] : others;
  if (!short) return { granted };
  const message = `${taken + granted} of the ${quota} nodes of workspace ${workspace} are in use; this pool has ${granted} of the ${nodes} it needs.`;
  return { granted, message };
}

/** Clusters that could have more nodes than when they asked. */
export function couldGrow(data: AdmissionData): NodeHold[] {
  const { nodes: quota = Infinity } = data.quotas;
  const taken = data.nodes.reduce((sum, { nodes }) => sum + nodes, 0);
  return taken < quota ? data.nodes.filter(({ short }) => short) : [];
}
