import { BatchError, batchError } from '../errors';
import type { Handler } from '../http/route';

/** Operations that are known but not emulated say so by name, rather than answering something plausible. */
export function missing(operation: string): Handler {
  return () => {
    const { code, status, message } = batchError('NotImplemented');
    throw new BatchError(code, status, `${message} (${operation})`, [{ key: 'Operation', value: operation }]);
  };
}

/** "Lifetime statistics API was retired on 04/30/2023". */
export const retired: Handler = () => {
  throw batchError('LifetimeStatsAPIRetired');
};
