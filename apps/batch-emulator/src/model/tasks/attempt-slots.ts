import { membersOf, type Attempt } from './attempt';
import type { ComputeNode } from '../nodes/node';
import { refreshNode } from '../nodes/node-state';
import type { Task } from './task';
import type { World } from '../world';

/** Takes the slots of an attempt on all its nodes; gives the one on the first, which stands for the whole. */
export function openAttempt(
  world: World,
  task: Task,
  nodes: readonly ComputeNode[],
  slots: number,
): Attempt | undefined {
  const attempts = nodes.map((node): Attempt => ({
    task,
    node,
    slots,
    members: undefined,
    run: undefined,
    limit: undefined,
    timedOut: false,
    abandoned: false,
  }));
  const [first] = attempts;
  if (!first) return undefined;
  if (attempts.length > 1) first.members = attempts;
  task.attempt = first;
  task.job.attempts++;
  for (const attempt of attempts) {
    const { node } = attempt;
    node.attempts.add(attempt);
    node.slotsUsed += slots;
    node.totalTasksRun++;
    refreshNode(world, node);
  }
  return first;
}

/** Gives them back; nobody is told yet. */
export function closeAttempt(attempt: Attempt): void {
  for (const member of membersOf(attempt)) {
    member.node.attempts.delete(member);
    member.node.slotsUsed -= member.slots;
  }
  attempt.task.job.attempts--;
}

/** Tells whoever waits for room, or for the node to run dry. */
export function announceFreed(world: World, node: ComputeNode): void {
  refreshNode(world, node);
  if (node.attempts.size === 0) node.noteEmpty();
  if (node.leaving) world.signals.nodesChanged(node.pool);
  world.signals.poolReady(node.pool.id);
}
