import { Readable } from 'node:stream';
import type { InputSpec, Json } from '@windrow/contract';
import { createStorage, storageConfigFromConnectionString } from '@windrow/storage';
import type { BlobStore } from '@windrow/storage';
import { startAzurite } from '../../../../test/support/azurite';
import type { RunningAzurite } from '../../../../test/support/azurite';
import { MemoryBlobs } from '../../../../test/support/memory-blobs';
import { freezeSources, readItems } from './index';
import type { ReadContext, ReadProgress } from './index';

async function values(input: InputSpec, blobs: BlobStore, more: Partial<ReadContext> = {}): Promise<Json[]> {
  const found: Json[] = [];
  const sources = await freezeSources(input, blobs);
  for await (const items of readItems(input, { blobs, sources, ...more }))
    found.push(...items.map(({ value }) => value));
  return found;
}

describe('readItems', () => {
  const blobs = new MemoryBlobs();

  it('reads what needs no blob', async () => {
    expect(await values({ kind: 'items', items: [1, 'a', null] }, blobs)).toEqual([1, 'a', null]);
    expect(await values({ kind: 'repeat', count: 2 }, blobs)).toEqual([{ index: 0 }, { index: 1 }]);
    const sweep: InputSpec = { kind: 'sweep', method: 'zip', parameters: { a: [1, 2] } };
    expect(await values(sweep, blobs)).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it('reads a manifest', async () => {
    blobs.put('in', 'manifest', '"a"\n{"b":1}\n');
    expect(await values({ kind: 'manifest', container: 'in', blob: 'manifest' }, blobs)).toEqual(['a', { b: 1 }]);
  });

  it('stops at the number of items that is enough', async () => {
    const seen: ReadProgress[] = [];
    const progress = (done: ReadProgress) => void seen.push(done);
    const found = await values({ kind: 'repeat', count: 1e12 }, blobs, { maxItems: 5000, progress });
    expect(found).toHaveLength(5000);
    expect(found.at(-1)).toEqual({ index: 4999 });
    expect(seen.map(({ items }) => items)).toEqual([4096, 5000]);
  });

  it('ends when it is told to', async () => {
    const abort = new AbortController();
    const progress = () => abort.abort(new Error('enough'));
    await expect(values({ kind: 'repeat', count: 1e12 }, blobs, { signal: abort.signal, progress })).rejects.toThrow(
      'enough',
    );
  });

  it.each<[Extract<InputSpec, { kind: 'rows' }>['format'], (n: number) => string, string, string]>([
    ['csv', (n) => `${n},"text ${n}"\n`, 'a,b\n', ''],
    ['jsonl', (n) => `{"a":${n}}\n`, '', ''],
    ['json', (n) => `{"a":${n}},\n`, '[', '0]'],
    ['lines', (n) => `line ${n}\n`, '', ''],
  ])('reads %s of any size without reading ahead', async (format, line, head, tail) => {
    const virtual = new MemoryBlobs();
    virtual.put('in', 'big', '');
    let produced = 0;
    // 100,000 lines in chunks of a hundred; nothing is made before it is asked for.
    const generate = function* () {
      yield Buffer.from(head);
      for (let n = 0; n < 100_000; n += 100) {
        produced += 100;
        yield Buffer.from(Array.from({ length: 100 }, (_, k) => line(n + k)).join(''));
      }
      if (tail) yield Buffer.from(tail);
    };
    virtual.readStream = async () => Readable.from(generate(), { objectMode: false, highWaterMark: 1 });
    const input: InputSpec = { kind: 'rows', container: 'in', blobs: ['big'], format };
    let taken = 0;
    let ahead = 0;
    for await (const items of readItems(input, { blobs: virtual, sources: await freezeSources(input, virtual) })) {
      taken += items.length;
      ahead = Math.max(ahead, produced - taken);
    }
    expect(taken).toBe(100_000 + (tail ? 1 : 0));
    expect(ahead).toBeLessThanOrEqual(500);
  });
});

describe('readItems from real storage', () => {
  let azurite: RunningAzurite;
  let blobs: BlobStore;

  beforeAll(async () => {
    azurite = await startAzurite();
    blobs = createStorage(storageConfigFromConnectionString(azurite.connectionString)).blobs;
    await blobs.ensureContainer('corpus');
  });
  afterAll(() => azurite.stop());

  it('lists blobs by prefix and globs, with etags that reads accept', async () => {
    const names = [
      'books/a.txt',
      'books/.hidden.txt',
      'books/deep/b.txt',
      'books/deep/c.csv',
      'books/$(x) ü.txt',
      'other/d.txt',
    ];
    for (const name of names) await blobs.writeText('corpus', name, name);
    const list = async (include?: string[], exclude?: string[]) => {
      const input = { kind: 'blobs' as const, container: 'corpus', prefix: 'books/' };
      const found = await values({ ...input, ...(include && { include }), ...(exclude && { exclude }) }, blobs);
      return found.map((item) => (item as { name: string }).name);
    };
    expect(new Set(await list())).toEqual(new Set(names.slice(0, 5)));
    expect(await list(['books/*.txt'], ['**/.*'])).toEqual(['books/$(x) ü.txt', 'books/a.txt']);
    expect(await list(['**/*.csv', 'books/a.*'])).toEqual(['books/a.txt', 'books/deep/c.csv']);
    expect(await list(undefined, ['books/deep/**', '**/*ü*', '**/.*'])).toEqual(['books/a.txt']);
    const [item] = await values({ kind: 'blobs', container: 'corpus', prefix: 'books/$' }, blobs);
    const { name, etag, bytes, path } = item as { name: string; etag: string; bytes: number; path: string };
    expect(path).toBe('inputs/books/$(x) ü.txt');
    expect((await blobs.readRange('corpus', name, 0, bytes, { ifMatch: etag })).toString()).toBe(name);
  });

  it('refuses to read a source that changed since it was frozen', async () => {
    await blobs.writeText('corpus', 'rows.jsonl', '1\n2\n');
    const input: InputSpec = { kind: 'rows', container: 'corpus', blobs: ['rows.jsonl'], format: 'jsonl' };
    const sources = await freezeSources(input, blobs);
    expect(sources).toEqual([{ container: 'corpus', blob: 'rows.jsonl', etag: expect.stringMatching(/^"/), bytes: 4 }]);
    await blobs.writeText('corpus', 'rows.jsonl', '3\n4\n');
    await expect(readItems(input, { blobs, sources }).next()).rejects.toMatchObject({
      name: 'InvalidInputError',
      code: 'InputChanged',
      path: '$.input.blobs[0]',
    });
  });

  it('says what is missing and where it is named', async () => {
    const rows = (container: string): InputSpec => ({
      kind: 'rows',
      container,
      blobs: ['rows.jsonl', 'no.csv'],
      format: 'csv',
    });
    await expect(freezeSources(rows('corpus'), blobs)).rejects.toMatchObject({
      code: 'BlobNotFound',
      path: '$.input.blobs[1]',
    });
    await expect(freezeSources(rows('nobox'), blobs)).rejects.toMatchObject({
      code: 'ContainerNotFound',
      path: '$.input.container',
    });
    await expect(values({ kind: 'blobs', container: 'nobox' }, blobs)).rejects.toMatchObject({
      code: 'ContainerNotFound',
      path: '$.input.container',
    });
  });
});
