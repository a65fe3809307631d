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
