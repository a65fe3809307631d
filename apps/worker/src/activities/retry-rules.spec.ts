import type { LedgerEntry, RetryRule } from '@windrow/contract';
import { backoffOf, matchingRule } from './retry-rules';

const failed: LedgerEntry = {
  task: 1,
  attempt: 1,
  outcome: 'failed',
  exitCode: 3,
  category: 'exitCode',
  code: 'FailureExitCode',
  batchRetries: 0,
};
const rule = (on: RetryRule['on'], attempts = 2): RetryRule => ({ on, attempts });

describe('retry rules', () => {
  it.each([
    [{ exitCodes: [3] }, true],
    [{ exitCodes: [4] }, false],
    [{ categories: ['exitCode' as const] }, true],
    [{ codes: ['TaskEnded'] }, false],
    [{ exitCodes: [4], codes: ['FailureExitCode'] }, true],
    [{}, true],
  ])('%j matches exit code 3: %s', (on, matches) => {
    expect(matchingRule([rule(on)], failed) !== undefined).toBe(matches);
  });

  it('takes the first rule that matches', () => {
    const rules = [rule({ exitCodes: [9] }, 9), rule({ exitCodes: [3] }, 5), rule({}, 7)];
    expect(matchingRule(rules, failed)?.attempts).toBe(5);
  });

  it('does not take an absent exit code for 0', () => {
    const { exitCode: _exitCode, ...neverRan } = failed;
    expect(matchingRule([rule({ exitCodes: [0] })], neverRan)).toBeUndefined();
  });

  it('backs off longer with each attempt, up to the limit', () => {
    const backoff = { initial: 'PT1S', coefficient: 3, max: 'PT5S' };
    expect([1, 2, 3].map((attempt) => backoffOf({ ...rule({}), backoff }, attempt))).toEqual([1000, 3000, 5000]);
  });
});
