import type { TokenCredential } from '@azure/core-auth';

/** The current version of the data plane; the bodies of the older ones back to 2022-10-01.16.0 are all but the same. */
export const DEFAULT_API_VERSION = '2025-06-01';

export type BatchAuth =
  { kind: 'sharedKey'; accountName: string; accountKey: string } | { kind: 'token'; credential: TokenCredential };

/** One attempt of one request, for metrics and logs. */
export interface RequestReport {
  /** For example `pools.create`. */
  operation: string;
  method: string;
  /** Absent when no answer came. */
  status?: number;
  ms: number;
  /** From 1. */
  attempt: number;
}

/** One call that changes something in the account, when it has ended. */
export interface ChangeReport {
  /** For example `pools.create`. */
  operation: string;
  method: string;
  /** Of what is changed, without a query: `/jobs/j1/addtaskcollection`. */
  path: string;
  /** Tasks that the call adds. */
  tasks?: number;
  /** Of the last answer; absent when none came. */
  status?: number;
  /** Batch's own code of a failure, or the network's. */
  code?: string;
  /** Of the last answer: Azure's support finds the request by it. */
  requestId?: string;
  /** How often it was sent. */
  attempts: number;
}

export interface RetryConfig {
  /** Attempts in all (default 5). */
  maxAttempts?: number;
  /** Wait before the second attempt, doubled with each further one (default 500). Milliseconds. */
  baseDelayMs?: number;
  /** Longest wait within a call (default 30,000). Milliseconds. */
  maxDelayMs?: number;
}

export interface BatchConfig {
  /** URL of the account, for example `https://account.region.batch.azure.com`. */
  endpoint: string;
  auth: BatchAuth;
  apiVersion?: string;
  retry?: RetryConfig;
  onRequest?: (report: RequestReport) => void;
  /** Told of every call but mere readings; the data plane keeps no log of its own. Must not throw. */
  onChange?: (report: ChangeReport) => void;
}

/** What the client takes from the world around it; tests give their own. */
export interface BatchRuntime {
  now(): number;
  random(): number;
  sleep(ms: number): Promise<void>;
}

export const SYSTEM_RUNTIME: BatchRuntime = {
  now: Date.now,
  random: Math.random,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
