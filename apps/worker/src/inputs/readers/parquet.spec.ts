import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Json, RowsInput } from '@windrow/contract';
import { MemoryBlobs } from '../../../../../test/support/memory-blobs';
import { freezeSources, readItems } from '../index';
import { jsonOfCell } from './parquet-values';

// 3,000,000 rows in eleven row groups of ZSTD pages, as another program wrote them.
const flights = readFileSync(
  path.resolve(__dirname, '../../../../../node_modules/vega-datasets/data/flights-3m.parquet'),
);

const input = (columns?: string[]): RowsInput => ({
  kind: 'rows',
  container: 'in',
  blobs: ['f'],
  format: 'parquet',
  ...(columns && { columns }),
});

function store(content: Buffer): MemoryBlobs {
  const blobs = new MemoryBlobs();
  blobs.put('in', 'f', content);
  return blobs;
}

async function first(blobs: MemoryBlobs, rows: RowsInput, maxItems: number): Promise<Json[]> {
  const values: Json[] = [];
  const sources = await freezeSources(rows, blobs);
  for await (const items of readItems(rows, { blobs, sources, maxItems })) {
    for (const { value } of items) values.push(value);
  }
  return values;
}

describe('readParquet', () => {
  it('reads all columns, times and integers as JSON has them', async () => {
    expect(await first(store(flights), input(), 2)).toEqual([
      { date: '2001-01-01T00:01:00.000Z', delay: 33, distance: 2176, origin: 'LAS', destination: 'PHL' },
      { date: '2001-01-01T00:01:00.000Z', delay: 19, distance: 215, origin: 'ATL', destination: 'SAV' },
    ]);
  });

  it('fetches only the columns it is asked for, a row group at a time', async () => {
    const blobs = store(flights);
    const fetched: number[] = [];
    const readRange = blobs.readRange.bind(blobs);
    blobs.readRange = (container, blob, offset, count, options) => {
      fetched.push(count);
      return readRange(container, blob, offset, count, options);
    };
    const values = await first(blobs, input(['origin', 'delay']), 300_000);
    expect(values).toHaveLength(300_000);
    expect(JSON.stringify(values[0])).toBe('{"origin":"LAS","delay":33}');
    // Two of eleven row groups, two of five columns, and the footer.
    expect(fetched.reduce((sum, count) => sum + count, 0)).toBeLessThan(flights.length / 6);
  });

  it('names a column that is not there', async () => {
    await expect(first(store(flights), input(['delay', 'nope']), 1)).rejects.toMatchObject({
      code: 'UnknownColumn',
      path: '$.input.columns[1]',
      message: "Blob 'f' has no column 'nope'. Its columns are 'date', 'delay', 'distance', 'origin', 'destination'.",
    });
  });

  it.each([
    ['text', Buffer.from('a,b\n1,2\n')],
    ['nothing', Buffer.alloc(0)],
    ['half a file', flights.subarray(0, 100_000)],
    ['a damaged file', Buffer.concat([Buffer.alloc(2_000_000), flights.subarray(2_000_000)])],
  ])('says that %s is not parquet', async (_, content) => {
    await expect(first(store(content), input(), 10)).rejects.toMatchObject({
      code: 'MalformedBlob',
      path: '$.input.blobs[0]',
    });
  });

  it('notices that the blob changed between two row groups', async () => {
    const blobs = store(flights);
    const rows = input(['delay']);
    const items = readItems(rows, { blobs, sources: await freezeSources(rows, blobs) });
    await items.next();
    blobs.put('in', 'f', flights);
    const rest = async () => {
      while (!(await items.next()).done);
    };
    await expect(rest()).rejects.toMatchObject({ code: 'InputChanged', path: '$.input.blobs[0]' });
  });
});

describe('jsonOfCell', () => {
  it.each([
    [1.5, '1.5'],
    [Number.NaN, 'null'],
    [Number.POSITIVE_INFINITY, 'null'],
    [42n, '42'],
    [9007199254740991n, '9007199254740991'],
    [9007199254740993n, '"9007199254740993"'],
    [-9007199254740993n, '"-9007199254740993"'],
    ['a"b', '"a\\"b"'],
    [true, 'true'],
    [null, 'null'],
    [undefined, 'null'],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
    [new Date(Number.NaN), 'null'],
    [Buffer.from('hi'), '"aGk="'],
    [[1n, [null]], '[1,[null]]'],
    [new Float32Array([1, 2]), '[1,2]'],
    [{ a: { b: 1n } }, '{"a":{"b":1}}'],
  ])('writes %p as %s', (value, text) => {
    expect(jsonOfCell(value)).toBe(text);
    JSON.parse(text);
  });
});
