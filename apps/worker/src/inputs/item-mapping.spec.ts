import type { JobSpec, Json, PlannedTask } from '@windrow/contract';
import { MemoryBlobs } from '../../../../test/support/memory-blobs';
import { freezeSources, mapItems, planTasks, readItems } from './index';

const parameters = { year: 2024, deep: { list: [1, 2] } };

async function mapped(itemMapping: Json, ...items: Json[]): Promise<Json[]> {
  const found: Json[] = [];
  const reading = readItems({ kind: 'items', items }, { blobs: new MemoryBlobs(), sources: [] });
  for await (const chunk of mapItems(reading, { itemMapping, parameters }))
    found.push(...chunk.map(({ json }) => JSON.parse(json) as Json));
  return found;
}

describe('itemMapping', () => {
  it.each<[string, Json, Json, Json]>([
    [
      'keeps the type of a value',
      { a: '{{item.n}}', b: '{{item.on}}', c: '{{item.no}}' },
      0,
      { a: 1.5, b: true, c: null },
    ],
    ['keeps objects and lists', ['{{item.o}}', '{{parameters.deep}}'], 0, [{ x: ['y'] }, { list: [1, 2] }]],
    ['expands within text', 'n={{item.n}} {{parameters.year}} {{item.o}}', 0, 'n=1.5 2024 {"x":["y"]}'],
    ['counts the items', { at: '{{itemIndex}}', text: '#{{ itemIndex }}' }, 0, { at: 0, text: '#0' }],
    ['takes the whole item', { wrapped: '{{item}}' }, 'plain', { wrapped: 'plain' }],
    [
      'leaves other values alone',
      { n: 1, z: null, t: 'x {y}', d: [true] },
      0,
      { n: 1, z: null, t: 'x {y}', d: [true] },
    ],
    ['does not expand what it expanded', '{{item}}', '{{parameters.year}}', '{{parameters.year}}'],
  ])('%s', async (_, itemMapping, given, expected) => {
    const item = given === 0 ? { n: 1.5, on: true, no: null, o: { x: ['y'] } } : given;
    expect(await mapped(itemMapping, item)).toEqual([expected]);
  });

  it('says which item lacks what it names, and where', async () => {
    await expect(mapped({ deep: ['{{item.name}}'] }, { name: 'a' }, { nam: 'b' })).rejects.toMatchObject({
      code: 'InvalidTemplate',
      path: '$.itemMapping.deep[0]',
      message: "'{{item.name}}' of item 2 names nothing that exists. Correct the name or the item.",
    });
  });

  it.each(['{{task.index}}', '{{nope}}', '{{itemIndex.x}}'])('refuses %s', async (text) => {
    await expect(mapped({ a: { b: text } }, 1)).rejects.toMatchObject({
      code: 'InvalidTemplate',
      path: '$.itemMapping.a.b',
    });
  });

  it('is done before batching, counts items over chunks, and leaves downloads and their sizes', async () => {
    const blobs = new MemoryBlobs();
    for (const [n, size] of [600, 300, 2000].entries()) blobs.put('in', `${n}.txt`, Buffer.alloc(size));
    const spec: JobSpec = {
      input: { kind: 'blobs', container: 'in' },
      itemMapping: { n: '{{itemIndex}}', where: '{{item.path}}', year: '{{parameters.year}}' },
      parameters,
      batching: { maxBytesPerTask: '1KiB' },
      task: { commandLine: 'x', environment: { TASK: '{{task.index}}' } },
      pool: { cluster: 'c' },
    };
    const items = readItems(spec.input, { blobs, sources: await freezeSources(spec.input, blobs) });
    const tasks: PlannedTask[] = [];
    for await (const task of planTasks(spec, mapItems(items, spec), { blobs, container: 'ws', uid: 'u' }))
      tasks.push(task);
    expect(tasks.map(({ downloads }) => downloads?.map(({ path }) => path))).toEqual([
      ['inputs/0.txt', 'inputs/1.txt'],
      ['inputs/2.txt'],
    ]);
    expect(tasks[1]?.inline).toEqual({ item: { n: 2, where: 'inputs/2.txt', year: 2024 } });

    const many = await mapped('{{itemIndex}}', ...Array.from({ length: 5000 }, () => null));
    expect(many).toEqual(Array.from({ length: 5000 }, (_, n) => n));
  });
});
