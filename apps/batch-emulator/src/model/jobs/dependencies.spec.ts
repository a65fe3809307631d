import { DependencyIndex } from './dependencies';
import { Job } from './job';
import { NumberSet } from './number-set';
import { Task } from '../tasks/task';

const newJob = (): Job => new Job({ id: 'j', usesTaskDependencies: true, poolInfo: { poolId: 'p' } }, 1, 1);
const constraints = { maxWallClockTime: 'P1D', retentionTime: 'P7D', maxTaskRetryCount: 0 };

function add(
  job: Job,
  id: string,
  dependsOn?: { taskIds?: string[]; taskIdRanges?: { start: number; end: number }[] },
): Task {
  const body = { commandLine: 'x', ...(dependsOn && { dependsOn }) };
  const task = new Task(job, id, job.bodies.put(body), constraints, job.tasks.nextSequence, job.tasks.nextSequence + 1);
  job.tasks.add(task);
  return task;
}

function complete(task: Task): void {
  task.job.tasks.transition(task, 'completed', 1, () => (task.exitCode = 0));
}

describe('DependencyIndex', () => {
  // 7919 is prime to the count, so that every number comes up once.
  it.each([
    ['as they were added', 1],
    ['backwards', -1],
    ['at random', 7919],
  ])('serves thousands of tasks over ranges of many thousands that end %s', (_order, stride) => {
    const job = newJob();
    const index = new DependencyIndex(job.tasks);
    const count = 50_000;
    const waiting = Array.from({ length: 5000 }, (_, at) =>
      add(job, `w${at}`, { taskIdRanges: [{ start: 1, end: count - at }] }),
    );
    expect(waiting.some((task) => index.isMet(task))).toBe(false);
    const lookups = jest.spyOn(NumberSet.prototype, 'someMissing');
    const released: string[] = [];
    for (let step = 0; step < count; step++) {
      const parent = add(job, String(((((step * stride) % count) + count) % count) + 1));
      complete(parent);
      released.push(...index.completed(parent).map(({ id }) => id));
    }
    expect(index.size).toBe(0);
    expect(new Set(released).size).toBe(waiting.length);
    expect(lookups.mock.calls.length / waiting.length).toBeLessThan(60);
    lookups.mockRestore();
    const late = add(job, 'late', { taskIds: ['w0'], taskIdRanges: [{ start: 1, end: count }] });
    expect(index.isMet(late)).toBe(false);
    complete(waiting[0] as Task);
    expect(index.completed(waiting[0] as Task)).toEqual([late]);
  });

  it('looks again at what was done when a parent has fallen back', () => {
    const job = newJob();
    const index = new DependencyIndex(job.tasks);
    const [a, b] = [add(job, 'a'), add(job, 'b')];
    complete(a);
    const child = add(job, 'child', { taskIds: ['a', 'b'] });
    expect(index.isMet(child)).toBe(false);
    job.tasks.transition(a, 'active', 2, () => (a.exitCode = undefined));
    index.undone(a);
    complete(b);
    expect(index.completed(b)).toEqual([]);
    complete(a);
    expect(index.completed(a)).toEqual([child]);
  });
});
