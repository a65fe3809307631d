import type { PlannedTask } from '@windrow/contract';
import type { BlobProperties } from '@windrow/storage';
import { MemoryBlobs } from '../../../../test/support/memory-blobs';
import { changedInputs } from './index';

describe('inputs since the plan', () => {
  let blobs: MemoryBlobs;
  let tasks: PlannedTask[];

  beforeEach(() => {
    blobs = new MemoryBlobs();
    tasks = Array.from({ length: 50 }, (_, index) => {
      const blob = `${index}.txt`;
      const etag = blobs.put('in', blob, 'content');
      return { index, items: 1, downloads: [{ container: 'in', blob, path: `inputs/${blob}`, etag }] };
    });
  });

  it('are unchanged when nobody touched them', async () => {
    expect(await changedInputs(tasks, blobs)).toEqual([]);
  });

  it('are named in the order of the plan when they were changed or deleted, ranges among them', async () => {
    const etag = blobs.put('in', 'rows.csv', 'h\n1\n');
    const range = { container: 'in', blob: 'rows.csv', path: 'inputs/rows.csv', etag, offset: 2, length: 2 };
    tasks.unshift({ index: 99, items: 1, range });
    for (const blob of ['rows.csv', '7.txt', '40.txt']) blobs.put('in', blob, 'content');
    blobs.containers.get('in')!.delete('8.txt');
    const all = [
      { container: 'in', blob: 'rows.csv', change: 'changed' },
      { container: 'in', blob: '7.txt', change: 'changed' },
      { container: 'in', blob: '8.txt', change: 'gone' },
      { container: 'in', blob: '40.txt', change: 'changed' },
    ];
    expect(await changedInputs(tasks, blobs)).toEqual(all);
    expect(await changedInputs(tasks, blobs, { limit: 2 })).toHaveLength(2);
  });

  it('pinned to a version are unchanged for as long as it is there', async () => {
    const asked: (string | undefined)[] = [];
    blobs.properties = async (_container, _blob, { versionId }: { versionId?: string } = {}) => {
      asked.push(versionId);
      const facts: BlobProperties = { bytes: 1, etag: '"new"', lastModified: new Date(0) };
      return versionId === 'v1' ? facts : undefined;
    };
    const pinned = (index: number, versionId: string): PlannedTask => ({
      index,
      items: 1,
      downloads: [{ container: 'in', blob: `${index}`, path: 'inputs/x', etag: '"old"', versionId }],
    });
    expect(await changedInputs([pinned(0, 'v1'), pinned(1, 'v0')], blobs)).toEqual([
      { container: 'in', blob: '1', change: 'gone' },
    ]);
    expect(asked).toEqual(['v1', 'v0']);
  });

  it('are looked up once each, a few at once', async () => {
    let inFlight = 0;
    let most = 0;
    let lookups = 0;
    const original = blobs.properties.bind(blobs);
    blobs.properties = async (...args) => {
      lookups += 1;
      most = Math.max(most, (inFlight += 1));
      await new Promise(setImmediate);
      inFlight -= 1;
      return original(...args);
    };
    expect(await changedInputs([...tasks, ...tasks], blobs)).toEqual([]);
    expect({ lookups, most }).toEqual({ lookups: 50, most: 16 });
  });
});
