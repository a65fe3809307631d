import { BatchError, BatchUnavailableError } from '@windrow/batch';
import { BatchRefusedRequestError, DependencyUnavailableError } from '../common/errors';

/** Errors of Batch's clients in the words of the domain. @throws DependencyUnavailableError; BatchRefusedRequestError */
export async function asking<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof BatchUnavailableError) {
      throw new DependencyUnavailableError('Azure Batch', { cause: error, retryAfterMs: error.retryAfterMs });
    }
    if (error instanceof BatchError) {
      throw new BatchRefusedRequestError({ code: error.code, message: error.message }, error);
    }
    throw error;
  }
}
