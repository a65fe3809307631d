/** Turns what the Azure clients throw into {@link StorageError}s. Status and code decide, never the text. */
import {
  AppendBlobFullError,
  BlobChangedError,
  BlobExistsError,
  BlobNotFoundError,
  ContainerNotFoundError,
  StorageError,
  StorageRefusedError,
  StorageUnavailableError,
} from './errors';

/** What a call was about; names end up in messages. */
export interface Place {
  container?: string;
  blob?: string;
  table?: string;
}

/** The part of the clients' `RestError` that is looked at; their copies of the class differ, so no instanceof. */
interface ServiceFailure {
  name: string;
  message: string;
  code?: string;
  statusCode?: number;
  details?: { errorCode?: string };
  response?: { headers?: { get?(name: string): string | undefined } };
}

const TRANSIENT_STATUS = new Set([408, 429, 500, 502, 503, 504]);
/** Conflicts and refusals that pass by themselves. */
const TRANSIENT_CODES = new Set(['ContainerBeingDeleted', 'TableBeingDeleted', 'AccountBeingCreated']);
/** Failures of `@azure/identity` to get a token: configuration, not weather. */
const CREDENTIAL_ERRORS = new Set([
  'AuthenticationError',
  'AuthenticationRequiredError',
  'CredentialUnavailableError',
  'AggregateAuthenticationError',
]);

/** The error to throw instead of `error`. Abort errors and errors that are not the service's come back as they are. */
export function translate(error: unknown, place: Place): unknown {
  if (error instanceof StorageError || !isServiceFailure(error)) return error;
  const code = codeOf(error);
  const facts = { code, cause: error, ...(error.statusCode !== undefined && { statusCode: error.statusCode }) };
  const { container = '', blob } = place;

  if (code === 'ContainerNotFound') return new ContainerNotFoundError(container, facts);
  if (code === 'BlobNotFound' && blob !== undefined) return new BlobNotFoundError(container, blob, facts);
  if (code === 'BlobAlreadyExists' && blob !== undefined) return new BlobExistsError(container, blob, facts);
  if (code === 'BlockCountExceedsLimit') return new AppendBlobFullError(describe(error, code, place), facts);
  if (error.statusCode === 412 && blob !== undefined) return new BlobChangedError(container, blob, facts);
  if (isTransient(error, code)) {
    const retryAfterMs = retryAfter(error);
    return new StorageUnavailableError(describe(error, code, place), {
      ...facts,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  }
  return new StorageRefusedError(describe(error, code, place), facts);
}

/** Runs a call and throws its failure translated. */
export async function translated<T>(place: Place, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw translate(error, place);
  }
}

/** As {@link translated}, for what fails while it is being read. */
export async function* translatedEach<T>(place: Place, source: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* source;
  } catch (error) {
    throw translate(error, place);
  }
}

function isServiceFailure(error: unknown): error is ServiceFailure {
  return error instanceof Error && (error.name === 'RestError' || CREDENTIAL_ERRORS.has(error.name));
}

function isTransient(error: ServiceFailure, code: string): boolean {
  if (CREDENTIAL_ERRORS.has(error.name)) return false;
  if (error.statusCode === undefined) return true;
  return TRANSIENT_STATUS.has(error.statusCode) || TRANSIENT_CODES.has(code);
}

function codeOf(error: ServiceFailure): string {
  // Answers to HEAD have no body, so their code is in a header only.
  return (
    error.code ??
    error.details?.errorCode ??
    error.response?.headers?.get?.('x-ms-error-code') ??
    (error.statusCode === undefined ? error.name : `Http${error.statusCode}`)
  );
}

function retryAfter(error: ServiceFailure): number | undefined {
  const seconds = Number(error.response?.headers?.get?.('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

function describe(error: ServiceFailure, code: string, place: Place): string {
  const subject =
    place.blob !== undefined
      ? `blob '${place.blob}' in container '${place.container}'`
      : place.container !== undefined
        ? `container '${place.container}'`
        : `table '${place.table}'`;
  const status = error.statusCode === undefined ? '' : `, HTTP ${error.statusCode}`;
  return `Storage call for ${subject} failed (${code}${status}): ${withoutSecrets(error.message)}`;
}

/** First line of a message, without the query of any URL in it: a query may be a SAS. */
export function withoutSecrets(message: string): string {
  return (message.split('\n', 1)[0] ?? '').replace(/\?[^\s'"]*/g, '?...');
}
