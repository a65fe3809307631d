import type { PipelineResponse } from '@azure/core-rest-pipeline';
import {
  BatchConflictError,
  BatchNotFoundError,
  BatchQuotaError,
  BatchRefusedError,
  BatchUnavailableError,
} from '../errors';
import type { BatchError, BatchErrorFacts } from '../errors';
import { retryAfterMs } from './retry-after';

/** Statuses that pass by themselves (the service throttles with 429 or 503). */
export const TRANSIENT_STATUS = new Set([408, 429, 500, 502, 503, 504]);

/** Quotas that come as conflicts of a create. */
const QUOTA_CODES = new Set(['ActiveJobAndScheduleQuotaReached', 'PoolQuotaReached']);

/** Body of an error; recorded from the service: docs of 2025-06-01, "Batch error codes". */
interface WireError {
  code?: string;
  message?: { value?: string };
  values?: { key?: string; value?: string }[];
}

/** The typed error of an answer that is none of those the operation expects. Status and code decide, never the text. */
export function errorOfResponse(operation: string, response: PipelineResponse, now: number): BatchError {
  const { status, headers } = response;
  const body = parse(response.bodyAsText);
  const code = body.code ?? `Http${status}`;
  const requestId = headers.get('request-id');
  const wait = retryAfterMs(headers.get('retry-after'), now);
  const values = (body.values ?? []).map(({ key = '', value = '' }) => ({ key, value: withoutSecrets(value) }));
  const facts: BatchErrorFacts = {
    status,
    code,
    values,
    ...(requestId !== undefined && { requestId }),
    ...(wait !== undefined && { retryAfterMs: wait }),
  };
  const reason = values.map(({ key, value }) => ` ${key}: ${value}.`).join('');
  const text = firstLine(body.message?.value ?? 'The service gave no explanation.');
  const ErrorClass = classOf(status, code);
  return new ErrorClass(`${operation} failed (${code}, HTTP ${status}): ${withoutSecrets(text)}${reason}`, facts);
}

/** Failures of `@azure/identity` to get a token: configuration, not weather. */
const CREDENTIAL_ERRORS = new Set([
  'AuthenticationError',
  'AuthenticationRequiredError',
  'CredentialUnavailableError',
  'AggregateAuthenticationError',
]);

/** The typed error of a call that never got as far as a request; undefined when `cause` is something else. */
export function errorOfCredential(operation: string, cause: unknown): BatchError | undefined {
  if (!(cause instanceof Error) || !CREDENTIAL_ERRORS.has(cause.name)) return undefined;
  const text = withoutSecrets(firstLine(cause.message));
  return new BatchRefusedError(`${operation} could not sign in (${cause.name}): ${text}`, { code: cause.name, cause });
}

/** The typed error of a request that got no answer. */
export function errorOfNetwork(operation: string, cause: unknown): BatchError {
  const code = codeOf(cause);
  const text = cause instanceof Error ? cause.message : 'unknown reason';
  return new BatchUnavailableError(`${operation} got no answer (${code}): ${withoutSecrets(firstLine(text))}`, {
    code,
    cause,
  });
}

/** What a failed answer means. */
export function classOf(status: number, code: string) {
  if (QUOTA_CODES.has(code)) return BatchQuotaError;
  if (TRANSIENT_STATUS.has(status)) return BatchUnavailableError;
  if (status === 404) return BatchNotFoundError;
  if (status === 409) return BatchConflictError;
  return BatchRefusedError;
}

function codeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'NetworkError';
  if (cause.name === 'AbortError') return 'RequestTimedOut';
  const { code } = cause as Error & { code?: unknown };
  return typeof code === 'string' ? code : cause.name;
}

function parse(text: string | null | undefined): WireError {
  if (!text) return {};
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? body : {};
  } catch {
    // Something between us and the service answered, in HTML for example.
    return {};
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

/** The query of a URL may be a SAS, and the service repeats property values in its errors. */
export function withoutSecrets(text: string): string {
  return text.replace(/\?[^\s'"]*=[^\s'"]*/g, '?...');
}
