import fc from 'fast-check';
import { MAX_DOWNLOADS_PER_TASK } from '@windrow/contract';
import type { JobSpec, RowsInput } from '@windrow/contract';
import { JsonItem } from '../item';
import type { Item } from '../item';
import { BatchRule, batchLimits } from './limits';
import type { BatchLimits } from './limits';

const rows = (more: Partial<RowsInput>): RowsInput => ({
  kind: 'rows',
  container: 'c',
  blobs: [],
  format: 'csv',
  ...more,
});
const repeat: JobSpec['input'] = { kind: 'repeat', count: 1 };

function batches(items: Item[], limits: BatchLimits): Item[][] {
  const rule = new BatchRule(limits);
  const result: Item[][] = [];
  for (const item of items) {
    if (result.length === 0 || !rule.fits(item)) {
      result.push([]);
      rule.reset();
    }
    rule.add(item);
    result.at(-1)!.push(item);
  }
  return result;
}

describe('batchLimits', () => {
  const none = Number.POSITIVE_INFINITY;
  it.each<[Pick<JobSpec, 'input' | 'batching'>, BatchLimits]>([
    [{ input: repeat }, { maxItems: 1, maxBytes: none }],
    [
      { input: repeat, batching: { maxItemsPerTask: 5 } },
      { maxItems: 5, maxBytes: none },
    ],
    [
      { input: repeat, batching: { maxBytesPerTask: '2KiB' } },
      { maxItems: none, maxBytes: 2048 },
    ],
    [
      { input: rows({ rowsPerTask: 9 }), batching: { maxItemsPerTask: 5 } },
      { maxItems: 9, maxBytes: none },
    ],
    [{ input: rows({ bytesPerTask: '1MiB' }) }, { maxItems: none, maxBytes: 1048576 }],
    [{ input: rows({ rowsPerTask: 9, bytesPerTask: '1B' }) }, { maxItems: 9, maxBytes: 1 }],
    [{ input: rows({}) }, { maxItems: 1, maxBytes: none }],
    [
      {
        input: { kind: 'rows', container: 'c', blobs: [], format: 'csv', split: 'byteRanges', bytesPerTask: '1KiB' },
      },
      { maxItems: 1, maxBytes: Infinity },
    ],
  ])('reads %j', (spec, limits) => {
    expect(batchLimits(spec)).toEqual(limits);
  });

  it('refuses what is not a size', () => {
    expect(() => batchLimits({ input: rows({ bytesPerTask: 'lots' }) })).toThrow(
      expect.objectContaining({ code: 'InvalidSize', path: '$.input.bytesPerTask' }),
    );
  });
});

describe('BatchRule', () => {
  const item = fc.nat(40).map((size): Item => new JsonItem(JSON.stringify('x'.repeat(size))));
  const limits = fc.record({ maxItems: fc.integer({ min: 1, max: 10 }), maxBytes: fc.integer({ min: 1, max: 100 }) });

  it('keeps all items in their order, within the limits, and fills batches up', () => {
    fc.assert(
      fc.property(fc.array(item), limits, (items, limit) => {
        const result = batches(items, limit);
        expect(result.flat()).toEqual(items);
        const bytesOf = (batch: Item[]) => batch.reduce((sum, { bytes }) => sum + bytes, 0);
        for (const [n, batch] of result.entries()) {
          expect(batch.length).toBeLessThanOrEqual(limit.maxItems);
          if (batch.length > 1) expect(bytesOf(batch)).toBeLessThanOrEqual(limit.maxBytes);
          const next = result[n + 1]?.[0];
          const full = batch.length === limit.maxItems || (next && bytesOf(batch) + next.bytes > limit.maxBytes);
          if (next) expect(full).toBe(true);
        }
      }),
    );
  });

  it('downloads no more than a request can hold', () => {
    const download = { container: 'c', blob: 'b', path: 'p' };
    const items = Array.from({ length: 2500 }, (): Item => ({ value: 0, json: '0', bytes: 0, download }));
    const sizes = batches(items, { maxItems: 5000, maxBytes: 5000 }).map((batch) => batch.length);
    expect(sizes).toEqual([MAX_DOWNLOADS_PER_TASK, MAX_DOWNLOADS_PER_TASK, 500]);
  });
});
