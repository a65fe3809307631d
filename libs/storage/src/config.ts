import type { TokenCredential } from '@azure/core-auth';
import { StorageRefusedError } from './errors';
import type { OnStorageRequest } from './observe';

export const DEFAULT_TABLE = 'windrowcatalogue';

export type StorageAuth =
  { kind: 'sharedKey'; accountName: string; accountKey: string } | { kind: 'token'; credential: TokenCredential };

/** Where storage is and how to sign in. Pure data: the apps read their environment and pass this in. */
export interface StorageConfig {
  blobEndpoint: string;
  tableEndpoint: string;
  /** Table of the catalogue (default {@link DEFAULT_TABLE}). */
  tableName?: string;
  auth: StorageAuth;
  /** Retries within one call (default: the clients' own, about 4 tries). */
  retry?: { maxTries: number };
  /** Told of every request. Must not throw. */
  onRequest?: OnStorageRequest;
}

/**
 * Reads a storage connection string, with endpoints given (Azurite) or built from `EndpointSuffix`.
 * @throws StorageRefusedError code `InvalidConnectionString`; the message never holds the string.
 */
export function storageConfigFromConnectionString(text: string): StorageConfig {
  const parts = new Map<string, string>();
  for (const part of text.split(';')) {
    const at = part.indexOf('=');
    if (at > 0) parts.set(part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim());
  }
  if (parts.get('usedevelopmentstorage') === 'true') return developmentStorage();
  const accountName = needed(parts, 'AccountName');
  const accountKey = needed(parts, 'AccountKey');
  const endpoint = (service: 'blob' | 'table') => {
    const given = parts.get(`${service}endpoint`);
    const protocol = parts.get('defaultendpointsprotocol') ?? 'https';
    const suffix = parts.get('endpointsuffix') ?? 'core.windows.net';
    return withoutSlash(given ?? `${protocol}://${accountName}.${service}.${suffix}`);
  };
  return {
    blobEndpoint: endpoint('blob'),
    tableEndpoint: endpoint('table'),
    auth: { kind: 'sharedKey', accountName, accountKey },
  };
}

/** Public endpoints of an account, signed in to with a token. */
export function storageConfigForAccount(accountName: string, credential: TokenCredential): StorageConfig {
  return {
    blobEndpoint: `https://${accountName}.blob.core.windows.net`,
    tableEndpoint: `https://${accountName}.table.core.windows.net`,
    auth: { kind: 'token', credential },
  };
}

/** The well-known account and key that every storage emulator uses; published by Microsoft, no secret. */
function developmentStorage(): StorageConfig {
  const accountName = 'devstoreaccount1';
  return {
    blobEndpoint: `http://127.0.0.1:10000/${accountName}`,
    tableEndpoint: `http://127.0.0.1:10002/${accountName}`,
    auth: {
      kind: 'sharedKey',
      accountName,
      accountKey: 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
    },
  };
}

function needed(parts: Map<string, string>, name: string): string {
  const value = parts.get(name.toLowerCase());
  if (value) return value;
  throw new StorageRefusedError(
    `The storage connection string has no ${name}. It needs AccountName and AccountKey; for a sign-in without a key give the account's name instead.`,
    { code: 'InvalidConnectionString' },
  );
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
