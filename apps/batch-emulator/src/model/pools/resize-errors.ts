import type { ResizeError } from '../../wire/types';

const MESSAGES: Readonly<Record<string, string>> = {
  AccountCoreQuotaReached: 'The specified account has reached core quota',
  AllocationFailed: 'Desired number of dedicated nodes could not be allocated',
  AllocationTimedout: 'Desired number of nodes could not be allocated as the resize timeout was reached',
  ResizeStopped: 'Desired number of nodes could not be allocated due to a stop resize operation',
};

/** Why a pool has not the size that it should have ("ResizeError"). */
export function resizeError(code: string): ResizeError {
  return { code, message: MESSAGES[code] ?? code };
}
