import { completeExecution } from '@windrow/contract';
import { JobControls } from './controls';

const planned = (execution: Parameters<typeof completeExecution>[0] = {}) => {
  const sut = new JobControls();
  sut.plan(completeExecution(execution));
  return sut;
};

describe('what is wanted of a job', () => {
  it('stops for a pause and for a budget; to put back what runs is the stronger wish', () => {
    const sut = planned();
    expect(sut.stop).toBeUndefined();
    sut.pause({ running: 'requeue' });
    sut.pause({ running: 'wait' });
    expect(sut.stop).toBe('requeue');
    sut.spent = 'used up';
    sut.resume();
    sut.resume();
    expect(sut.stop).toBe('wait');
  });

  it('is the specification and the changes since, also those that came before the plan', () => {
    const sut = new JobControls();
    sut.change({ maxParallelTasks: 3, toleratedFailures: { percent: 5 } });
    sut.plan(completeExecution({ maxParallelTasks: 9, toleratedFailures: { count: 2 }, priority: 'low' }));
    sut.change({ priority: 'high' });
    expect(sut.execution).toEqual({
      maxParallelTasks: 3,
      priority: 'high',
      timeout: 'P7D',
      toleratedFailures: { count: 2, percent: 5 },
    });
    expect(sut.priority).toBe(2);
  });

  it('tolerates by count or by percent, whichever is more', () => {
    const sut = planned({ toleratedFailures: { count: 3, percent: 10 } });
    expect([sut.tolerated(20), sut.tolerated(59)]).toEqual([3, 5]);
    sut.change({ toleratedFailures: { count: 7 } });
    expect(sut.tolerated(59)).toBe(7);
  });

  it('ends by timeout or deadline, whichever is first, and says which', () => {
    const deadline = new Date(Date.now() + 60_000).toISOString();
    const sut = planned({ timeout: 'PT1H', deadline });
    expect(sut.timeLimit).toEqual({ at: Date.parse(deadline), words: `before execution.deadline (${deadline})` });
    sut.change({ timeout: 'PT30S' });
    expect(sut.timeLimit.words).toBe('within execution.timeout (PT30S)');
    expect(sut.timeLimit.at - Date.now()).toBeLessThanOrEqual(30_000);
  });
});
