/** Secrets of Azure Key Vault for the environment of tasks. Their values are never logged, kept or put into an error. */
export { SecretError, SecretUnavailableError } from './errors';
export type { SecretErrorCode } from './errors';
export { SecretReader } from './secret-reader';
export type { TokenSource } from './secret-reader';
