import { ApplicationFailure } from '@temporalio/common';
import { FailureType } from '@windrow/contract';

export interface TaskLosses {
  /** Tasks of the job. */
  total: number;
  /** Failed, with no attempt left. */
  failed: number;
  /** Never run, because they wait for one of those. */
  blocked: number;
  /** Never run, and not chosen by the redrive that has just ended. */
  skipped?: number;
  /** The job was ended before the others were done. */
  early?: boolean;
}

/**
 * Undefined when the job tolerates what it lost. A time-out is a failure of its task like any other; a task that could
 * not run because of one counts as one.
 */
export function toleranceFailure(
  { total, failed, blocked, skipped = 0, early }: TaskLosses,
  tolerated: number,
): ApplicationFailure | undefined {
  if (failed + blocked + skipped <= tolerated) return undefined;
  const left = skipped > 0 ? `, and ${skipped} never ran and were not redriven` : '';
  const waited = blocked > 0 ? `, and ${blocked} could not run because they depend on failed ones` : '';
  const rest = early ? ' The job was stopped there: tasks that ran were ended, and the rest was not run.' : '';
  return ApplicationFailure.nonRetryable(
    `${failed} of ${total} tasks failed${waited}${left}; the job tolerates ${tolerated}.${rest} See the failures and results/FAILED_0.jsonl.`,
    FailureType.toleranceExceeded,
  );
}
