import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import { StorageError, StorageUnavailableError } from '@windrow/storage';
import {
  BatchRefusedRequestError,
  ConflictError,
  DependencyUnavailableError,
  DomainError,
  ForbiddenError,
  GoneError,
  InvalidRequestError,
  NotConfiguredError,
  NotFoundError,
  NotReadyError,
  PreconditionFailedError,
  RangeOutsideFileError,
  TimedOutError,
  TooManyRequestsError,
  UnauthenticatedError,
  UnprocessableError,
} from '../common/errors';
import type { Problem } from './problem';

export interface ProblemAnswer {
  problem: Omit<Problem, 'instance' | 'requestId'> & Record<string, unknown>;
  headers: Record<string, string>;
  /** Nobody foresaw it: the log must have all of it, the client none. */
  unexpected: boolean;
}

const FRAMEWORK_CODES: Record<number, string> = {
  400: 'BadRequest',
  404: 'RouteNotFound',
  405: 'MethodNotAllowed',
  413: 'BodyTooLarge',
  415: 'UnsupportedMediaType',
};
const FRAMEWORK_DETAILS: Record<number, string> = {
  404: 'No such route. GET /v1 lists where to begin; /docs describes every route.',
  413: 'The body is larger than the 1 MiB this service takes. Put long item lists into a blob (input.kind manifest).',
  415: 'Bodies are JSON: send Content-Type: application/json.',
};

/** Any thrown value as an RFC 9457 answer. The only place where errors meet HTTP. */
export function toProblem(thrown: unknown): ProblemAnswer {
  const error = asDomainError(thrown);
  if (error instanceof DomainError) return fromDomain(error);
  const status = frameworkStatus(error);
  if (status !== undefined)
    return answer(status, FRAMEWORK_CODES[status] ?? 'BadRequest', frameworkDetail(status, error));
  return { ...answer(500, 'InternalError', 'Something went wrong here; the log has the details.'), unexpected: true };
}

function fromDomain(error: DomainError): ProblemAnswer {
  const { code, message } = error;
  if (error instanceof InvalidRequestError) return answer(400, code, message, { errors: error.errors });
  if (error instanceof UnprocessableError) return answer(422, code, message, { errors: error.errors });
  if (error instanceof UnauthenticatedError) {
    // RFC 6750: which error it was is told to those only who gave a token.
    const hint = code === 'Unauthenticated' ? '' : ', error="invalid_token"';
    return answer(401, code, message, {}, { 'WWW-Authenticate': `Bearer realm="windrow"${hint}` });
  }
  if (error instanceof ForbiddenError) return answer(403, code, message);
  if (error instanceof TooManyRequestsError) {
    return answer(429, code, message, {}, { 'Retry-After': String(error.retryAfterSeconds) });
  }
  if (error instanceof NotFoundError) return answer(404, code, message);
  if (error instanceof GoneError) return answer(410, code, message);
  if (error instanceof ConflictError) return answer(409, code, message, error.facts);
  if (error instanceof PreconditionFailedError) return answer(412, code, message);
  if (error instanceof NotConfiguredError) return answer(501, code, message);
  if (error instanceof TimedOutError) return answer(504, code, message);
  if (error instanceof RangeOutsideFileError) {
    return answer(416, code, message, {}, { 'Content-Range': `bytes */${error.bytes}` });
  }
  if (error instanceof DependencyUnavailableError) {
    const headers = { 'Retry-After': String(error.retryAfterSeconds) };
    return answer(503, code, message, { dependency: error.dependency }, headers);
  }
  if (error instanceof NotReadyError)
    return answer(503, code, message, { missing: error.missing }, { 'Retry-After': '5' });
  if (error instanceof BatchRefusedRequestError) return answer(502, code, message, { batch: error.batch });
  return { ...answer(500, 'InternalError', 'Something went wrong here; the log has the details.'), unexpected: true };
}

/** Clients of dependencies have errors of their own; those that mean "later" become ours. */
function asDomainError(error: unknown): unknown {
  if (error instanceof StorageUnavailableError) {
    return new DependencyUnavailableError('Azure Storage', { cause: error, retryAfterMs: error.retryAfterMs });
  }
  if (error instanceof StorageError && error.code === 'InvalidPageToken') {
    return new InvalidRequestError([{ path: 'pageToken', code: 'InvalidPageToken', message: error.message }]);
  }
  return error;
}

/** Nest's exceptions, and those of Express's body parser, which carry a status of 4xx. */
function frameworkStatus(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  return error.status >= 400 && error.status < 500 ? error.status : undefined;
}

function frameworkDetail(status: number, error: unknown): string {
  return FRAMEWORK_DETAILS[status] ?? (error instanceof Error ? error.message : 'The request is not valid.');
}

function answer(
  status: number,
  code: string,
  detail: string,
  extra: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): ProblemAnswer {
  const title = STATUS_CODES[status] ?? 'Error';
  return {
    problem: { type: `urn:windrow:problem:${code}`, title, status, code, detail, ...extra },
    headers,
    unexpected: status === 500,
  };
}
