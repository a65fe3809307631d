import fc from 'fast-check';
import { splitAtLineEnds } from './append-blocks';
import { Bitmap } from './bitmap';
import { Lanes } from './lanes';
import { splitLines } from './lines';

async function linesOf(chunks: Uint8Array[], max?: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const batch of splitLines(asyncOf(chunks), max)) lines.push(...batch);
  return lines;
}

async function* asyncOf<T>(values: T[]): AsyncGenerator<T> {
  yield* values;
}

/** Cuts bytes at the given places. */
function cut(bytes: Buffer, places: number[]): Buffer[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, n) => bytes.subarray(n === 0 ? 0 : ends[n - 1], end));
}

describe('splitLines', () => {
  it('gives the lines of a text, however its bytes are cut', async () => {
    const line = fc.string({ unit: 'binary' }).map((text) => text.replace(/[\r\n]/g, ''));
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.array(fc.nat()), async (lines, places) => {
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
        const wellFormed = lines.map((text) => Buffer.from(text).toString());
        expect(await linesOf(cut(bytes, places))).toEqual(wellFormed);
      }),
    );
  });

  it('counts a last line without an end, and both kinds of ends', async () => {
    expect(await linesOf([Buffer.from('a\r\nb\n\nc\r')])).toEqual(['a', 'b', '', 'c']);
    expect(await linesOf([])).toEqual([]);
  });

  it('gives up on a line without end', async () => {
    const chunks = [Buffer.from('ok\n'), ...Array.from({ length: 5 }, () => Buffer.alloc(10, 'x'))];
    await expect(linesOf(chunks, 30)).rejects.toMatchObject({ code: 'LineTooLong', line: 2 });
  });
});

describe('splitAtLineEnds', () => {
  it('loses nothing and cuts inside a line only if it must', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), fc.integer({ min: 1, max: 30 }), (lengths, limit) => {
        const bytes = Buffer.from(lengths.map((length) => `${'x'.repeat(length)}\n`).join(''));
        const blocks = [...splitAtLineEnds(bytes, limit)];
        expect(Buffer.concat(blocks).equals(bytes)).toBe(true);
        for (const block of blocks) {
          expect(block.length).toBeLessThanOrEqual(limit);
          if (block.at(-1) !== 0x0a) expect(block.length).toBe(limit);
        }
      }),
    );
  });
});

describe('Bitmap', () => {
  it('is a set of numbers', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(200_000)), (values) => {
        const sut = new Bitmap();
        const added = values.filter((value) => sut.add(value));
        expect(added).toEqual([...new Set(values)]);
        expect(values.every((value) => sut.has(value))).toBe(true);
        expect(sut.has(200_001)).toBe(false);
      }),
    );
  });
});

describe('Lanes', () => {
  it('runs no more than its limit at once', async () => {
    const sut = new Lanes(3);
    let now = 0;
    let most = 0;
    for (let n = 0; n < 20; n += 1) {
      await sut.run(async () => {
        most = Math.max(most, (now += 1));
        await new Promise(setImmediate);
        now -= 1;
      });
    }
    await sut.drain();
    expect({ now, most }).toEqual({ now: 0, most: 3 });
  });

  it('reports the first failure to whoever comes next', async () => {
    const sut = new Lanes(2);
    await sut.run(() => Promise.reject(new Error('first')));
    await expect(sut.drain()).rejects.toThrow('first');
    await expect(sut.run(async () => undefined)).rejects.toThrow('first');
  });
});
