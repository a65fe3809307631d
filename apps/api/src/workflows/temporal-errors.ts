import { isGrpcServiceError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import { DependencyUnavailableError } from '../common/errors';

/** gRPC's numbers: CANCELLED, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, UNAVAILABLE. */
const PASSING = new Set([1, 4, 8, 14]);

/** Translates "does not answer" into our own words; every other error is handed on as it is. */
export async function reaching<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (isUnavailable(error)) throw new DependencyUnavailableError('Temporal', { cause: error });
    throw error;
  }
}

function isUnavailable(error: unknown): boolean {
  const cause = error instanceof Error && !isGrpcServiceError(error) ? error.cause : error;
  if (isGrpcServiceError(cause)) return PASSING.has(cause.code);
  return error instanceof WorkflowUpdateRPCTimeoutOrCancelledError;
}
