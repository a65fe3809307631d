import type { Readable } from 'node:stream';
import type { Download, JobSpec, Json, PlannedTask } from '@windrow/contract';
import { MAX_INLINE_ITEM_BYTES, jobPaths } from '@windrow/contract';
import { MemoryBlobs } from '../../../../../test/support/memory-blobs';
import { freezeSources, planTasks, readItems } from '../index';

const paths = jobPaths('u');

async function plan(spec: Partial<JobSpec>, blobs = new MemoryBlobs()): Promise<PlannedTask[]> {
  const full: JobSpec = {
    input: { kind: 'repeat', count: 3 },
    task: { commandLine: 'x' },
    pool: { cluster: 'c' },
    ...spec,
  };
  const items = readItems(full.input, { blobs, sources: await freezeSources(full.input, blobs) });
  const tasks: PlannedTask[] = [];
  for await (const task of planTasks(full, items, { blobs, container: 'ws', uid: 'u' })) tasks.push(task);
  return tasks;
}

const items = (...values: Json[]): JobSpec['input'] => ({ kind: 'items', items: values });

describe('planTasks', () => {
  it('gives each item a task of its own, the item within', async () => {
    expect(await plan({ input: items('a', null, { b: 1 }) })).toEqual([
      { index: 0, items: 1, inline: { item: 'a' } },
      { index: 1, items: 1, inline: { item: null } },
      { index: 2, items: 1, inline: { item: { b: 1 } } },
    ]);
  });

  it('writes several items, or a large one, to a blob', async () => {
    const blobs = new MemoryBlobs();
    const large = 'x'.repeat(MAX_INLINE_ITEM_BYTES);
    const tasks = await plan(
      { input: items(1, 'zwei', large, 4), batching: { maxItemsPerTask: 2, maxBytesPerTask: '4KiB' } },
      blobs,
    );
    expect(tasks).toEqual([
      { index: 0, items: 2, itemsBlob: paths.items(0) },
      { index: 1, items: 1, itemsBlob: paths.items(1) },
      { index: 2, items: 1, inline: { item: 4 } },
    ]);
    expect(await blobs.readText('ws', paths.items(0))).toBe('1\n"zwei"\n');
    expect(await blobs.readText('ws', paths.items(1))).toBe(`"${large}"\n`);
  });

  it('plans blobs with their downloads, whatever their names', async () => {
    const blobs = new MemoryBlobs();
    const names = ['a; rm -rf ~', '$(touch x).txt', '../up.txt', 'it\'s "ü"', 'x'.repeat(1000)];
    for (const name of names) blobs.put('in', name, 'content');
    const tasks = await plan({ input: { kind: 'blobs', container: 'in' }, batching: { maxItemsPerTask: 3 } }, blobs);
    const downloads = tasks.flatMap((task) => task.downloads ?? []);
    expect(downloads.map(({ blob }) => blob)).toEqual([...names].sort());
    for (const { path } of downloads) expect(path).toMatch(/^inputs\/(?!.*\.\.\/)/);
    const lines = (await blobs.readText('ws', paths.items(0))).trim().split('\n');
    const listed = lines.map((line) => JSON.parse(line) as Download & { name: string; bytes: number });
    expect(listed.map(({ path, name }) => ({ path, name }))).toEqual(
      downloads.slice(0, 3).map(({ path, blob }) => ({ path, name: blob })),
    );
    expect(listed[0]).toMatchObject({ container: 'in', bytes: 7, etag: expect.stringMatching(/^"/) });
  });

  it('batches blobs by their size', async () => {
    const blobs = new MemoryBlobs();
    for (const [n, size] of [600, 300, 200, 2000, 1].entries()) blobs.put('in', `${n}`, Buffer.alloc(size));
    const tasks = await plan(
      { input: { kind: 'blobs', container: 'in' }, batching: { maxBytesPerTask: '1KiB' } },
      blobs,
    );
    expect(tasks.map((task) => task.items)).toEqual([2, 1, 1, 1]);
  });

  it('does not let one blob be a file and a directory in the same task', async () => {
    const blobs = new MemoryBlobs();
    for (const name of ['a', 'a-b', 'a/b/c']) blobs.put('in', name, '');
    const input: JobSpec['input'] = { kind: 'blobs', container: 'in' };
    await expect(plan({ input, batching: { maxItemsPerTask: 9 } }, blobs)).rejects.toMatchObject({
      code: 'ConflictingNames',
    });
    expect(await plan({ input }, blobs)).toHaveLength(3);
  });

  it('expands templates for each task, and adds nothing where there are none', async () => {
    const task = {
      commandLine: './run --seed {{task.index}} --id {{item.id}}',
      environment: { FIXED: 'as it is', NAME: '{{item.name}} of {{parameters.year}}' },
    };
    const [first] = await plan({ input: items({ id: 'a-1', name: '$(x)' }), parameters: { year: 2024 }, task });
    expect(first).toEqual({
      index: 0,
      items: 1,
      inline: { item: { id: 'a-1', name: '$(x)' } },
      commandLine: './run --seed 0 --id a-1',
      environment: { NAME: '$(x) of 2024' },
    });
  });

  it('names the item whose value a command line cannot take', async () => {
    const input = items({ name: 'ok' }, { name: 'a; rm -rf ~' });
    await expect(plan({ input, task: { commandLine: 'cat {{item.name}}' } })).rejects.toMatchObject({
      code: 'InvalidTemplate',
      path: '$.task.commandLine',
      message: expect.stringContaining('of item 2 is "a; rm -rf ~"'),
    });
  });

  it('has no item for a template where a task has several', async () => {
    const batching = { maxItemsPerTask: 2 };
    const task = { commandLine: 'x', environment: { A: '{{task.index}}', B: '{{item.index}}' } };
    await expect(plan({ batching, task })).rejects.toMatchObject({
      code: 'InvalidTemplate',
      path: '$.task.environment.B',
    });
    delete (task.environment as { B?: string }).B;
    expect((await plan({ batching, task })).map(({ environment }) => environment)).toEqual([{ A: '0' }, { A: '1' }]);
  });

  it('finds wrong templates before it reads anything', async () => {
    const input: JobSpec['input'] = { kind: 'rows', container: 'in', blobs: [], format: 'csv' };
    await expect(plan({ input, task: { commandLine: '{{nope}}' } })).rejects.toMatchObject({ code: 'InvalidTemplate' });
  });

  it('refuses an empty input unless that is allowed', async () => {
    const blobs = new MemoryBlobs();
    blobs.put('in', 'a.csv', '');
    const input: JobSpec['input'] = { kind: 'blobs', container: 'in', prefix: 'a', include: ['*.txt'] };
    await expect(plan({ input }, blobs)).rejects.toMatchObject({
      code: 'EmptyInput',
      path: '$.input',
      message: expect.stringContaining("container 'in' has no blob whose name begins with 'a' that matches '*.txt'"),
    });
    expect(await plan({ input, allowEmpty: true }, blobs)).toEqual([]);
  });

  it('holds back when uploads are slow', async () => {
    const blobs = new MemoryBlobs();
    let inFlight = 0;
    let most = 0;
    blobs.writeText = async () => {
      most = Math.max(most, (inFlight += 1));
      await new Promise(setImmediate);
      inFlight -= 1;
      return { etag: '' };
    };
    const tasks = await plan({ input: { kind: 'repeat', count: 500 }, batching: { maxItemsPerTask: 5 } }, blobs);
    expect({ tasks: tasks.length, most, inFlight }).toEqual({ tasks: 100, most: 8, inFlight: 0 });
  });

  it('streams the items of a task that is too large to hold', async () => {
    const blobs = new MemoryBlobs();
    let given = 0;
    let taken = 0;
    let most = 0;
    blobs.writeStream = async (_container, _blob, stream: Readable) => {
      for await (const chunk of stream) {
        taken += (chunk as Buffer).length;
        most = Math.max(most, given - taken);
      }
      return { bytes: taken };
    };
    const text = JSON.stringify('x'.repeat(999));
    async function* source() {
      for (let n = 0; n < 60; n += 1) {
        given += 1000 * (text.length + 1);
        yield Array.from({ length: 1000 }, () => ({ value: 0, json: text, bytes: text.length }));
      }
    }
    const spec: JobSpec = {
      input: { kind: 'repeat', count: 1 },
      batching: { maxBytesPerTask: '1GiB' },
      task: { commandLine: 'x' },
      pool: { cluster: 'c' },
    };
    const tasks: PlannedTask[] = [];
    for await (const task of planTasks(spec, source(), { blobs, container: 'ws', uid: 'u' })) tasks.push(task);
    expect(tasks).toEqual([{ index: 0, items: 60_000, itemsBlob: paths.items(0) }]);
    expect(taken).toBe(60_000 * (text.length + 1));
    expect(most).toBeLessThan(24 * 1024 * 1024);
  });

  it('reports an upload that failed', async () => {
    const blobs = new MemoryBlobs();
    blobs.writeText = () => Promise.reject(new Error('no'));
    await expect(plan({ batching: { maxItemsPerTask: 3 } }, blobs)).rejects.toThrow('no');
    blobs.writeStream = () => Promise.reject(new Error('no stream'));
    const input = items(...Array.from({ length: 30 }, () => 'x'.repeat(1_000_000)));
    await expect(plan({ input, batching: { maxItemsPerTask: 30 } }, blobs)).rejects.toThrow('no');
  });
});
