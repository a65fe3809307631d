export type SecretErrorCode = 'SecretNotFound' | 'SecretForbidden' | 'SecretRefused' | 'VaultNotAllowed';

/** Thrown when a secret cannot be had: no retry can help. Holds its address, never its value. */
export class SecretError extends Error {
  constructor(
    readonly code: SecretErrorCode,
    /** Where the specification names it. */
    readonly path: string,
    message: string,
  ) {
    super(message);
    this.name = 'SecretError';
  }
}

/** Thrown when the vault throttles, fails or cannot be reached. */
export class SecretUnavailableError extends Error {
  constructor(
    message: string,
    /** How long the vault asked to be left alone. Milliseconds. */
    readonly retryAfterMs: number | undefined,
    cause?: unknown,
  ) {
    super(message, { cause });
    this.name = 'SecretUnavailableError';
  }
}
