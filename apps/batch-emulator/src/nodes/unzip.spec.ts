import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { unzip } from './unzip';
import { zipOf, type ZipEntry } from '../../../../test/batch-conformance/zip';

describe('unzip', () => {
  let folder: string;
  let target: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'unzip-'));
    target = path.join(folder, 'target');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function unpack(entries: ZipEntry[]): Promise<void> {
    const archive = path.join(folder, 'a.zip');
    await writeFile(archive, zipOf(entries));
    await unzip(archive, target, new AbortController().signal);
  }

  it('unpacks files and folders with their permissions', async () => {
    await unpack([
      { name: 'bin/', mode: 0o040755 },
      { name: 'bin/tool', content: '#!/bin/sh\n', mode: 0o100755 },
      { name: 'deep/er/data.txt', content: 'x', mode: 0o100640 },
      { name: 'plain.txt', content: 'y' },
    ]);
    expect(await readFile(path.join(target, 'deep/er/data.txt'), 'utf8')).toBe('x');
    const modes = await Promise.all(
      ['bin/tool', 'deep/er/data.txt', 'plain.txt'].map(
        async (name) => (await stat(path.join(target, name))).mode & 0o777,
      ),
    );
    expect(modes).toEqual([0o755, 0o640, 0o770]);
  });

  it.each([
    ['a path that climbs out', { name: '../escape.txt', content: 'x' }],
    ['a path that climbs out from below', { name: 'a/../../escape.txt', content: 'x' }],
    ['an absolute path', { name: '/escape.txt', content: 'x' }],
    ['a path that climbs out with backslashes', { name: '..\\escape.txt', content: 'x' }],
    ['a link', { name: 'link', content: '/etc/passwd', mode: 0o120777 }],
    ['a device', { name: 'device', content: '', mode: 0o020666 }],
  ])('refuses %s', async (_what, entry) => {
    await expect(unpack([{ name: 'good.txt', content: 'x' }, entry])).rejects.toThrow();
    expect((await readdir(folder)).sort()).toEqual(['a.zip', 'target']);
    expect(await readdir(target)).toEqual(['good.txt']);
  });

  it('refuses the same name twice, and what is not a zip archive', async () => {
    const twice = { name: 'a', content: 'x' };
    await expect(unpack([twice, twice])).rejects.toThrow(/EEXIST/);
    await writeFile(path.join(folder, 'b.zip'), 'not a zip archive');
    await expect(unzip(path.join(folder, 'b.zip'), target, new AbortController().signal)).rejects.toThrow();
  });
});
