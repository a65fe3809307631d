import { FreeSlots } from '../nodes/free-slots';
import { Interner } from '../tasks/interner';
import { Job } from '../jobs/job';
import { ComputeNode } from '../nodes/node';
import { Pool } from '../pools/pool';
import { Task } from '../tasks/task';

const pool = (slots: number): Pool => new Pool({ id: 'p', vmSize: 's', taskSlotsPerNode: slots }, 1);

function idleNode(owner: Pool, index: number, used = 0): ComputeNode {
  const node = new ComputeNode(owner, `n${index}`, true, index, 1);
  node.state = 'idle';
  node.slotsUsed = used;
  return node;
}

function task(job: Job, id: string, slots = 1): Task {
  const constraints = { maxWallClockTime: 'P1D', retentionTime: 'P7D', maxTaskRetryCount: 0 };
  const created = job.tasks.nextSequence + 1;
  const made = new Task(
    job,
    id,
    job.bodies.put({ commandLine: 'x', requiredSlots: slots }),
    constraints,
    job.tasks.nextSequence,
    created,
  );
  job.tasks.add(made);
  return made;
}

const any = (): boolean => true;

const newJob = (): Job => new Job({ id: 'j', poolInfo: { poolId: 'p' } }, 1, 1);

describe('FreeSlots', () => {
  it('spread takes the emptiest node, pack the fullest with room', () => {
    const owner = pool(4);
    const free = new FreeSlots(4);
    const nodes = [0, 3, 1].map((used, index) => idleNode(owner, index, used));
    for (const node of nodes) free.update(node);
    expect(free.largest()).toBe(4);
    expect(free.pick(1, 'Spread', any)).toEqual([nodes[0]]);
    expect(free.pick(1, 'Pack', any)).toEqual([nodes[1]]);
    expect(free.pick(2, 'Pack', any)).toEqual([nodes[2]]);
    expect(free.pick(5, 'Pack', any)).toEqual([]);
  });

  it('gives as many nodes as asked for, or none, and only those that are accepted', () => {
    const owner = pool(1);
    const free = new FreeSlots(1);
    const nodes = [0, 1, 2].map((index) => idleNode(owner, index));
    for (const node of nodes) free.update(node);
    expect(free.pick(1, 'Spread', any, 3)).toHaveLength(3);
    expect(free.pick(1, 'Spread', any, 4)).toEqual([]);
    expect(free.pick(1, 'Spread', (node) => node === nodes[0], 1)).toEqual([nodes[0]]);
  });

  it('a node that takes no tasks is not found', () => {
    const owner = pool(1);
    const free = new FreeSlots(1);
    const nodes = [idleNode(owner, 0), idleNode(owner, 1)];
    for (const node of nodes) free.update(node);
    for (const node of nodes) {
      node.leaving = true;
      free.update(node);
    }
    expect([free.largest(), free.pick(1, 'Spread', any)]).toEqual([0, []]);
  });
});

describe('ReadyQueue', () => {
  it('gives the oldest task that fits, so that a wide one does not hold up others', () => {
    const job = newJob();
    const [wide, small] = [task(job, 'wide', 4), task(job, 'small', 1)];
    job.ready.add(wide);
    job.ready.add(small);
    expect(job.ready.peek((need) => need.slots <= 2)).toBe(small);
    expect(job.ready.peek((need) => need.slots <= 4)).toBe(wide);
  });

  it('skips tasks that are no longer active, and takes them again later', () => {
    const job = newJob();
    const [a, b] = [task(job, 'a'), task(job, 'b')];
    job.ready.add(a);
    job.ready.add(b);
    job.tasks.transition(a, 'completed', 10, () => undefined);
    expect(job.ready.peek((need) => need.slots <= 1)).toBe(b);
    job.ready.take(b);
    job.tasks.transition(a, 'active', 11, () => undefined);
    job.ready.add(a);
    expect(job.ready.peek((need) => need.slots <= 1)).toBe(a);
    job.ready.take(a);
    expect(job.ready.isEmpty).toBe(true);
  });
});

describe('TaskTable', () => {
  it('keeps counters and the order of transitions', () => {
    const job = newJob();
    const tasks = ['a', 'b', 'c'].map((id) => task(job, id, 2));
    const order = ['c', 'a', 'b'];
    order.forEach((id, at) => {
      const moved = job.tasks.get(id) as Task;
      job.tasks.transition(moved, 'completed', 100 + at, () => (moved.exitCode = id === 'a' ? 1 : 0));
    });
    expect(job.tasks.counts).toEqual({ active: 0, running: 0, completed: 3, succeeded: 2, failed: 1 });
    expect(job.tasks.slotCounts.failed).toBe(2);
    expect([...job.tasks.fromTime('completed', 101)].map(({ id }) => id)).toEqual(['a', 'b']);
    expect([...job.tasks.fromTime('completed', 100, 'c')].map(({ id }) => id)).toEqual(['a', 'b']);
    job.tasks.delete(tasks[0] as Task);
    expect(job.tasks.counts).toMatchObject({ completed: 2, failed: 0 });
    expect([...job.tasks.fromSequence(0)].map(({ id }) => id)).toEqual(['b', 'c']);
    expect(job.tasks.get('B')?.id).toBe('b');
  });
});

describe('Interner', () => {
  it('shares equal values and equal parts, and leaves unequal ones alone', () => {
    const interner = new Interner();
    const make = (index: string) => ({
      commandLine: 'run',
      env: [
        { name: 'A', value: 'a' },
        { name: 'I', value: index },
      ],
    });
    const first = interner.share('body', make('1'));
    const second = interner.share('body', make('2'));
    const third = interner.share('body', make('2'));
    expect(second).toEqual(make('2'));
    expect(second.env[0]).toBe(first.env[0]);
    expect(second.env[1]).not.toBe(first.env[1]);
    expect(third).toBe(second);
    expect(interner.share('body', Object.freeze(make('3')))).toEqual(make('3'));
  });
});
