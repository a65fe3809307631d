import { DependencyIndex } from './dependencies';
import { Job } from './job';
import { Task } from './task';

const job = new Job({ id: 'j', usesTaskDependencies: true, poolInfo: { poolId: 'p' } }, 1, 1);
const constraints = { maxWallClockTime: 'P1D', retentionTime: 'P7D', maxTaskRetryCount: 0 };

function add(id: string, dependsOn?: { taskIds?: string[]; taskIdRanges?: { start: number; end: number }[] }): Task {
  const body = { commandLine: 'x', ...(dependsOn && { dependsOn }) };
  const task = new Task(job, id, body, constraints, job.tasks.nextSequence, job.tasks.nextSequence + 1);
  job.tasks.add(task);
  return task;
}

function complete(task: Task): void {
  job.tasks.transition(task, 'completed', 1, () => (task.exitCode = 0));
}

describe('DependencyIndex', () => {
  it('serves thousands of tasks over a range of a hundred thousand, in any order of completion', () => {
    const index = new DependencyIndex(job.tasks);
    const count = 100_000;
    const waiting = Array.from({ length: 2000 }, (_, at) =>
      add(`w${at}`, { taskIdRanges: [{ start: 1, end: count - at }] }),
    );
    expect(waiting.some((task) => index.isMet(task))).toBe(false);
    expect(index.size).toBe(2000);
    const released: string[] = [];
    // 7919 is prime to the count, so that every number comes up once.
    for (let step = 0; step < count; step++) {
      const parent = add(String(((step * 7919) % count) + 1));
      complete(parent);
      released.push(...index.completed(parent).map(({ id }) => id));
    }
    expect(index.size).toBe(0);
    expect(new Set(released).size).toBe(2000);
    const late = add('late', { taskIds: ['w0'], taskIdRanges: [{ start: 1, end: count }] });
    expect(index.isMet(late)).toBe(false);
    complete(waiting[0] as Task);
    expect(index.completed(waiting[0] as Task)).toEqual([late]);
  });

  it('looks again at what was done when a parent has fallen back', () => {
    const index = new DependencyIndex(job.tasks);
    const [a, b] = [add('a'), add('b')];
    complete(a);
    const child = add('child', { taskIds: ['a', 'b'] });
    expect(index.isMet(child)).toBe(false);
    job.tasks.transition(a, 'active', 2, () => (a.exitCode = undefined));
    index.undone(a);
    complete(b);
    expect(index.completed(b)).toEqual([]);
    complete(a);
    expect(index.completed(a)).toEqual([child]);
  });
});
