/** What management tells of a Batch account: its place and its quotas. */
import { armRequest } from './request';
import type { ArmConfig } from './request';

/** "Batch Account - Get" (api-version 2023-11-01), as far as it is of use here. */
export interface BatchAccountFacts {
  name: string;
  location: string;
  properties: {
    provisioningState?: string;
    poolAllocationMode?: string;
    autoStorage?: { storageAccountId?: string };
    /** Absent in accounts of mode `UserSubscription`, whose cores are those of the subscription. */
    dedicatedCoreQuota?: number;
    lowPriorityCoreQuota?: number;
    dedicatedCoreQuotaPerVMFamily?: { name: string; coreQuota: number }[];
    dedicatedCoreQuotaPerVMFamilyEnforced?: boolean;
    poolQuota?: number;
    activeJobAndJobScheduleQuota?: number;
  };
}

/** @throws a BatchError */
export async function readAccount(config: ArmConfig): Promise<BatchAccountFacts> {
  return armRequest(config, { method: 'GET', doing: 'Reading the Batch account', role: 'Reader' });
}
