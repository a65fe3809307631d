/** The part of Azure's management (ARM) that tells of a Batch account: its place and its quotas. */
import type { TokenCredential } from '@azure/core-auth';
import { BatchRefusedError, BatchUnavailableError } from './errors';
import { TRANSIENT_STATUS } from './transport/failure';
import { retryAfterMs } from './transport/retry-after';

export interface ArmConfig {
  /** Endpoint and resource id: `https://management.azure.com/subscriptions/.../batchAccounts/{name}`. */
  accountUrl: string;
  /** Absent: a local emulator, which takes any token. */
  credential?: TokenCredential;
}

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

const API_VERSION = '2023-11-01';
const SCOPE = 'https://management.azure.com/.default';
const TIME_LIMIT_MS = 10_000;

/** @throws BatchUnavailableError; BatchRefusedError */
export async function readAccount({ accountUrl, credential }: ArmConfig): Promise<BatchAccountFacts> {
  const authorization = `Bearer ${await token(credential)}`;
  let response: Response;
  try {
    response = await fetch(`${accountUrl}?api-version=${API_VERSION}`, {
      headers: { accept: 'application/json', authorization },
      // A token must not follow an answer to somewhere else.
      redirect: 'error',
      signal: AbortSignal.timeout(TIME_LIMIT_MS),
    });
  } catch (cause) {
    throw new BatchUnavailableError('Azure management does not answer.', { code: 'Unreachable', cause });
  }
  if (response.ok) return (await response.json()) as BatchAccountFacts;
  const { status } = response;
  const body = (await response.json().catch(() => ({}))) as { error?: { code?: string } };
  const code = body.error?.code ?? `Http${status}`;
  const wait = retryAfterMs(response.headers.get('retry-after') ?? undefined, Date.now());
  const facts = { status, code, ...(wait !== undefined && { retryAfterMs: wait }) };
  const text = `Azure management refused to tell of the Batch account (${code}, HTTP ${status}). The identity of this service needs the role Reader on it.`;
  throw TRANSIENT_STATUS.has(status) ? new BatchUnavailableError(text, facts) : new BatchRefusedError(text, facts);
}

async function token(credential: TokenCredential | undefined): Promise<string> {
  if (!credential) return 'development';
  try {
    return (await credential.getToken(SCOPE))?.token ?? '';
  } catch (cause) {
    throw new BatchRefusedError('This service could not sign in to Azure management.', { code: 'SignInFailed', cause });
  }
}
