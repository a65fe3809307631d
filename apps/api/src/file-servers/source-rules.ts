import { type FileServerSource, parseSecretUrl, shareAccount } from '@windrow/contract';
import type { FieldError } from '../common/errors';

const KINDS = ['blobContainer', 'azureFiles', 'nfs'] as const;

/** What is wrong with a file server by itself. `vaults`: those that this deployment reads from. */
export function sourceErrors(source: FileServerSource, vaults: string[]): FieldError[] {
  const given = KINDS.filter((kind) => source[kind] !== undefined);
  if (given.length !== 1) {
    const message = `must name exactly one of ${KINDS.join(', ')}`;
    return [{ path: '$', code: given.length === 0 ? 'Required' : 'Conflict', message }];
  }
  return [...containerErrors(source), ...shareErrors(source), ...secretErrors(source, vaults)];
}

function containerErrors({ blobContainer }: FileServerSource): FieldError[] {
  if (!blobContainer) return [];
  const { container, accountName, keyVaultSecret, create = false } = blobContainer;
  const error = (field: string, code: string, message: string): FieldError[] => [
    { path: `$.blobContainer.${field}`, code, message },
  ];
  if (accountName !== undefined) {
    if (keyVaultSecret === undefined) return error('keyVaultSecret', 'Required', 'is required with accountName');
    return create ? error('create', 'Conflict', "is for containers of this deployment's own account") : [];
  }
  if (keyVaultSecret !== undefined) {
    return error('keyVaultSecret', 'Conflict', 'is of no use without accountName: Windrow signs for its own account');
  }
  // A mount may write: plans, ledgers and outputs of a workspace are nobody's to overwrite, not even its own.
  if (container.startsWith('windrow')) {
    return error('container', 'ReservedName', "must not begin with 'windrow': those containers are Windrow's own");
  }
  return [];
}

function shareErrors({ azureFiles }: FileServerSource): FieldError[] {
  if (!azureFiles || shareAccount(azureFiles.shareUrl) !== undefined) return [];
  const message = 'must be the URL of a share: https://{account}.file.core.windows.net/{share}';
  return [{ path: '$.azureFiles.shareUrl', code: 'InvalidValue', message }];
}

/** The worker reads secrets in its own name, so the operator says from which vaults. */
function secretErrors({ blobContainer, azureFiles }: FileServerSource, vaults: string[]): FieldError[] {
  const secret = blobContainer?.keyVaultSecret ?? azureFiles?.keyVaultSecret;
  if (secret === undefined) return [];
  const path = `$.${azureFiles ? 'azureFiles' : 'blobContainer'}.keyVaultSecret`;
  const vault = parseSecretUrl(secret)?.vault;
  if (vault === undefined) {
    const message = 'must be the address of a secret: https://{vault}.vault.azure.net/secrets/{name}';
    return [{ path, code: 'InvalidValue', message }];
  }
  if (vaults.includes(vault)) return [];
  const message = `names a vault that this deployment does not read from: ${vault}. Its operator can add it to WINDROW_KEY_VAULTS`;
  return [{ path, code: 'VaultNotAllowed', message }];
}
