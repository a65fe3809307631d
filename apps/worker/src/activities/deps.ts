import type { BatchClient } from '@windrow/batch';
import type { Storage } from '@windrow/storage';
import type { Client } from '@temporalio/client';
import type { SecretReader } from '../secrets';

/** What activities need from the world; given once, at the worker's start. */
export interface ActivityDeps {
  storage: Storage;
  batch: BatchClient;
  secrets: SecretReader;
  /** Made on first use: the worker connects to Temporal after its activities are built. */
  temporal: () => Client;
  timing: WatchTiming;
  /** Names this installation on what it creates in Batch. */
  deployment: string;
}

export interface WatchTiming {
  /** First and longest interval between two polls. Milliseconds. */
  pollMinMs: number;
  pollMaxMs: number;
}
