import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listFiles } from './node-files';

describe('the files of a node', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'files-'));
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('can be listed while they are being removed', async () => {
    for (let round = 0; round < 10; round++) {
      const folder = path.join(root, `task-${round}`);
      mkdirSync(folder);
      for (let i = 0; i < 100; i++) writeFileSync(path.join(folder, `file-${i}`), 'x');
      const removed = rm(folder, { recursive: true });
      const listings = Array.from({ length: 8 }, () => listFiles(root, true));
      await expect(Promise.all(listings)).resolves.toHaveLength(8);
      await removed;
    }
    expect(await listFiles(root, true)).toEqual([]);
  });

  it('follow links inside and name only directories outside', async () => {
    const outside = mkdtempSync(path.join(tmpdir(), 'outside-'));
    writeFileSync(path.join(outside, 'secret'), 'x');
    writeFileSync(path.join(root, 'own'), 'four');
    symlinkSync(path.join(root, 'own'), path.join(root, 'inside'));
    symlinkSync(path.join(outside, 'secret'), path.join(root, 'leak'));
    symlinkSync(outside, path.join(root, 'mount'));
    symlinkSync(path.join(root, 'nowhere'), path.join(root, 'dangling'));
    const found = await listFiles(root, true);
    rmSync(outside, { recursive: true });
    expect(found.map(({ name, size, isDirectory }) => ({ name, isDirectory, size: isDirectory ? 0 : size }))).toEqual([
      { name: 'inside', isDirectory: false, size: 4 },
      { name: 'mount', isDirectory: true, size: 0 },
      { name: 'own', isDirectory: false, size: 4 },
    ]);
  });
});
