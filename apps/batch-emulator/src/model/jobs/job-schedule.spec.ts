import type { Recurrence } from '../../wire/types';
import { JobSchedule } from './job-schedule';

const MINUTE = 60_000_000;
const START = Date.parse('2026-01-01T00:00:00Z') * 1000;

const schedule = (recurrence: Recurrence): JobSchedule =>
  new JobSchedule({ id: 's', schedule: recurrence, jobSpecification: { poolInfo: { poolId: 'p' } } }, START);

describe('when the jobs of a schedule fall due', () => {
  it('the first at once, the next an interval later', () => {
    const made = schedule({ recurrenceInterval: 'PT2M' });
    made.fallDue(START);
    expect([made.due, made.nextRun]).toEqual([START, START + 2 * MINUTE]);
  });

  it('not before doNotRunUntil', () => {
    const made = schedule({ doNotRunUntil: '2026-01-01T01:00:00Z', recurrenceInterval: 'PT2M' });
    made.fallDue(START + MINUTE);
    expect([made.due, made.nextRun]).toEqual([undefined, START + 60 * MINUTE]);
  });

  it('not after doNotRunAfter', () => {
    const made = schedule({ doNotRunAfter: '2026-01-01T00:01:00Z', recurrenceInterval: 'PT2M' });
    made.fallDue(START);
    expect([made.due, made.nextRun]).toEqual([START, undefined]);
    made.fallDue(START + 2 * MINUTE);
    expect(made.due).toBeUndefined();
  });

  it('without an interval there is one', () => {
    const made = schedule({});
    made.fallDue(START);
    expect([made.due, made.nextRun]).toEqual([START, undefined]);
  });

  it('one job makes up for all that were missed, in step with the first', () => {
    const made = schedule({ recurrenceInterval: 'PT2M' });
    made.fallDue(START + 7 * MINUTE);
    expect([made.due, made.nextRun]).toEqual([START + 6 * MINUTE, START + 8 * MINUTE]);
  });

  it('a job that could not start within its window is lost', () => {
    const made = schedule({ recurrenceInterval: 'PT10M', startWindow: 'PT1M' });
    made.fallDue(START);
    made.fallDue(START + MINUTE);
    expect(made.due).toBe(START);
    made.fallDue(START + MINUTE + 1);
    expect(made.due).toBeUndefined();
  });
});
