import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/common';
import type { InvalidJobDetail, JobError } from '@windrow/contract';
import { FailureType } from '@windrow/contract';

/** The job's error as users see it, from the failure that ended its phases. The innermost cause has the facts. */
export function jobError(failure: unknown): JobError {
  const cause = failure instanceof ActivityFailure ? failure.cause : failure;
  if (cause instanceof ApplicationFailure) {
    const detail = cause.details?.[0] as InvalidJobDetail | undefined;
    const code = cause.type === FailureType.invalidJob && detail ? detail.code : (cause.type ?? 'Unknown');
    return {
      code,
      message: cause.message,
      ...(detail?.path !== undefined && { path: detail.path }),
      ...(detail?.batch && { batch: detail.batch }),
    };
  }
  if (cause instanceof TimeoutFailure)
    return { code: 'Timeout', message: `A step did not end in time: ${cause.message}` };
  return { code: 'Unknown', message: cause instanceof Error ? cause.message : String(cause) };
}

/** Our failure type of a failed activity, see FailureType; undefined when it is none of ours. */
export function failureType(failure: unknown): string | undefined {
  const cause = failure instanceof ActivityFailure ? failure.cause : failure;
  return cause instanceof ApplicationFailure ? (cause.type ?? undefined) : undefined;
}
