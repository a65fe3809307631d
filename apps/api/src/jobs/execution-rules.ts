import type { ExecutionChange } from '@windrow/contract';
import type { FieldError } from '../common/errors';

/** Of a job that is new, or changed: an old one may well have a deadline that has passed. */
export function deadlineErrors(deadline: string | undefined): FieldError[] {
  if (deadline === undefined || Date.parse(deadline) > Date.now()) return [];
  return [{ path: '$.execution.deadline', code: 'DeadlinePassed', message: 'must lie in the future' }];
}

/** @param others what else the request changes */
export function changeErrors(change: ExecutionChange | undefined, others: object): FieldError[] {
  if (!change && Object.keys(others).length > 0) return [];
  if (change && Object.keys(change).length > 0) return deadlineErrors(change.deadline);
  return [{ path: change ? '$.execution' : '$', code: 'Required', message: 'must have at least one field to change' }];
}
