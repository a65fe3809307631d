import type { PipelinePolicy, PipelineResponse } from '@azure/core-rest-pipeline';
import type { BatchRuntime, RetryConfig } from '../config';
import { TRANSIENT_STATUS } from './failure';
import { retryAfterMs } from './retry-after';

const DEFAULTS: Required<RetryConfig> = { maxAttempts: 5, baseDelayMs: 500, maxDelayMs: 30_000 };

export type RetryRules = Required<RetryConfig>;

export function retryRules(config: RetryConfig = {}): RetryRules {
  return { ...DEFAULTS, ...config };
}

/**
 * The one place that tries again: on throttling, on failures of the service and on those of the network. Writes too,
 * because every write is idempotent by its name. A service that asks for a longer rest than `maxDelayMs` is left
 * alone: the caller gets the error, with `retryAfterMs`, and can wait without holding a worker.
 */
export function retryPolicy(rules: RetryRules, runtime: BatchRuntime): PipelinePolicy {
  return {
    name: 'windrowRetry',
    sendRequest: async (request, next) => {
      for (let attempt = 1; ; attempt += 1) {
        let response: PipelineResponse | undefined;
        let failure: unknown;
        try {
          response = await next(request);
          if (!TRANSIENT_STATUS.has(response.status)) return response;
        } catch (error) {
          if (!isNetworkFailure(error)) throw error;
          failure = error;
        }
        const wait = delayMs(rules, runtime, attempt, response);
        if (attempt >= rules.maxAttempts || wait === undefined) {
          if (response) return response;
          throw failure;
        }
        await runtime.sleep(wait);
      }
    },
  };
}

/** Wait before the next attempt; undefined when the service wants a longer one than we wait here. */
function delayMs(
  rules: RetryRules,
  runtime: BatchRuntime,
  attempt: number,
  response: PipelineResponse | undefined,
): number | undefined {
  const asked = retryAfterMs(response?.headers.get('retry-after'), runtime.now());
  if (asked !== undefined) return asked <= rules.maxDelayMs ? asked : undefined;
  return backoffMs(rules, runtime, attempt);
}

/** Exponential, of which the upper half is left to chance so that many workers do not come back at once. */
export function backoffMs(rules: RetryRules, runtime: BatchRuntime, attempt: number): number {
  const ceiling = Math.min(rules.maxDelayMs, rules.baseDelayMs * 2 ** (attempt - 1));
  return Math.round(ceiling * (0.5 + runtime.random() / 2));
}

/** A `RestError` without an answer, or the abort with which the transport ends a request that takes too long. */
export function isNetworkFailure(error: unknown): boolean {
  return error instanceof Error && (error.name === 'RestError' || error.name === 'AbortError');
}
