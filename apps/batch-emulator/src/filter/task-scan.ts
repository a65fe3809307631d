import { TASK_STATES, type TaskScan } from '../model/task-table';
import type { Filter } from './ast';

/**
 * What of a filter the index of a job can answer: conditions on state and on the time of the last transition that every
 * match must meet. The rest of the filter is still tested task by task.
 */
export function scanOf(filter: Filter | undefined): TaskScan {
  const scan: TaskScan = {};
  for (const condition of conjuncts(filter)) {
    if (condition.kind !== 'compare') continue;
    const { property, operator, literal } = condition;
    if (property === 'state' && operator === 'eq' && typeof literal === 'string') {
      scan.states = TASK_STATES.filter((state) => state === literal.toLowerCase());
    } else if (
      property === 'stateTransitionTime' &&
      (operator === 'ge' || operator === 'gt') &&
      typeof literal === 'object'
    ) {
      scan.since = Math.max(scan.since ?? 0, literal.time);
    }
  }
  return scan;
}

function* conjuncts(filter: Filter | undefined): Generator<Filter> {
  if (filter?.kind === 'and') {
    yield* conjuncts(filter.left);
    yield* conjuncts(filter.right);
  } else if (filter) yield filter;
}
