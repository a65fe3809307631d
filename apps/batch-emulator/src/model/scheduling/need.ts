import type { Pool } from '../pools/pool';
import type { Task } from '../tasks/task';

/** What a task needs of nodes; tasks that need the same stand in one line. */
export interface Need {
  /** Of each node. */
  readonly slots: number;
  /** Nodes, all at the same time. */
  readonly instances: number;
  /** "JobManagerTask.runExclusive": nothing else may run on the node. */
  readonly exclusive: boolean;
  /** "JobManagerTask.allowLowPriorityNode" is false. */
  readonly dedicated: boolean;
}

const ONE_SLOT: Need = Object.freeze({ slots: 1, instances: 1, exclusive: false, dedicated: false });

export function needOf(task: Task): Need {
  const manager = task.isManager ? task.job.spec.jobManagerTask : undefined;
  const { multiInstanceSettings } = task.rules;
  if (!manager && !multiInstanceSettings && task.slots === 1) return ONE_SLOT;
  return {
    slots: task.slots,
    instances: multiInstanceSettings?.numberOfInstances ?? 1,
    exclusive: multiInstanceSettings !== undefined || manager?.runExclusive === true,
    dedicated: manager?.allowLowPriorityNode === false,
  };
}

/** Slots it takes of each node of that pool. */
export function slotsIn(pool: Pool, need: Need): number {
  return need.exclusive ? pool.slotsPerNode : need.slots;
}

/**
 * "MultiInstanceSettings": with more than one slot per node, or without inter-node communication, such a task is never
 * scheduled; it stays active.
 */
export function isServable(pool: Pool, task: Task): boolean {
  if (!task.rules.multiInstanceSettings) return true;
  return pool.spec.enableInterNodeCommunication === true && pool.slotsPerNode === 1;
}

export function sameNeed(a: Need, b: Need): boolean {
  return (
    a.slots === b.slots && a.instances === b.instances && a.exclusive === b.exclusive && a.dedicated === b.dedicated
  );
}
