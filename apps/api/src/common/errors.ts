/** What can go wrong, in the words of the domain. How each becomes an HTTP answer is `http/problem-mapping.ts`'s business. */

/** One field that is not as it must be. */
export interface FieldError {
  /** JSON path such as `$.task.timeout`. */
  path: string;
  code: string;
  message: string;
}

export abstract class DomainError extends Error {
  constructor(
    /** Stable: callers may branch on it. */
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Thrown when a request is wrong in itself: nothing outside it had to be looked at. */
export class InvalidRequestError extends DomainError {
  constructor(
    readonly errors: FieldError[],
    message = summary(errors),
    code = 'InvalidRequest',
  ) {
    super(code, message);
  }
}

/** Thrown when a well-formed request names things that are not there or cannot work together. */
export class UnprocessableError extends DomainError {
  constructor(readonly errors: FieldError[]) {
    super(errors.length === 1 && errors[0] ? errors[0].code : 'UnprocessableRequest', summary(errors));
  }
}

/** Thrown when a request does not say who makes it, or not believably. */
export class UnauthenticatedError extends DomainError {}

/** Thrown when the caller may see what is addressed, but not do this to it. */
export class ForbiddenError extends DomainError {
  constructor(message: string) {
    super('Forbidden', message);
  }
}

/** Thrown when somebody asks more often than they may. */
export class TooManyRequestsError extends DomainError {
  constructor(
    message: string,
    readonly retryAfterSeconds: number,
    code = 'TooManyRequests',
  ) {
    super(code, message);
  }
}

/** Thrown when the addressed resource does not exist. */
export class NotFoundError extends DomainError {}

/** Thrown when the resource's present state forbids the request. */
export class ConflictError extends DomainError {
  constructor(
    code: string,
    message: string,
    /** Facts a program can act on, such as the state that stands in the way. */
    readonly facts: Record<string, string> = {},
  ) {
    super(code, message);
  }
}

/** Thrown when the resource is not the version that the request asks for. */
export class PreconditionFailedError extends DomainError {
  constructor(message: string) {
    super('PreconditionFailed', message);
  }
}

/** Thrown when what the request needs was there, and has been given up for good. */
export class GoneError extends DomainError {}

/** Thrown when a byte range lies outside the file. */
export class RangeOutsideFileError extends DomainError {
  constructor(readonly bytes: number) {
    super('InvalidRange', `The range lies outside the file, which has ${bytes} bytes.`);
  }
}

export type Dependency = 'Temporal' | 'Azure Storage' | 'Azure Batch' | 'worker' | 'identity provider';

/** Thrown when something this service needs does not answer; the same request may work later. */
export class DependencyUnavailableError extends DomainError {
  constructor(
    readonly dependency: Dependency,
    options: { cause?: unknown; retryAfterMs?: number | undefined; detail?: string } = {},
  ) {
    super('DependencyUnavailable', options.detail ?? `${dependency} does not answer.`, { cause: options.cause });
    this.retryAfterSeconds = Math.max(1, Math.ceil((options.retryAfterMs ?? 5000) / 1000));
  }

  readonly retryAfterSeconds: number;
}

/** Thrown when this service cannot take work now. */
export class NotReadyError extends DomainError {
  constructor(
    readonly missing: string[],
    cause: unknown,
  ) {
    super('NotReady', `Not ready: ${missing.join(', ')} ${missing.length > 1 ? 'do' : 'does'} not answer.`, { cause });
  }
}

/** Thrown when Azure Batch refused a request of ours; `batch` holds its own words. */
export class BatchRefusedRequestError extends DomainError {
  constructor(
    readonly batch: { code: string; message: string },
    cause: unknown,
  ) {
    super('BatchRefused', `Azure Batch refused the request: ${batch.message}`, { cause });
  }
}

/** Thrown when the deployment lacks a setting that the request needs; the message names it. */
export class NotConfiguredError extends DomainError {
  constructor(message: string) {
    super('NotConfigured', message);
  }
}

/** Thrown when the work asked for was not done within its time limit. */
export class TimedOutError extends DomainError {}

function summary(errors: FieldError[]): string {
  const [first, ...more] = errors;
  if (!first) return 'The request is not valid.';
  return `${first.path}: ${first.message}${more.length > 0 ? ` (and ${more.length} more)` : ''}`;
}
