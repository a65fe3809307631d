import {
  completeTask,
  durationMs,
  isClusterReference,
  type JobSpec,
  type NodesSpec,
  type PoolTemplate,
  type ReduceGather,
  type RetryRule,
  slotsPerNode,
} from '@windrow/contract';
import type { FieldError } from '../common/errors';
import { sweepErrors } from './sweep-rules';
import { taskErrors } from './task-rules';

/** Links to inputs and outputs live at most seven days; one is left for waiting in queues. */
const LONGEST_TASK_MS = durationMs('P6D');

/** Rules that join several fields. The body alone decides them; nothing is looked up. */
export function specErrors(spec: JobSpec): FieldError[] {
  return [
    ...lifeErrors(spec.task, '$.task'),
    ...poolErrors(spec),
    ...(spec.execution?.retryRules ?? []).flatMap((rule, n) => retryRuleErrors(rule, `$.execution.retryRules[${n}]`)),
    ...sweepErrors(spec.input),
    ...taskErrors(spec),
    ...(spec.gather?.kind === 'reduce' ? lifeErrors(spec.gather, '$.gather') : []),
  ];
}

export function templateErrors(template: PoolTemplate, path: string): FieldError[] {
  return nodesErrors(template.nodes, `${path}.nodes`);
}

export function nodesErrors(nodes: NodesSpec, path: string): FieldError[] {
  if ((nodes.min ?? 0) <= nodes.max) return [];
  return [{ path: `${path}.min`, code: 'OutOfRange', message: `must not be above max (${nodes.max})` }];
}

/** Tasks that no node can ever hold would make the pool grow and wait for ever. */
export function slotErrors(spec: JobSpec, slots: number): FieldError[] {
  const tooLarge = (required: number | undefined, path: string): FieldError[] =>
    (required ?? 1) <= slots
      ? []
      : [{ path, code: 'TooManySlots', message: `must not be above the ${slots} slots of a node of this pool` }];
  return [
    ...tooLarge(spec.task.requiredSlots, '$.task.requiredSlots'),
    ...(spec.gather?.kind === 'reduce' ? tooLarge(spec.gather.requiredSlots, '$.gather.requiredSlots') : []),
  ];
}

function poolErrors(spec: JobSpec): FieldError[] {
  if (isClusterReference(spec.pool)) return [];
  return [...templateErrors(spec.pool, '$.pool'), ...slotErrors(spec, slotsPerNode(spec.pool))];
}

function lifeErrors(task: JobSpec['task'] | ReduceGather, path: string): FieldError[] {
  const { timeout, retries } = completeTask(task);
  if (durationMs(timeout) * (retries + 1) <= LONGEST_TASK_MS) return [];
  const message = `times ${retries + 1} attempts must not exceed P6D, because links to inputs live seven days`;
  return [{ path: `${path}.timeout`, code: 'TooLong', message }];
}

function retryRuleErrors(rule: RetryRule, path: string): FieldError[] {
  const { exitCodes, categories, codes } = rule.on;
  const conditions = [exitCodes, categories, codes].some((list) => list !== undefined);
  const errors: FieldError[] = [];
  if (!conditions) {
    errors.push({ path: `${path}.on`, code: 'Required', message: 'must name exitCodes, categories or codes' });
  }
  const { initial, max } = rule.backoff ?? {};
  if (initial && max && durationMs(initial) > durationMs(max)) {
    errors.push({ path: `${path}.backoff.initial`, code: 'OutOfRange', message: `must not be above max (${max})` });
  }
  return errors;
}
