import type { DeallocationOption } from '../../wire/types';
import type { Executor } from '../scheduling/executor';
import type { ComputeNode } from '../nodes/node';

/** What becomes of the tasks of a node that is wanted for something else; the other options let them end by themselves. */
export function evictBy(executor: Executor, node: ComputeNode, option: DeallocationOption): void {
  if (option === 'requeue') executor.evict(node, (task) => executor.requeue(task));
  else if (option === 'terminate') executor.evict(node, (task) => executor.terminate(task));
}
