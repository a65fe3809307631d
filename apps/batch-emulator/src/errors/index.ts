export { BatchError, batchError, invalidBody, invalidProperty, invalidQuery, type ErrorDetail } from './batch-error';
export type { BatchErrorCode } from './catalogue';
