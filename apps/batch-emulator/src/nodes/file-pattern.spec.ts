import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expandVariables, findMatches, patternToRegExp } from './file-pattern';
import { blobName } from './output-files';

describe('file patterns', () => {
  it.each([
    ['*.txt', 'a.txt', true],
    ['*.txt', 'd/a.txt', false],
    ['*.txt', '.a.txt', false],
    ['.*.txt', '.a.txt', true],
    ['**/*.txt', 'a.txt', true],
    ['**/*.txt', 'd/e/a.txt', true],
    ['**/*.txt', '.d/a.txt', false],
    ['out/**', 'out/a/b', true],
    ['out/**', 'out', false],
    ['std???.txt', 'stdout.txt', true],
    ['std???.txt', 'stdou.txt', false],
    ['[a-c]x', 'bx', true],
    ['[!a-c]x', 'bx', false],
    ['[!a-c]x', 'dx', true],
    ['a[*]b', 'a*b', true],
    ['a[*]b', 'axb', false],
    ['a+(b).*', 'a+(b).c', true],
  ])('%s matches %s: %s', (pattern, name, expected) => {
    expect(patternToRegExp(pattern).test(name)).toBe(expected);
  });

  it('variables are expanded first, unknown ones left alone', () => {
    expect(expandVariables('$A/${A}/%A%/$B', { A: 'x' })).toBe('x/x/x/$B');
  });

  it('with a wildcard the path is a directory, without one the name', () => {
    expect(blobName('logs/out.txt', 'stdout.txt', false)).toBe('logs/out.txt');
    expect(blobName(undefined, 'stdout.txt', false)).toBe('stdout.txt');
    expect(blobName('logs', 'd/a.txt', true)).toBe('logs/d/a.txt');
    expect(blobName('logs/', 'a.txt', true)).toBe('logs/a.txt');
    expect(blobName(undefined, 'd/a.txt', true)).toBe('d/a.txt');
  });

  describe('findMatches', () => {
    let root: string;
    beforeAll(async () => {
      root = await mkdtemp(path.join(tmpdir(), 'pattern-'));
      await mkdir(path.join(root, 'wd/out/deep'), { recursive: true });
      for (const name of ['stdout.txt', 'wd/a.txt', 'wd/out/b.txt', 'wd/out/deep/c.txt']) {
        await writeFile(path.join(root, name), name);
      }
      await symlink('/etc', path.join(root, 'wd/out/etc'));
    });
    afterAll(() => rm(root, { recursive: true }));

    it.each([
      ['a.txt', ['a.txt']],
      ['nothere.txt', []],
      ['../std*.txt', ['stdout.txt']],
      ['*.txt', ['a.txt']],
      ['**/*.txt', ['a.txt', 'out/b.txt', 'out/deep/c.txt']],
      ['out/*', ['b.txt']],
      ['out/**', ['b.txt', 'deep/c.txt']],
      ['nosuchdir/*', []],
      ['/etc/host*', []],
      ['out/etc/*', []],
      ['out/etc/hosts', []],
    ])('%s', async (pattern, relatives) => {
      const matches = await findMatches(pattern, path.join(root, 'wd'), root);
      expect(matches.map((match) => match.relative)).toEqual(relatives);
    });
  });
});
