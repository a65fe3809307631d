import { CATALOGUE, type BatchErrorCode } from './catalogue';

export interface ErrorDetail {
  key: string;
  value: string;
}

/** Anything the Batch REST API answers with an error body. */
export class BatchError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    sentence: string,
    readonly values: readonly ErrorDetail[] = [],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(sentence);
    this.name = 'BatchError';
  }
}

/** The error of that code, with status and sentence of the catalogue. */
export function batchError(code: BatchErrorCode, values: Record<string, string> = {}): BatchError {
  const [status, sentence] = CATALOGUE[code];
  return new BatchError(
    code,
    status,
    sentence,
    Object.entries(values).map(([key, value]) => ({ key, value })),
  );
}

export function invalidProperty(name: string, value: unknown, reason: string): BatchError {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return batchError('InvalidPropertyValue', { PropertyName: name, PropertyValue: text, Reason: reason });
}

export function invalidQuery(name: string, value: string, reason: string): BatchError {
  return batchError('InvalidQueryParameterValue', {
    QueryParameterName: name,
    QueryParameterValue: value,
    Reason: reason,
  });
}

export function invalidBody(reason: string): BatchError {
  return batchError('InvalidRequestBody', { Reason: reason });
}
