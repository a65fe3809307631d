import type { Json, SampleSpec } from '@windrow/contract';
import { MemoryBlobs } from '../../../../test/support/memory-blobs';
import { freezeSources, readItems } from './index';

const COUNT = 20_000;

/** The same numbers as lines of a blob, in chunks of whatever size. */
async function sampled(sample: SampleSpec, options: { chunkBytes?: number; maxItems?: number } = {}): Promise<Json[]> {
  const blobs = new MemoryBlobs();
  blobs.chunkBytes = options.chunkBytes ?? 4096;
  blobs.put('in', 'lines', Array.from({ length: COUNT }, (_, n) => `${n}\n`).join(''));
  const input = { kind: 'rows' as const, container: 'in', blobs: ['lines'], format: 'jsonl' as const };
  const { maxItems } = options;
  const context = { blobs, sources: await freezeSources(input, blobs), sample, ...(maxItems && { maxItems }) };
  const found: Json[] = [];
  for await (const items of readItems(input, context)) found.push(...items.map(({ value }) => value));
  return found;
}

describe('a sample of the input', () => {
  it('has about its share of the items, spread over all of them, in their order', async () => {
    const taken = (await sampled({ percent: 5, seed: 7 })) as number[];
    // Six standard deviations of a binomial distribution (31).
    expect(Math.abs(taken.length - COUNT / 20)).toBeLessThan(186);
    expect(taken).toEqual([...taken].sort((a, b) => a - b));
    expect(taken.filter((n) => n >= COUNT / 2).length).toBeGreaterThan(350);
  });

  it('is the same for the same seed, however the input is read, and another for another', async () => {
    const taken = await sampled({ percent: 5, seed: 7 });
    expect(await sampled({ percent: 5, seed: 7 }, { chunkBytes: 97 })).toEqual(taken);
    expect(await sampled({ percent: 5, seed: 8 })).not.toEqual(taken);
    expect(await sampled({ percent: 5 })).toEqual(await sampled({ percent: 5, seed: 0 }));
  });

  it('is taken before maxItems, and is everything at 100 percent', async () => {
    const taken = await sampled({ percent: 5, seed: 7 });
    expect(await sampled({ percent: 5, seed: 7 }, { maxItems: 10 })).toEqual(taken.slice(0, 10));
    expect(await sampled({ percent: 100 })).toHaveLength(COUNT);
  });
});
