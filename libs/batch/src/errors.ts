/** Facts of a failed call to Batch. */
export interface BatchErrorFacts {
  /** HTTP status; absent when no answer came. */
  status?: number;
  /** Batch's code (`PoolNotFound`), the network's (`ECONNRESET`), or `Http404` where the answer has none. */
  code: string;
  /** Identifies the request to Azure's support. */
  requestId?: string;
  /** Details the service gave, such as `Reason`. */
  values?: { key: string; value: string }[];
  retryAfterMs?: number;
  cause?: unknown;
}

/** Thrown for every failed call to Batch; the subclass says what it means, `code` what exactly. */
export class BatchError extends Error {
  readonly code: string;
  readonly status?: number;
  readonly requestId?: string;
  readonly values: { key: string; value: string }[];
  /** How long the service asked to be left alone. Milliseconds. */
  readonly retryAfterMs?: number;

  constructor(message: string, facts: BatchErrorFacts) {
    super(message, { cause: facts.cause });
    this.name = new.target.name;
    this.code = facts.code;
    this.values = facts.values ?? [];
    if (facts.status !== undefined) this.status = facts.status;
    if (facts.requestId !== undefined) this.requestId = facts.requestId;
    if (facts.retryAfterMs !== undefined) this.retryAfterMs = facts.retryAfterMs;
  }
}

/** Thrown when the pool, job, task, node or file is not there (404). */
export class BatchNotFoundError extends BatchError {}

/** Thrown when the resource exists already, or its state does not allow the operation (409); see `code`. */
export class BatchConflictError extends BatchError {}

/** Thrown when a quota of the account is used up: it passes when something else ends, or when the quota is raised. */
export class BatchQuotaError extends BatchError {}

/** Thrown when the request was refused for good (400, 401, 403, 412, 413, 416, ...): no retry can help. */
export class BatchRefusedError extends BatchError {}

/** Thrown when the service throttled, failed or could not be reached, after the client's own retries. */
export class BatchUnavailableError extends BatchError {}
