/** Which failures are worth another attempt, and when. */
import { heartbeat } from '@temporalio/activity';
import { Ledger } from '@windrow/storage';
import type { JobInput, LedgerEntry, RetryRule } from '@windrow/contract';
import { DEFAULT_BACKOFF, durationMs, jobPaths, workspaceContainer } from '@windrow/contract';
import type { ActivityDeps } from './deps';
import type { RetryDecision, RetryInput } from './wave-types';

export function createRetryActivities({ storage }: ActivityDeps) {
  /** Writes the sorted list of task indexes to try again; an empty list is not written. */
  async function decideRetries({ input, wave, attempt, rules }: RetryInput): Promise<RetryDecision> {
    const container = workspaceContainer(input.workspace);
    const blob = jobPaths(input.uid).retryList(attempt + 1);
    const chosen: number[] = [];
    let backoffMs = 0;
    let read = 0;
    for await (const entry of new Ledger(storage.blobs, container, input.uid).read(wave)) {
      if (++read % 10_000 === 0) heartbeat(read);
      const rule = entry.outcome === 'failed' ? matchingRule(rules, entry) : undefined;
      if (!rule || attempt >= rule.attempts) continue;
      chosen.push(entry.task);
      backoffMs = Math.max(backoffMs, backoffOf(rule, attempt));
    }
    if (chosen.length > 0) {
      chosen.sort((a, b) => a - b);
      await storage.blobs.writeText(container, blob, `${chosen.join('\n')}\n`);
    }
    return { retry: chosen.length, blob, backoffMs };
  }

  /** The first failure of a wave in words, for the job's error. */
  async function explainFailure({ input, wave }: { input: JobInput; wave: string }): Promise<string> {
    const container = workspaceContainer(input.workspace);
    for await (const entry of new Ledger(storage.blobs, container, input.uid).read(wave)) {
      if (entry.outcome === 'failed') return describeFailure(entry);
    }
    return 'unknown';
  }

  return { decideRetries, explainFailure };
}

/** The first rule one of whose conditions holds; a rule without conditions holds for every failure. */
export function matchingRule(rules: RetryRule[], entry: LedgerEntry): RetryRule | undefined {
  return rules.find(({ on: { exitCodes = [], categories = [], codes = [] } }) => {
    if (exitCodes.length + categories.length + codes.length === 0) return true;
    return (
      (entry.exitCode !== undefined && exitCodes.includes(entry.exitCode)) ||
      (entry.category !== undefined && categories.includes(entry.category)) ||
      (entry.code !== undefined && codes.includes(entry.code))
    );
  });
}

/** Wait after attempt `attempt`. Milliseconds. */
export function backoffOf(rule: RetryRule, attempt: number): number {
  const { initial, coefficient, max } = { ...DEFAULT_BACKOFF, ...rule.backoff };
  return Math.min(durationMs(max), durationMs(initial) * coefficient ** (attempt - 1));
}

export function describeFailure(entry: LedgerEntry): string {
  const exit = entry.exitCode === undefined ? '' : `, exit code ${entry.exitCode}`;
  const tail = entry.stderrTail ? `; stderr ends: ${entry.stderrTail.trim().slice(-500)}` : '';
  return `task ${entry.task}: ${entry.code ?? 'Unknown'} (${entry.category ?? 'service'}${exit})${tail}`;
}
