/** Facts of a failed storage call, as the service or the network gave them. */
export interface StorageErrorFacts {
  /** The service's own code (`BlobNotFound`), the network's (`ECONNREFUSED`), or one of ours. */
  code: string;
  statusCode?: number;
  cause?: unknown;
}

/** Thrown for every failed call to Blob or Table storage; the subclass says what it means and whether to retry. */
export class StorageError extends Error {
  readonly code: string;
  readonly statusCode?: number;

  constructor(message: string, facts: StorageErrorFacts) {
    super(message, { cause: facts.cause });
    this.name = new.target.name;
    this.code = facts.code;
    if (facts.statusCode !== undefined) this.statusCode = facts.statusCode;
  }
}

/** Thrown when a blob that should be there is not. */
export class BlobNotFoundError extends StorageError {
  constructor(
    readonly container: string,
    readonly blob: string,
    facts?: Partial<StorageErrorFacts>,
  ) {
    super(`Blob '${blob}' does not exist in container '${container}'.`, {
      code: 'BlobNotFound',
      statusCode: 404,
      ...facts,
    });
  }
}

/** Thrown when the container itself is missing. */
export class ContainerNotFoundError extends StorageError {
  constructor(
    readonly container: string,
    facts?: Partial<StorageErrorFacts>,
  ) {
    super(`Container '${container}' does not exist.`, { code: 'ContainerNotFound', statusCode: 404, ...facts });
  }
}

/** Thrown when a write that must create the blob finds one already there. */
export class BlobExistsError extends StorageError {
  constructor(
    readonly container: string,
    readonly blob: string,
    facts?: Partial<StorageErrorFacts>,
  ) {
    super(`Blob '${blob}' already exists in container '${container}'.`, {
      code: 'BlobAlreadyExists',
      statusCode: 409,
      ...facts,
    });
  }
}

/** Thrown when a blob is no longer the version (etag) that was asked for. */
export class BlobChangedError extends StorageError {
  constructor(
    readonly container: string,
    readonly blob: string,
    facts?: Partial<StorageErrorFacts>,
  ) {
    super(`Blob '${blob}' in container '${container}' was changed meanwhile.`, {
      code: 'ConditionNotMet',
      statusCode: 412,
      ...facts,
    });
  }
}

/** Thrown when a resource of the catalogue is not there. */
export class ResourceMissingError extends StorageError {
  constructor(
    readonly kind: string,
    readonly resource: string,
  ) {
    super(`There is no ${kind} '${resource}'.`, { code: 'ResourceNotFound', statusCode: 404 });
  }
}

/** Thrown when a resource of the catalogue is no longer the version (etag) that was asked for. */
export class ResourceChangedError extends StorageError {
  constructor(
    readonly kind: string,
    readonly resource: string,
  ) {
    super(`The ${kind} '${resource}' was changed meanwhile.`, { code: 'ConditionNotMet', statusCode: 412 });
  }
}

/** Thrown when an append blob has taken all the blocks it can (50,000 in Azure). */
export class AppendBlobFullError extends StorageError {}

/** Thrown when a line of a text blob is longer than the reader allows. */
export class LineTooLongError extends StorageError {
  constructor(
    readonly line: number,
    maxBytes: number,
  ) {
    super(`Line ${line} is longer than ${maxBytes} bytes.`, { code: 'LineTooLong' });
  }
}

/** Thrown when the request itself was refused for good (400, 401, 403 and their kin): no retry can help. */
export class StorageRefusedError extends StorageError {}

/** Thrown when the service throttled, failed or could not be reached, after the client's own retries. */
export class StorageUnavailableError extends StorageError {
  /** How long the service asked to be left alone. Milliseconds. */
  readonly retryAfterMs?: number;

  constructor(message: string, facts: StorageErrorFacts & { retryAfterMs?: number }) {
    super(message, facts);
    if (facts.retryAfterMs !== undefined) this.retryAfterMs = facts.retryAfterMs;
  }
}
