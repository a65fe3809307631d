import { toleranceFailure } from './tolerance';

describe('the tolerance', () => {
  it('is kept up to its number, tasks that could not run included', () => {
    expect(toleranceFailure({ total: 10, failed: 2, blocked: 1 }, 3)).toBeUndefined();
    const excess = toleranceFailure({ total: 10, failed: 2, blocked: 2 }, 3);
    expect(excess).toMatchObject({ type: 'ToleranceExceeded', nonRetryable: true });
    expect(excess?.message).toBe(
      '2 of 10 tasks failed, and 2 could not run because they depend on failed ones; the job tolerates 3. See the failures and results/FAILED_0.jsonl.',
    );
  });

  it('counts tasks that never ran and that a redrive left out', () => {
    expect(toleranceFailure({ total: 10, failed: 0, blocked: 0, skipped: 2 }, 2)).toBeUndefined();
    expect(toleranceFailure({ total: 10, failed: 0, blocked: 0, skipped: 2 }, 1)?.message).toContain(
      '0 of 10 tasks failed, and 2 never ran and were not redriven; the job tolerates 1.',
    );
  });

  it('says that the rest was not run, when it ended the job early', () => {
    expect(toleranceFailure({ total: 10, failed: 1, blocked: 0, early: true }, 0)?.message).toContain(
      '1 of 10 tasks failed; the job tolerates 0. The job was stopped there: tasks that ran were ended, and the rest was not run.',
    );
  });
});
