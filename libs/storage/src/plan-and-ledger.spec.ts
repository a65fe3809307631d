import { SHARD_SIZE, jobPaths } from '@windrow/contract';
import type { LedgerEntry } from '@windrow/contract';
import { startAzurite } from '../../../test/support/azurite';
import type { RunningAzurite } from '../../../test/support/azurite';
import {
  AppendBlobFullError,
  BlobNotFoundError,
  Ledger,
  PlanWriter,
  createStorage,
  readPlanShard,
  storageConfigFromConnectionString,
} from './index';
import type { BlobStore } from './index';

describe('plan and ledger', () => {
  let azurite: RunningAzurite;
  let blobs: BlobStore;
  const box = 'windrow-w';

  beforeAll(async () => {
    azurite = await startAzurite();
    blobs = createStorage(storageConfigFromConnectionString(azurite.connectionString)).blobs;
    await blobs.ensureContainer(box);
  });
  afterAll(() => azurite.stop());

  it('writes a plan in shards and reads each one back', async () => {
    const writer = new PlanWriter(blobs, box, 'u1', 'tasks');
    for (let index = 0; index < 2 * SHARD_SIZE + 5; index += 1) {
      await writer.add({ index, items: 1, inline: { item: `item ${index}\n` } });
    }
    expect(await writer.finish()).toEqual({ tasks: 2005, shards: 3 });
    expect(await readPlanShard(blobs, box, 'u1', 'tasks', 1)).toHaveLength(SHARD_SIZE);
    const last = await readPlanShard(blobs, box, 'u1', 'tasks', 2);
    expect(last.map((task) => task.index)).toEqual([2000, 2001, 2002, 2003, 2004]);
    expect(last[4]).toEqual({ index: 2004, items: 1, inline: { item: 'item 2004\n' } });
    await expect(readPlanShard(blobs, box, 'u1', 'tasks', 3)).rejects.toThrow(BlobNotFoundError);
  });

  it('writes no shard for an empty plan', async () => {
    expect(await new PlanWriter(blobs, box, 'u2', 'tasks').finish()).toEqual({ tasks: 0, shards: 0 });
  });

  it('reports a shard that could not be written', async () => {
    const writer = new PlanWriter(blobs, 'nobox', 'u2', 'tasks');
    await writer.add({ index: 0, items: 1 });
    await expect(writer.finish()).rejects.toThrow('nobox');
  });

  it('reads each attempt of a task once, whatever was written twice', async () => {
    const ledger = new Ledger(blobs, box, 'u3');
    await ledger.append('1', [entry(5, 1), entry(70_000, 1)]);
    await ledger.append('1', [entry(5, 1), entry(5, 2), entry(0, 1)]);
    await ledger.append('1', []);
    const read: string[] = [];
    for await (const { task, attempt } of ledger.read('1')) read.push(`${task}/${attempt}`);
    expect(read).toEqual(['5/1', '70000/1', '5/2', '0/1']);
  });

  it('has nothing to read where nothing was written', async () => {
    const ledger = new Ledger(blobs, box, 'u4');
    expect(await ledger.waves()).toEqual([]);
    expect(await ledger.read('1').next()).toMatchObject({ done: true });
  });

  it('goes on in another blob when an append blob is full', async () => {
    const full = jobPaths('u5').ledger('1');
    const narrow = Object.create(blobs, {
      appendText: {
        value: async (container: string, blob: string, text: string) => {
          if (blob === full && (await blobs.properties(container, blob))) {
            throw new AppendBlobFullError('full', { code: 'BlockCountExceedsLimit' });
          }
          await blobs.appendText(container, blob, text);
        },
      },
    }) as BlobStore;
    const ledger = new Ledger(narrow, box, 'u5');
    for (const task of [1, 2, 3]) await ledger.append('1', [entry(task, 1)]);
    const read: number[] = [];
    for await (const { task } of ledger.read('1')) read.push(task);
    expect(read).toEqual([1, 2, 3]);
  });

  it('names the waves in their order', async () => {
    const ledger = new Ledger(blobs, box, 'u6');
    for (const wave of ['10', '2', 'r1', '1']) await ledger.append(wave, [entry(0, 1)]);
    expect(await ledger.waves()).toEqual(['1', '2', '10', 'r1']);
  });
});

function entry(task: number, attempt: number): LedgerEntry {
  return { task, attempt, outcome: 'succeeded', exitCode: 0, batchRetries: 0 };
}
