import type { Account } from '../account/account';
import { accountId, type BatchAccount } from '../account/batch-account';
import { compact, type JsonObject } from '../util/json';
import { formatTime } from '../util/time';

/** "Batch Account - Get". */
export function renderAccount(account: BatchAccount, own: Account, baseUrl: string, state: string): JsonObject {
  const isOwn = own.isOwn(account.name);
  const { quotas } = own;
  // Only the own account has an address; the others get the form that Azure would give them.
  const host = isOwn ? new URL(baseUrl).host : `${account.name}.${account.location}.batch.azure.com`;
  return compact({
    id: accountId(account),
    name: account.name,
    type: 'Microsoft.Batch/batchAccounts',
    location: account.location,
    tags: account.tags,
    identity: account.identity ?? { type: 'None' },
    properties: compact({
      accountEndpoint: host,
      nodeManagementEndpoint: host,
      provisioningState: state,
      poolAllocationMode: 'BatchService',
      publicNetworkAccess: 'Enabled',
      encryption: { keySource: 'Microsoft.Batch' },
      ...account.inert,
      autoStorage: isOwn ? renderAutoStorage(account, own) : undefined,
      dedicatedCoreQuota: quotas.dedicatedCores,
      lowPriorityCoreQuota: quotas.lowPriorityCores,
      dedicatedCoreQuotaPerVMFamily: [],
      dedicatedCoreQuotaPerVMFamilyEnforced: false,
      poolQuota: quotas.pools,
      activeJobAndJobScheduleQuota: quotas.activeJobsAndSchedules,
      allowedAuthenticationModes: [...account.modes],
    }),
  });
}

function renderAutoStorage(
  { subscription, resourceGroup, lastKeySync }: BatchAccount,
  own: Account,
): JsonObject | undefined {
  if (!own.storage) return undefined;
  const group = `/subscriptions/${subscription}/resourceGroups/${resourceGroup}`;
  return {
    storageAccountId: `${group}/providers/Microsoft.Storage/storageAccounts/${own.storage.name}`,
    authenticationMode: 'StorageKeys',
    lastKeySync: formatTime(lastKeySync),
  };
}
