import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import { parseBody } from '../../schema/validate';
import type { TaskSpec } from '../../wire/types';
import { BodyArchive, TEXTS_PER_PACK } from './body-archive';
import { TaskBodies, type SentTasks } from './task-bodies';
import type { TaskBody } from './task';

const bodyOf = (index: number): TaskBody => ({
  commandLine: `run ü"\n${index}`,
  environmentSettings: [{ name: 'INDEX', value: String(index) }],
  ...(index % 3 === 0 && { requiredSlots: 2, dependsOn: { taskIds: [`parent-${index}`] } }),
});

describe('TaskBodies', () => {
  it('gives back what was put, whether packed by now or not', () => {
    const bodies = new TaskBodies();
    const count = 2 * TEXTS_PER_PACK + 5;
    const places = Array.from({ length: count }, (_, index) => bodies.put(bodyOf(index)).place);
    for (const [index, place] of places.entries()) expect(bodies.get(place)).toEqual(bodyOf(index));
  });

  it('equal bodies have one place, and tasks without rules share one object', () => {
    const bodies = new TaskBodies();
    const [first, second, third] = [bodyOf(1), bodyOf(1), bodyOf(2)].map((body) => bodies.put(body));
    expect(second?.place).toBe(first?.place);
    expect(third?.place).not.toBe(first?.place);
    expect(third?.rules).toBe(first?.rules);
  });

  it('rules are there without the body', () => {
    const { rules } = new TaskBodies().put(bodyOf(3));
    expect(rules).toEqual({ requiredSlots: 2, dependsOn: { taskIds: ['parent-3'] } });
  });

  it('a task that was sent with others is read from the request, with defaults', async () => {
    const bodies = new TaskBodies();
    const value = [0, 1, 2].map((index) => ({ id: `t${index}`, ...bodyOf(index), constraints: {} }));
    const sent: SentTasks = {
      bytes: Buffer.from(JSON.stringify({ value })),
      read: (document, index) =>
        parseBody<TaskSpec>('BatchTaskCreateOptions', (document as { value: unknown[] }).value[index]),
    };
    // The one in the middle was refused.
    const places = [0, 2].map((index) => bodies.putSent(bodyOf(index), sent, index).place);
    const expected = [0, 2].map((index) =>
      expect.objectContaining({ ...bodyOf(index), userIdentity: expect.anything() }),
    );
    bodies.put(bodyOf(9));
    expect(places.map((place) => bodies.get(place))).toEqual(expected);
    // By the time that more has been packed, the request is packed too.
    await promisify(deflateRaw)(Buffer.alloc(1_000_000));
    expect(places.map((place) => bodies.get(place))).toEqual(expected);
  });
});

describe('BodyArchive', () => {
  const fill = (archive: BodyArchive, from: number): number[] =>
    Array.from({ length: TEXTS_PER_PACK }, (_, index) => archive.add(JSON.stringify({ index: from + index })));

  it('a text whose pack is gone is kept anew', () => {
    const archive = new BodyArchive();
    const places = fill(archive, 0);
    for (const place of places.reverse()) archive.release(place);
    const again = archive.add(JSON.stringify({ index: TEXTS_PER_PACK - 1 }));
    expect(archive.get(again)).toEqual({ index: TEXTS_PER_PACK - 1 });
  });

  it('releasing some takes nothing from the others', () => {
    const archive = new BodyArchive();
    const [first = 0, second = 0, ...others] = fill(archive, 0);
    const third = fill(archive, 1000)[0] ?? 0;
    for (const place of [first, ...others]) archive.release(place);
    expect([second, third].map((place) => archive.get(place))).toEqual([{ index: 1 }, { index: 1000 }]);
  });
});
