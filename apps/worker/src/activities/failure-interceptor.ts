/** The one place where errors of Azure and of our own libraries become failures that Temporal understands. */
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import {
  ApplicationFailure,
  ApplicationFailureCategory,
  CancelledFailure,
  TemporalFailure,
  WorkflowNotFoundError,
} from '@temporalio/common';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import {
  BatchConflictError,
  BatchNotFoundError,
  BatchQuotaError,
  BatchRefusedError,
  BatchUnavailableError,
} from '@windrow/batch';
import type { BatchError } from '@windrow/batch';
import {
  BlobChangedError,
  BlobNotFoundError,
  ContainerNotFoundError,
  StorageRefusedError,
  StorageUnavailableError,
} from '@windrow/storage';
import { FailureType } from '@windrow/contract';
import { InvalidInputError } from '../inputs';
import { GatherError } from '../results';
import { SecretError, SecretUnavailableError } from '../secrets';

export class FailureInterceptor implements ActivityInboundCallsInterceptor {
  async execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>): Promise<unknown> {
    try {
      return await next(input);
    } catch (error) {
      throw toFailure(error);
    }
  }
}

/** The type of an error decides whether it is tried again; its text never does. */
export function toFailure(error: unknown): unknown {
  if (error instanceof TemporalFailure || error instanceof CancelledFailure) return error;
  if (error instanceof WorkflowUpdateFailedError) return error.cause ?? error;
  if (error instanceof InvalidInputError) {
    const { code, path } = error;
    return terminal(FailureType.invalidJob, error, { code, ...(path !== undefined && { path }) });
  }
  if (error instanceof SecretError) {
    return terminal(FailureType.invalidJob, error, { code: error.code, path: error.path });
  }
  if (error instanceof GatherError)
    return terminal(FailureType.gatherFailed, error, { code: error.code, path: '$.gather' });
  if (error instanceof BlobChangedError) return terminal(FailureType.invalidJob, error, { code: 'InputChanged' });
  if (error instanceof BlobNotFoundError || error instanceof ContainerNotFoundError) {
    return terminal(FailureType.notFound, error);
  }
  if (error instanceof WorkflowNotFoundError) {
    return ApplicationFailure.nonRetryable(
      'The cluster does not exist (or no longer). Create it, or name another in $.pool.cluster.',
      FailureType.clusterRefused,
    );
  }
  if (error instanceof StorageRefusedError || error instanceof BatchRefusedError)
    return terminal(FailureType.refused, error);
  if (
    error instanceof StorageUnavailableError ||
    error instanceof BatchUnavailableError ||
    error instanceof SecretUnavailableError
  ) {
    return ApplicationFailure.create({
      type: FailureType.unavailable,
      message: error.message,
      category: ApplicationFailureCategory.BENIGN,
      ...(error.retryAfterMs !== undefined && { nextRetryDelay: error.retryAfterMs }),
      cause: error,
    });
  }
  if (error instanceof BatchNotFoundError) return terminal(FailureType.notFound, error, batchDetail(error));
  if (error instanceof BatchQuotaError)
    return ApplicationFailure.retryable(error.message, FailureType.capacity, batchDetail(error));
  // A conflict passes: the resource is being created, resized or deleted at this moment.
  if (error instanceof BatchConflictError)
    return ApplicationFailure.retryable(error.message, FailureType.unavailable, batchDetail(error));
  return error;
}

function terminal(type: FailureType, error: Error, detail?: object): ApplicationFailure {
  return ApplicationFailure.create({
    type,
    message: error.message,
    nonRetryable: true,
    details: detail ? [detail] : [],
    cause: error,
  });
}

function batchDetail(error: BatchError): object {
  return { code: error.code, batch: { code: error.code, message: error.message } };
}
