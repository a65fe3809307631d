import { TASK_STATES, type TaskScan } from '../model/tasks/task-table';
import type { Filter } from './ast';

/**
 * What of a filter the index of a job can answer: the states and the time of the last transition that every match must
 * have. The rest of the filter is still tested task by task.
 */
export function scanOf(filter: Filter | undefined): TaskScan {
  const { states, since } = filter ? bounds(filter) : {};
  // With nothing excluded the order of adding is as good.
  const narrows = states !== undefined && states.length < TASK_STATES.length;
  return { ...(narrows && { states }), ...(since !== undefined && { since }) };
}

function bounds(filter: Filter): TaskScan {
  if (filter.kind === 'startswith') return {};
  if (filter.kind === 'compare') return boundsOf(filter);
  const [left, right] = [bounds(filter.left), bounds(filter.right)];
  return filter.kind === 'and' ? both(left, right) : either(left, right);
}

function boundsOf({ property, operator, literal }: Filter & { kind: 'compare' }): TaskScan {
  if (property === 'state' && typeof literal === 'string') {
    const named = literal.toLowerCase();
    if (operator === 'eq') return { states: TASK_STATES.filter((state) => state === named) };
    if (operator === 'ne') return { states: TASK_STATES.filter((state) => state !== named) };
  }
  const isSince = property === 'stateTransitionTime' && (operator === 'ge' || operator === 'gt');
  return isSince && typeof literal === 'object' ? { since: literal.time } : {};
}

function both(left: TaskScan, right: TaskScan): TaskScan {
  const states = TASK_STATES.filter(
    (state) => (left.states?.includes(state) ?? true) && (right.states?.includes(state) ?? true),
  );
  const since = Math.max(left.since ?? 0, right.since ?? 0);
  return {
    states,
    ...((left.since !== undefined || right.since !== undefined) && { since }),
  };
}

/** Only what both sides narrow is narrowed. */
function either(left: TaskScan, right: TaskScan): TaskScan {
  const states = TASK_STATES.filter(
    (state) => (left.states?.includes(state) ?? true) || (right.states?.includes(state) ?? true),
  );
  if (left.since === undefined || right.since === undefined) return { states };
  return { states, since: Math.min(left.since, right.since) };
}
