import type { ComputeNode } from '../nodes/node';
import { setNodeState } from '../nodes/node-state';
import type { World } from '../world';

/** The pool's packages come onto a node before its start task; a node that cannot have them is unusable. */
export function withPoolPackages(world: World, node: ComputeNode, next: () => void): void {
  node.packageFailure = undefined;
  if ((node.pool.spec.applicationPackageReferences ?? []).length === 0) return next();
  const { life } = node;
  node.startRun = world.runnerOf(node.pool).installPackages(node, ({ failure }) => {
    if (node.life !== life) return;
    node.startRun = undefined;
    if (!failure) return next();
    node.packageFailure = failure;
    setNodeState(world, node, 'unusable');
  });
}
