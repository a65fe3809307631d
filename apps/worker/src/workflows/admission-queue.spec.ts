import { holdNodes, couldGrow } from './admission-nodes';
import { answerFor, enqueue, grant, isFull, leave, limit, movedUp, newAdmission } from './admission-queue';
import type { AdmissionData } from './admission-queue';

const QUOTAS = { asOf: '1', concurrentJobs: 2, queuedJobs: 1 };

function queueOf(quotas: object = QUOTAS): AdmissionData {
  const data = newAdmission();
  limit(data, { ...QUOTAS, ...quotas });
  return data;
}
function ask(data: AdmissionData, id: string, priority = 1): string {
  enqueue(data, { id, holder: `job:${id}`, job: id, priority, quotas: QUOTAS }, 1000);
  grant(data);
  return answerFor(data, id, 'aero').state;
}
const ids = (entries: { id: string }[]) => entries.map(({ id }) => id);

/** The same numbers each time. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

describe('jobs of a workspace with a quota', () => {
  it.each([1, 2, 3, 4, 5])('are never more than it, and nobody is lost or overtaken unfairly: seed %i', (seed) => {
    const random = seeded(seed);
    const data = queueOf({ concurrentJobs: 3, queuedJobs: undefined });
    const arrived: { id: string; priority: number }[] = [];
    const ended = new Set<string>();
    for (let step = 0; step < 400; step++) {
      const present = ids([...data.running, ...data.queue]);
      if (random(2) === 0 || present.length === 0) {
        const one = { id: `j${step}`, priority: random(3) };
        arrived.push(one);
        ask(data, one.id, one.priority);
      } else {
        const id = present[random(present.length)]!;
        ended.add(id);
        leave(data, id);
        const before = [...data.queue];
        const granted = grant(data);
        // Of those that waited nobody of a higher priority, or of the same and earlier, is left behind.
        for (const one of granted) {
          const better = before.filter(
            (other) =>
              !granted.includes(other) &&
              (other.priority > one.priority || (other.priority === one.priority && other.number < one.number)),
          );
          expect(better).toEqual([]);
        }
      }
      expect(data.running.length).toBeLessThanOrEqual(3);
      expect(data.running.length === 3 || data.queue.length === 0).toBe(true);
      const known = ids([...data.running, ...data.queue]).sort();
      expect(known).toEqual(
        ids(arrived)
          .filter((id) => !ended.has(id))
          .sort(),
      );
    }
  });

  it('ask twice and are one; their place and its reason are told', () => {
    const data = queueOf();
    expect(['a', 'a', 'b', 'c', 'd', 'c'].map((id) => ask(data, id))).toEqual([
      ...['admitted', 'admitted', 'admitted'],
      ...['queued', 'queued', 'queued'],
    ]);
    expect(answerFor(data, 'd', 'aero').waiting).toEqual({
      code: 'WorkspaceQuota',
      message: 'Number 2 in the queue of workspace aero: 2 of 2 jobs run.',
      since: '1970-01-01T00:00:01.000Z',
    });
    leave(data, 'a');
    expect(ids(grant(data))).toEqual(['c']);
    expect(ids(movedUp(data))).toEqual(['d']);
    expect(answerFor(data, 'd', 'aero').waiting?.message).toContain('Number 1');
    expect(movedUp(data)).toEqual([]);
    expect(leave(data, 'a')).toBe(false);
  });

  it('go by a priority that is changed while they wait', () => {
    const data = queueOf();
    ['a', 'b', 'c', 'd'].forEach((id) => ask(data, id));
    ask(data, 'd', 2);
    leave(data, 'b');
    expect(ids(grant(data))).toEqual(['d']);
  });

  it('are let in at once when the quota is raised or taken away, and an older one changes nothing', () => {
    const data = queueOf();
    ['a', 'b', 'c', 'd'].forEach((id) => ask(data, id));
    limit(data, { asOf: '2', concurrentJobs: 3 });
    expect(ids(grant(data))).toEqual(['c']);
    limit(data, { asOf: '1', concurrentJobs: 9 });
    expect(grant(data)).toEqual([]);
    limit(data, { asOf: '3' });
    expect(ids(grant(data))).toEqual(['d']);
    limit(data, { asOf: '4', concurrentJobs: 1 });
    expect(data.running).toHaveLength(4);
    expect(ask(data, 'e')).toBe('queued');
  });

  it('are too many for the queue when every place of it is taken, but for those that have one', () => {
    const data = queueOf();
    for (const id of ['a', 'b', 'c']) {
      expect(isFull(data, id)).toBe(false);
      ask(data, id);
    }
    expect(isFull(data, 'd')).toBe(true);
    expect(isFull(data, 'c')).toBe(false);
    leave(data, 'a');
    expect(isFull(data, 'd')).toBe(false);
  });
});

describe('nodes of a workspace with a quota', () => {
  const hold = (data: AdmissionData, holder: string, nodes: number) =>
    holdNodes(data, { holder, poolId: holder, nodes }, 'aero', 0);
  const sum = (data: AdmissionData) => data.nodes.reduce((all, { nodes }) => all + nodes, 0);

  it.each([1, 2, 3])('are never more than it, however many pools grow and shrink: seed %i', (seed) => {
    const random = seeded(seed);
    const data = queueOf({ nodes: 10 });
    for (let step = 0; step < 300; step++) {
      const { granted } = hold(data, `c${random(4)}`, random(9));
      expect(granted).toBeGreaterThanOrEqual(0);
      expect(sum(data)).toBeLessThanOrEqual(10);
    }
  });

  it('are divided as they are asked for, and those that got too few are told when some are free', () => {
    const data = queueOf({ nodes: 3 });
    expect(hold(data, 'a', 2)).toEqual({ granted: 2 });
    expect(hold(data, 'b', 2)).toMatchObject({ granted: 1, message: expect.stringContaining('3 of the 3 nodes') });
    expect(couldGrow(data)).toEqual([]);
    hold(data, 'a', 0);
    expect(couldGrow(data)).toMatchObject([{ holder: 'b' }]);
    expect(hold(data, 'b', 2)).toEqual({ granted: 2 });
    expect(data.nodes).toHaveLength(1);
  });

  it('stay with their pool when the quota is lowered', () => {
    const data = queueOf({ nodes: 4 });
    hold(data, 'a', 4);
    limit(data, { asOf: '2', nodes: 2 });
    expect(hold(data, 'a', 4)).toEqual({ granted: 4 });
    expect(hold(data, 'b', 1)).toMatchObject({ granted: 0 });
    expect(hold(data, 'a', 1)).toEqual({ granted: 1 });
    expect(hold(data, 'b', 1)).toEqual({ granted: 1 });
  });
});
