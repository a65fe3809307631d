import type { ApplicationManager, BatchClient } from '@windrow/batch';
import type { PriceList, WorkspaceQuotas } from '@windrow/contract';
import type { Storage } from '@windrow/storage';
import type { Client } from '@temporalio/client';
import type { SecretReader } from '../secrets';
import type { WebhookSender } from '../webhooks';

/** What activities need from the world; given once, at the worker's start. */
export interface ActivityDeps {
  storage: Storage;
  batch: BatchClient;
  /** Absent where the deployment does not say how its account is managed. */
  applications?: ApplicationManager;
  secrets: SecretReader;
  webhooks: WebhookSender;
  /** Made on first use: the worker connects to Temporal after its activities are built. */
  temporal: () => Client;
  timing: WatchTiming & PoolTiming;
  /** Names this installation on what it creates in Batch. */
  deployment: string;
  /** Of the deployment's VM sizes, where it has them. */
  prices?: PriceList;
  /** Of workspaces that have none of their own. */
  defaultQuotas?: WorkspaceQuotas;
}

export interface WatchTiming {
  /** First and longest interval between two polls. Milliseconds. */
  pollMinMs: number;
  pollMaxMs: number;
}

export interface PoolTiming {
  /** How long a pool may be other than it should be before it is pushed on. Milliseconds. */
  patienceMs: number;
}
