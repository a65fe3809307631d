import { placementsOf } from './subtask';
import type { Task } from './task';
import { poolOf, type World } from '../world';

/** Removes what a task left on its nodes. */
export function discardFiles(world: World, task: Task): void {
  for (const { poolId, nodeId } of placementsOf(task)) {
    const pool = poolOf(world, poolId);
    const node = pool?.nodes.get(nodeId);
    if (pool && node) world.runnerOf(pool).discard(node, task.job.id, task.id);
  }
}
