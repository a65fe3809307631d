import { type DependencyRule, parseRanges } from '@windrow/contract';
import type { FieldError } from '../common/errors';

/** Ranges that the tasks of a job may wait for: each may end up in the request that adds a task. */
const MAX_RANGES = 500;

/** What dependency rules get wrong beyond the form of their fields. Whether the indexes exist only the plan can tell. */
export function dependencyErrors(rules: DependencyRule[] = []): FieldError[] {
  const errors = rules.flatMap((rule, n) => ruleErrors(rule, `$.task.dependsOn[${n}]`));
  const ranges = rules.reduce((sum, { on }) => sum + (on === undefined ? 1 : (parseRanges(on)?.length ?? 0)), 0);
  if (errors.length > 0 || ranges <= MAX_RANGES) return errors;
  const message = `must not name more than ${MAX_RANGES} ranges in all; the rules have ${ranges}`;
  return [{ path: '$.task.dependsOn', code: 'TooManyRanges', message }];
}

function ruleErrors({ tasks, on, offset }: DependencyRule, path: string): FieldError[] {
  if ((on === undefined) === (offset === undefined)) {
    return [{ path, code: 'Required', message: 'must have either on or offset' }];
  }
  if (on === undefined) return [];
  const last = parseRanges(on)?.at(-1)?.to ?? 0;
  if (last === Infinity) {
    const message = 'must not be open: tasks wait for lower indexes only';
    return [{ path: `${path}.on`, code: 'InvalidRange', message }];
  }
  const first = tasks === undefined ? 0 : (parseRanges(tasks)?.[0]?.from ?? 0);
  if (last < first) return [];
  const of = tasks === undefined ? 'all tasks, from 0' : `tasks from ${first}`;
  const message = `must lie below the tasks that wait: it goes up to ${last}, and the rule holds for ${of}`;
  return [{ path: `${path}.on`, code: 'OutOfRange', message }];
}
