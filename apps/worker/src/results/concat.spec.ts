import fc from 'fast-check';
import { jobPaths } from '@windrow/contract';
import { MemoryBlobs } from '../../../../test/support/memory-blobs';
import { concat } from './index';

const paths = jobPaths('u');

function outputs(...files: (string | undefined)[]): MemoryBlobs {
  const blobs = new MemoryBlobs();
  blobs.chunkBytes = 3;
  blobs.put('ws', 'something', '');
  for (const [n, text] of files.entries()) {
    if (text !== undefined) blobs.put('ws', `${paths.taskOutputs(n)}/out/part.csv`, text);
  }
  return blobs;
}

async function gathered(blobs: MemoryBlobs, tasks: number[], header: boolean): Promise<string> {
  const gather = { kind: 'concat' as const, file: 'out/part.csv', header };
  const { name, bytes } = await concat({ blobs, container: 'ws', uid: 'u' }, tasks, gather);
  const text = await blobs.readText('ws', name);
  expect(name).toBe(`${paths.artefacts}part.csv`);
  expect(bytes).toBe(Buffer.byteLength(text));
  return text;
}

describe('concat', () => {
  it('appends the files of the tasks in their order', async () => {
    const blobs = outputs('a\n', 'b', undefined, 'c\n');
    expect(await gathered(blobs, [0, 1, 3], false)).toBe('a\nbc\n');
    expect(await gathered(blobs, [], false)).toBe('');
  });

  it('keeps a header once and lines whole', async () => {
    const blobs = outputs('h1,h2\n1,2', 'h1,h2\r\n3,4\n', '', 'h1,h2', 'h1,h2\n', 'h1,h2\n5,6');
    expect(await gathered(blobs, [0, 1, 2, 3, 4, 5], true)).toBe('h1,h2\n1,2\n3,4\n5,6');
  });

  it('joins any rows, however the bytes are cut', async () => {
    const rows = fc.array(fc.array(fc.stringMatching(/^[a-z]{1,5}$/)), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 20 }), async (files, chunkBytes) => {
        const blobs = outputs(...files.map((lines) => ['head', ...lines].join('\n')));
        blobs.chunkBytes = chunkBytes;
        const text = await gathered(blobs, [...files.keys()], true);
        expect(text).toBe(['head', ...files.flat()].join('\n'));
      }),
    );
  });

  it('names the task whose header differs', async () => {
    const blobs = outputs('a,b\n1,2\n', 'a,b\n', 'b,a\n2,1\n');
    await expect(gathered(blobs, [0, 1, 2], true)).rejects.toMatchObject({
      name: 'GatherError',
      code: 'HeaderMismatch',
      task: 2,
      message: expect.stringContaining('"b,a"'),
    });
  });

  it('names the task that left no file, and leaves no result', async () => {
    const blobs = outputs('a', undefined, 'c');
    await expect(gathered(blobs, [0, 1, 2], false)).rejects.toMatchObject({
      name: 'GatherError',
      code: 'MissingOutput',
      task: 1,
      message: expect.stringContaining("Task 1 succeeded but left no 'out/part.csv'"),
    });
    expect(await blobs.properties('ws', `${paths.artefacts}part.csv`)).toBeUndefined();
  });

  it('opens a few files ahead and no more', async () => {
    const blobs = outputs(...Array.from({ length: 50 }, (_, n) => `${n}\n`));
    const read = blobs.readStream.bind(blobs);
    let opened = 0;
    let done = 0;
    let most = 0;
    blobs.readStream = async (...args) => {
      opened += 1;
      most = Math.max(most, opened - done);
      return read(...args);
    };
    const gather = { kind: 'concat' as const, file: 'out/part.csv', target: 'all.txt' };
    const context = { blobs, container: 'ws', uid: 'u', progress: (files: number) => void (done = files) };
    const { name } = await concat(context, Array(50).keys(), gather);
    expect(name).toBe(`${paths.artefacts}all.txt`);
    expect({ opened, done }).toEqual({ opened: 50, done: 50 });
    expect(most).toBeLessThanOrEqual(9);
  });

  it('ends when it is told to', async () => {
    const abort = new AbortController();
    abort.abort(new Error('enough'));
    const context = { blobs: outputs('a'), container: 'ws', uid: 'u', signal: abort.signal };
    await expect(concat(context, [0], { kind: 'concat', file: 'out/part.csv' })).rejects.toThrow('enough');
  });
});
