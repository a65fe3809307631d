import { MAX_PROGRAM_FILES } from '@windrow/contract';
import { MemoryBlobs } from '../../../../test/support/memory-blobs';
import { resolveProgram } from './index';

describe('resolveProgram', () => {
  let blobs: MemoryBlobs;
  const resolve = (...prefixes: string[]) =>
    resolveProgram(
      prefixes.map((prefix) => ({ container: 'programs', prefix })),
      blobs,
    );

  beforeEach(() => {
    blobs = new MemoryBlobs();
    for (const name of ['count/count.py', 'count/lib/a.py', 'counter/x.py', 'solo.sh']) blobs.put('programs', name, '');
  });

  it.each(['count/', 'count'])('puts the files of %s at their place below it', async (prefix) => {
    const etag = expect.stringMatching(/^".+"$/) as string;
    expect(await resolve(prefix)).toEqual([
      { container: 'programs', blob: 'count/count.py', path: 'count.py', etag },
      { container: 'programs', blob: 'count/lib/a.py', path: 'lib/a.py', etag },
    ]);
  });

  it('takes single blobs and several sources', async () => {
    expect((await resolve('solo.sh', 'counter/')).map(({ path }) => path)).toEqual(['solo.sh', 'x.py']);
    expect((await resolve('')).map(({ path }) => path)).toContain('count/lib/a.py');
    expect(await resolve()).toEqual([]);
  });

  it.each([
    [['nope/'], 'ProgramNotFound', '$.task.program[0].prefix'],
    [['count/', 'coun'], 'ProgramNotFound', '$.task.program[1].prefix'],
    [['count/', 'count/'], 'ConflictingNames', '$.task.program[1]'],
  ])('refuses %j as %s', async (prefixes, code, path) => {
    await expect(resolve(...prefixes)).rejects.toMatchObject({ code, path });
  });

  it('says that a container is not there', async () => {
    const program = resolveProgram([{ container: 'none', prefix: 'a/' }], blobs, '$.gather.program');
    await expect(program).rejects.toMatchObject({ code: 'ContainerNotFound', path: '$.gather.program[0].container' });
  });

  it.each(['p/../x', 'p/a//b', 'p/items.jsonl'])('refuses the file %s', async (name) => {
    blobs.put('programs', name, '');
    await expect(resolve('p/')).rejects.toMatchObject({ code: 'UnsafeName' });
  });

  it('takes no more files than a task can have', async () => {
    for (let n = 0; n < MAX_PROGRAM_FILES; n += 1) blobs.put('programs', `many/${n}`, '');
    expect(await resolve('many/')).toHaveLength(MAX_PROGRAM_FILES);
    await expect(resolve('many/', 'solo.sh')).rejects.toMatchObject({ code: 'TooManyProgramFiles' });
    blobs.put('programs', 'many/more', '');
    await expect(resolve('many/')).rejects.toMatchObject({ code: 'TooManyProgramFiles' });
  });
});
