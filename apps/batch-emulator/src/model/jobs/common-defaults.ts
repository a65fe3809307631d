import { INFINITE_DURATION } from '../../constants';
import type { TaskConstraints } from '../../wire/types';

/** What the service fills in and shows on GET, as it was recorded to do. */
export const DEFAULT_IDENTITY = Object.freeze({ autoUser: { scope: 'pool', elevationLevel: 'nonadmin' } });

/** "Task - Add": constraints left out; the job says how often a task is retried. */
export function withConstraintDefaults(
  constraints: TaskConstraints | undefined,
  jobRetries: number,
): Required<TaskConstraints> {
  return {
    maxWallClockTime: constraints?.maxWallClockTime ?? INFINITE_DURATION,
    retentionTime: constraints?.retentionTime ?? 'P7D',
    maxTaskRetryCount: constraints?.maxTaskRetryCount ?? jobRetries,
  };
}
