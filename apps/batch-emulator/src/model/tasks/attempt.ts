import type { Timer } from '../../util/timer-heap';
import type { ComputeNode } from '../nodes/node';
import type { Run } from '../runner';
import type { Task } from './task';

/** One run of a task on a node. It outlives the task's state when the process still has to die. */
export interface Attempt {
  readonly task: Task;
  readonly node: ComputeNode;
  readonly slots: number;
  /** Of a multi-instance task: this one and those on the other nodes, which begin and end with it. */
  members: readonly Attempt[] | undefined;
  run: Run | undefined;
  limit: Timer | undefined;
  /** The time limit struck: the end of the run completes the task as ended. */
  timedOut: boolean;
  /** The task went its own way (terminated, requeued, deleted): the end of the run only frees the slots. */
  abandoned: boolean;
}

export function membersOf(attempt: Attempt): readonly Attempt[] {
  return attempt.members ?? [attempt];
}
