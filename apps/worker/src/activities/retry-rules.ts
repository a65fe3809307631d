/** What the retry rules say of one failure. Pure. */
import type { LedgerEntry, RetryRule } from '@windrow/contract';
import { DEFAULT_BACKOFF, durationMs } from '@windrow/contract';

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

/** The rule that gives the task another attempt. `attempts`: those it has had, this one included. */
export function retryingRule(rules: RetryRule[], entry: LedgerEntry, attempts: number): RetryRule | undefined {
  const rule = entry.outcome === 'failed' ? matchingRule(rules, entry) : undefined;
  return rule && attempts < rule.attempts ? rule : undefined;
}

/** Wait after attempt `attempt`. Milliseconds. */
export function backoffOf(rule: RetryRule, attempt: number): number {
  const { initial, coefficient, max } = { ...DEFAULT_BACKOFF, ...rule.backoff };
  return Math.min(durationMs(max), durationMs(initial) * coefficient ** (attempt - 1));
}

/**
 * What is different for a task whose failures matched the rules at `positions`, the latest last: a later rule wins
 * where two speak of the same.
 */
export function changeOf(
  rules: RetryRule[],
  positions: number[],
): { requiredSlots?: number; environment: Record<string, string> } {
  const change: { requiredSlots?: number; environment: Record<string, string> } = { environment: {} };
  for (const position of positions) {
    const { requiredSlots, environment } = rules[position]?.change ?? {};
    if (requiredSlots !== undefined) change.requiredSlots = requiredSlots;
    Object.assign(change.environment, environment);
  }
  return change;
}
