import type { OperationEntry } from './entry';
import { JOB_OPERATIONS } from './job-operations';
import { POOL_OPERATIONS } from './pool-operations';

/** Every operation of the Batch service. */
export const OPERATIONS: readonly OperationEntry[] = [...POOL_OPERATIONS, ...JOB_OPERATIONS];
