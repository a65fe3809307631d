import fc from 'fast-check';
import type { Json, RowsInput } from '@windrow/contract';
import { MemoryBlobs } from '../../../../../test/support/memory-blobs';
import { freezeSources, readItems } from '../index';

const rows = (format: RowsInput['format'], more: Partial<RowsInput> = {}): RowsInput => ({
  kind: 'rows',
  container: 'in',
  blobs: ['b'],
  format,
  ...more,
});

async function read(text: string, input: RowsInput, chunkBytes = 7): Promise<Json[]> {
  const blobs = new MemoryBlobs();
  blobs.chunkBytes = chunkBytes;
  blobs.put('in', 'b', text);
  const values: Json[] = [];
  const sources = await freezeSources(input, blobs);
  for await (const items of readItems(input, { blobs, sources })) {
    for (const item of items) {
      expect(item.json).not.toContain('\n');
      expect(JSON.parse(item.json)).toEqual(item.value);
      values.push(item.value);
    }
  }
  return values;
}

describe('csv', () => {
  it('reads rows by the names of the header', async () => {
    const text = '\ufeffid,name\r\n1,"Smith, ""J"""\r\n\r\n2,"two\nlines"\n3,ü';
    expect(await read(text, rows('csv'))).toEqual([
      { id: '1', name: 'Smith, "J"' },
      { id: '2', name: 'two\nlines' },
      { id: '3', name: 'ü' },
    ]);
  });

  it('numbers the columns where there is no header', async () => {
    expect(await read('a,b\nc,d\n', rows('csv', { header: false }))).toEqual([
      { c1: 'a', c2: 'b' },
      { c1: 'c', c2: 'd' },
    ]);
  });

  it('keeps the columns that are wanted, in that order', async () => {
    const input = rows('csv', { columns: ['c', 'a'] });
    expect(JSON.stringify(await read('a,b,c\n1,2,3', input))).toBe('[{"c":"3","a":"1"}]');
  });

  it.each([
    ['a,b\n1,2\n3\n', 'Row 2 of blob'],
    ['a,b\n1,2\n3,4,5\n', 'has 3 fields where the header has 2'],
    ['a,b\n1,2\n"x"y,2\n', 'Row 2 of blob'],
    ['a,b\n1,"never closed\n3,4\n', 'Row 1 of blob'],
    ['a,a\n1,2\n', "column 'a' twice"],
  ])('names the malformed row of %j', async (text, message) => {
    for (const chunkBytes of [1, 3, 100]) {
      const reading = read(text, rows('csv'), chunkBytes);
      await expect(reading).rejects.toMatchObject({ name: 'InvalidInputError', code: 'MalformedRow' });
      await expect(reading).rejects.toMatchObject({ path: '$.input.blobs[0]', message: expect.stringContaining('b') });
      await expect(reading).rejects.toThrow(message);
    }
  });

  it('counts rows from the first line where there is no header', async () => {
    const input = rows('csv', { header: false });
    await expect(read('1,2\n3\n', input)).rejects.toThrow('Row 2 of blob');
    await expect(read('1,"2', input)).rejects.toThrow('Row 1 of blob');
  });

  it('names a column that is not there, and those that are', async () => {
    await expect(read('a,b\n1,2\n', rows('csv', { columns: ['a', 'z'] }))).rejects.toMatchObject({
      code: 'UnknownColumn',
      path: '$.input.columns[1]',
      message: "Blob 'b' has no column 'z'. Its columns are 'a', 'b'.",
    });
  });

  it('reads any table, however its bytes are cut', async () => {
    const cell = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\ufeff'));
    const table = fc.array(fc.tuple(cell, cell), { minLength: 1 });
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 50 }), async (lines, chunkBytes) => {
        const text = ['a,b', ...lines.map((line) => line.map(quoted).join(','))].join('\n');
        const expected = lines.map(([a, b]) => ({ a, b }));
        expect(await read(text, rows('csv'), chunkBytes)).toEqual(expected);
      }),
    );
  });
});

describe('jsonl', () => {
  it('reads a value a line, blank lines aside, and keeps long numbers', async () => {
    const blobs = new MemoryBlobs();
    blobs.put('in', 'b', '\ufeff{"id": 12345678901234567890}\r\n\n[1,"x"]\n  null');
    const input = rows('jsonl');
    const texts: string[] = [];
    for await (const items of readItems(input, { blobs, sources: await freezeSources(input, blobs) })) {
      texts.push(...items.map(({ json }) => json));
    }
    expect(texts).toEqual(['{"id": 12345678901234567890}', '[1,"x"]', 'null']);
  });

  it('names the line that is not JSON', async () => {
    const reading = read('{"a":1}\n\n{"a":\n', rows('jsonl'));
    await expect(reading).rejects.toMatchObject({ code: 'MalformedRow', path: '$.input.blobs[0]' });
    await expect(reading).rejects.toThrow("Line 3 of blob 'b' is not JSON");
  });
});

describe('json', () => {
  it('reads the elements of an array and keeps long numbers', async () => {
    const text = JSON.stringify([{ a: 'x\n' }, [1, 2], 'three', null], null, 2);
    expect(await read(text, rows('json'))).toEqual([{ a: 'x\n' }, [1, 2], 'three', null]);
    expect(await read('[]', rows('json'))).toEqual([]);
  });

  it('names the element that is not JSON, and what is not an array', async () => {
    await expect(read('[1, {"a"}, 3]', rows('json'))).rejects.toThrow("Element 2 of blob 'b' is not JSON");
    await expect(read('{"a":1}', rows('json'))).rejects.toMatchObject({ code: 'MalformedBlob' });
    await expect(read('[1, 2', rows('json'))).rejects.toThrow('after element 1');
  });
});

describe('lines', () => {
  it('takes every line for an item, hostile or empty', async () => {
    const lines = ['plain', '', 'a; rm -rf ~', '$(x) `y` "z"', 'ü\t😀'];
    expect(await read(`${lines.join('\n')}\n`, rows('lines'))).toEqual(lines);
  });

  it('reads the blobs in the order they are given', async () => {
    const blobs = new MemoryBlobs();
    blobs.put('in', 'z', '1\n2');
    blobs.put('in', 'a', '3');
    const input = rows('lines', { blobs: ['z', 'a', 'z'] });
    const values: Json[] = [];
    for await (const items of readItems(input, { blobs, sources: await freezeSources(input, blobs) })) {
      values.push(...items.map(({ value }) => value));
    }
    expect(values).toEqual(['1', '2', '3', '1', '2']);
  });
});
