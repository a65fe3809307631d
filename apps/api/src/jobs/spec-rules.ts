import {
  type BudgetSpec,
  completePool,
  completeTask,
  durationMs,
  isClusterReference,
  type JobSpec,
  type ReduceGather,
  type RetryRule,
} from '@windrow/contract';
import type { FieldError } from '../common/errors';
import { dependencyErrors } from './dependency-rules';
import { gatherErrors } from './gather-rules';
import { fitErrors, templateErrors } from './pool-rules';
import { sweepErrors } from './sweep-rules';
import { taskErrors } from './task-rules';

/** Links to inputs and outputs live at most seven days; one is left for waiting in queues. */
const LONGEST_TASK = 'P6D';
/** A user delegation key lives for seven days, and is renewed an hour before they are over. */
const LONGEST_DELEGATED_TASK = 'P5DT23H';

/** Rules that join several fields. The body alone decides them; nothing is looked up. */
export function specErrors(spec: JobSpec): FieldError[] {
  return [
    ...lifeErrors(spec.task, '$.task'),
    ...poolErrors(spec),
    ...(spec.execution?.retryRules ?? []).flatMap((rule, n) => retryRuleErrors(rule, `$.execution.retryRules[${n}]`)),
    ...budgetErrors(spec.execution?.budget),
    ...dependencyErrors(spec.task.dependsOn),
    ...sweepErrors(spec.input),
    ...taskErrors(spec),
    ...gatherErrors(spec),
    ...(spec.gather?.kind === 'reduce' ? lifeErrors(spec.gather, '$.gather') : []),
  ];
}

function poolErrors(spec: JobSpec): FieldError[] {
  const pool = completePool(spec);
  if (isClusterReference(pool)) return [];
  return [...templateErrors(pool, '$.pool'), ...fitErrors(spec, pool, '$.pool')];
}

function lifeErrors(task: JobSpec['task'] | ReduceGather, path: string, longest = LONGEST_TASK): FieldError[] {
  const { timeout, retries } = completeTask(task);
  if (durationMs(timeout) * (retries + 1) <= durationMs(longest)) return [];
  const message = `times ${retries + 1} attempts must not exceed ${longest}, because links to inputs live seven days`;
  return [{ path: `${path}.timeout`, code: 'TooLong', message }];
}

/** The same for a deployment whose links are signed by user delegation keys. */
export function delegatedLifeErrors(spec: JobSpec): FieldError[] {
  return [
    ...lifeErrors(spec.task, '$.task', LONGEST_DELEGATED_TASK),
    ...(spec.gather?.kind === 'reduce' ? lifeErrors(spec.gather, '$.gather', LONGEST_DELEGATED_TASK) : []),
  ];
}

function budgetErrors(budget: BudgetSpec | undefined): FieldError[] {
  if (!budget) return [];
  const { nodeHours, cost } = budget;
  const path = '$.execution.budget';
  if (nodeHours === undefined && cost === undefined) {
    return [{ path, code: 'Required', message: 'must name nodeHours or cost' }];
  }
  const empty = (['nodeHours', 'cost'] as const).filter((limit) => budget[limit] === 0);
  return empty.map((limit) => ({ path: `${path}.${limit}`, code: 'OutOfRange', message: 'must be above 0' }));
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
