import fc from 'fast-check';
import type { BlobRange, RowsInput } from '@windrow/contract';
import { BlobStore, createStorage, storageConfigFromConnectionString } from '@windrow/storage';
import { startAzurite } from '../../../../../test/support/azurite';
import type { RunningAzurite } from '../../../../../test/support/azurite';
import { MemoryBlobs } from '../../../../../test/support/memory-blobs';
import { freezeSources, readItems } from '../index';
import { MAX_ITEM_BYTES } from '../item';
import type { Item } from '../item';

const input = (bytesPerTask: string, more: Partial<RowsInput> = {}): RowsInput => ({
  ...{ kind: 'rows', container: 'in', blobs: ['rows.csv'], format: 'csv', split: 'byteRanges' },
  bytesPerTask,
  ...more,
});

async function itemsOf(spec: RowsInput, blobs: BlobStore): Promise<Item[]> {
  const found: Item[] = [];
  for await (const items of readItems(spec, { blobs, sources: await freezeSources(spec, blobs) })) found.push(...items);
  return found;
}

/** What the task of a range will have in its file. */
function fileOf(text: Buffer, { offset, length, header }: BlobRange): string {
  const head = header ? text.subarray(header.offset, header.offset + header.length) : Buffer.alloc(0);
  return Buffer.concat([head, text.subarray(offset, offset + length)]).toString();
}

describe('rows split into byte ranges', () => {
  it('are whole rows, in order, each once, with the header before them', async () => {
    const row = fc.stringMatching(/^[a-zü,]{0,40}$/);
    const rows = fc.array(row, { maxLength: 60 });
    const shape = fc.record({ rows, size: fc.integer({ min: 1, max: 120 }), crlf: fc.boolean(), last: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(shape, async ({ rows: lines, size, crlf, last }) => {
        const blobs = new MemoryBlobs();
        const end = crlf ? '\r\n' : '\n';
        const body = lines.map((line) => line + end).join('') + (last ? 'no end' : '');
        const text = Buffer.from(`a,b${end}${body}`);
        blobs.put('in', 'rows.csv', text);
        const ranges = (await itemsOf(input(`${size}B`), blobs)).map(({ range }) => range!);
        const files = ranges.map((range) => fileOf(text, range));
        for (const file of files) expect(file.startsWith(`a,b${end}`)).toBe(true);
        expect(files.map((file) => file.slice(`a,b${end}`.length)).join('')).toBe(body);
        for (const range of ranges.slice(0, -1)) {
          expect(range.length).toBeGreaterThanOrEqual(1);
          expect(text[range.offset + range.length - 1]).toBe(0x0a);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('have no header where there is none, and no byte order mark', async () => {
    const blobs = new MemoryBlobs();
    const text = '\ufeff{"a":1}\n{"a":2}\n{"a":3}\n';
    const etag = blobs.put('in', 'rows.jsonl', text);
    const items = await itemsOf(input('8B', { blobs: ['rows.jsonl'], format: 'jsonl' }), blobs);
    const path = 'inputs/rows.jsonl';
    expect(items.map(({ value }) => value)).toEqual(
      [3, 11, 19].map((offset) => ({ container: 'in', blob: 'rows.jsonl', etag, offset, length: 8, path })),
    );
    expect(items[0]?.range).toEqual({ container: 'in', blob: 'rows.jsonl', etag, offset: 3, length: 8, path });
    blobs.put('in', 'rows.csv', `\ufeffa,b\n1,2\n`);
    const [only] = await itemsOf(input('1KiB'), blobs);
    expect(only?.range).toMatchObject({ header: { offset: 3, length: 4 }, offset: 7, length: 4 });
    expect((await itemsOf(input('1KiB', { header: false }), blobs))[0]?.range).toMatchObject({ offset: 3, length: 8 });
  });

  it('are none of a blob that has no rows, and come from each blob in turn', async () => {
    const blobs = new MemoryBlobs();
    for (const [name, text] of [
      ['a', ''],
      ['b', 'h\n'],
      ['c', 'h\n1\n2\n'],
      ['d', 'h\n3'],
    ])
      blobs.put('in', name!, text!);
    const items = await itemsOf(input('2B', { blobs: ['a', 'b', 'c', 'd'] }), blobs);
    expect(items.map(({ range }) => [range?.blob, range?.offset, range?.length])).toEqual([
      ['c', 2, 2],
      ['c', 4, 2],
      ['d', 2, 1],
    ]);
  });

  it('grow with rows that are longer than the window, up to the largest item', async () => {
    const blobs = new MemoryBlobs();
    const long = `${'x'.repeat(300_000)}\n`;
    blobs.put('in', 'rows.csv', `h\n${long}1\n2\n`);
    const lengths = (await itemsOf(input('1KiB'), blobs)).map(({ range }) => range?.length);
    expect(lengths).toEqual([long.length, 4]);
    blobs.put('in', 'rows.csv', Buffer.concat([Buffer.from('h\n1\n'), Buffer.alloc(2 * MAX_ITEM_BYTES + 10, 'x')]));
    await expect(itemsOf(input('64KiB'), blobs)).rejects.toMatchObject({
      code: 'MalformedRow',
      path: '$.input.blobs[0]',
      message: expect.stringContaining("Blob 'rows.csv' has no line end within"),
    });
  });
});

describe('a large blob of real storage', () => {
  let azurite: RunningAzurite;
  let blobs: CountingBlobs;

  class CountingBlobs extends BlobStore {
    bytesRead = 0;

    override async readRange(...args: Parameters<BlobStore['readRange']>): Promise<Buffer> {
      const read = await super.readRange(...args);
      this.bytesRead += read.length;
      return read;
    }

    override readStream(): never {
      throw new Error('The blob is read as a whole.');
    }
  }

  beforeAll(async () => {
    azurite = await startAzurite();
    const storage = createStorage(storageConfigFromConnectionString(azurite.connectionString));
    blobs = new CountingBlobs((storage.blobs as unknown as { service: never }).service);
    await blobs.ensureContainer('input');
  });
  afterAll(() => azurite.stop());

  it('is cut without being downloaded, and only as the version that was frozen', async () => {
    const line = `${'0123456789,'.repeat(20)}\n`;
    const text = `${'column,'.repeat(20)}\n${line.repeat(200_000)}`;
    await blobs.writeText('input', 'rows.csv', text);
    const spec = input('1MiB', { container: 'input' });
    const sources = await freezeSources(spec, blobs);
    const items: Item[] = [];
    for await (const chunk of readItems(spec, { blobs, sources })) items.push(...chunk);
    expect(items).toHaveLength(Math.ceil((200_000 * line.length) / 1024 ** 2));
    expect(items.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(200_000 * line.length);
    // 44 MB are cut 42 times, at the cost of 64 KiB each.
    expect(blobs.bytesRead).toBeLessThan(3 * 1024 * 1024);
    expect(blobs.bytesRead).toBeGreaterThan(0);

    await blobs.writeText('input', 'rows.csv', text.slice(1));
    await expect(readItems(spec, { blobs, sources }).next()).rejects.toMatchObject({
      code: 'InputChanged',
      path: '$.input.blobs[0]',
    });
  });
});
