import { batchError } from '../errors';
import type { Handler } from '../http/route';

/** "Lifetime statistics API was retired on 04/30/2023". */
export const retired: Handler = () => {
  throw batchError('LifetimeStatsAPIRetired');
};
