import { Readable } from 'node:stream';
import { BlobServiceClient } from '@azure/storage-blob';
import { startAzurite } from '../../../test/support/azurite';
import type { RunningAzurite } from '../../../test/support/azurite';
import {
  BlobChangedError,
  BlobExistsError,
  BlobNotFoundError,
  ContainerNotFoundError,
  StorageRefusedError,
  StorageUnavailableError,
  createStorage,
  storageConfigFromConnectionString,
} from './index';
import type { BlobStore, StorageConfig } from './index';

describe('BlobStore', () => {
  let azurite: RunningAzurite;
  let config: StorageConfig;
  let sut: BlobStore;
  const box = 'box';

  beforeAll(async () => {
    azurite = await startAzurite();
    config = storageConfigFromConnectionString(azurite.connectionString);
    sut = createStorage(config).blobs;
    await sut.ensureContainer(box);
  });
  afterAll(() => azurite.stop());

  it('creates a container once, however often it is asked to', async () => {
    await sut.ensureContainer('twice');
    await sut.ensureContainer('twice');
    expect(await sut.containerExists('twice')).toBe(true);
    expect(await sut.containerExists('never')).toBe(false);
  });

  it('reads back text and JSON, and tells facts about them', async () => {
    const { etag } = await sut.writeJson(box, 'a/b.json', { name: 'Grüße', n: 1 });
    expect(await sut.readJson(box, 'a/b.json')).toEqual({ name: 'Grüße', n: 1 });
    expect(await sut.properties(box, 'a/b.json')).toMatchObject({ bytes: 24, etag, contentType: 'application/json' });
    expect(etag).toMatch(/^".*"$/);
  });

  it('tells an absent blob from an absent container', async () => {
    await expect(sut.readText(box, 'none')).rejects.toThrow(BlobNotFoundError);
    await expect(sut.readText('nobox', 'none')).rejects.toThrow(ContainerNotFoundError);
    await expect(sut.readStream(box, 'none')).rejects.toThrow(BlobNotFoundError);
    await expect(sut.readRange('nobox', 'none', 0, 1)).rejects.toThrow(ContainerNotFoundError);
    await expect(sut.writeText('nobox', 'b', '')).rejects.toThrow(ContainerNotFoundError);
    await expect(sut.list('nobox').next()).rejects.toThrow(ContainerNotFoundError);
  });

  it('answers undefined for absent blobs where that is asked for', async () => {
    for (const container of [box, 'nobox']) {
      expect(await sut.properties(container, 'none')).toBeUndefined();
      expect(await sut.readTextIfPresent(container, 'none')).toBeUndefined();
      expect(await sut.readJsonIfPresent(container, 'none')).toBeUndefined();
      expect(await sut.readTail(container, 'none', 10)).toBeUndefined();
    }
  });

  it('lets one of two creators win', async () => {
    await sut.writeText(box, 'once', '1', { ifNoneMatch: '*' });
    await expect(sut.writeText(box, 'once', '2', { ifNoneMatch: '*' })).rejects.toThrow(BlobExistsError);
    expect(await sut.readText(box, 'once')).toBe('1');
  });

  it('refuses to read a version that is gone', async () => {
    const { etag } = await sut.writeText(box, 'versioned', 'one');
    expect((await sut.readRange(box, 'versioned', 1, 2, { ifMatch: etag })).toString()).toBe('ne');
    await sut.writeText(box, 'versioned', 'two');
    await expect(sut.readRange(box, 'versioned', 0, 3, { ifMatch: etag })).rejects.toThrow(BlobChangedError);
    await expect(sut.readStream(box, 'versioned', { ifMatch: etag })).rejects.toThrow(BlobChangedError);
  });

  it('takes the etag of a listing for a read', async () => {
    await sut.writeText(box, 'listed', 'x');
    const [blob] = await all(sut.list(box, { prefix: 'listed' }));
    expect(blob).toMatchObject({ name: 'listed', bytes: 1 });
    expect(await sut.readRange(box, 'listed', 0, 1, { ifMatch: blob!.etag })).toEqual(Buffer.from('x'));
  });

  it('knows a directory of a hierarchical account from a blob', async () => {
    const client = BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient(box);
    await client.getBlockBlobClient('tree/folder').upload('', 0, { metadata: { hdi_isfolder: 'true' } });
    await sut.writeText(box, 'tree/folder/file', '');
    const listed = await all(sut.list(box, { prefix: 'tree/' }));
    expect(listed.map(({ isDirectory }) => isDirectory)).toEqual([true, false]);
  });

  it('reads a tail without the half of a character', async () => {
    await sut.writeText(box, 'tail', 'aé€😀');
    expect(await sut.readTail(box, 'tail', 100)).toBe('aé€😀');
    expect(await sut.readTail(box, 'tail', 4)).toBe('😀');
    expect(await sut.readTail(box, 'tail', 6)).toBe('😀');
    expect(await sut.readTail(box, 'tail', 7)).toBe('€😀');
    await sut.writeText(box, 'empty', '');
    expect(await sut.readTail(box, 'empty', 10)).toBe('');
  });

  it('streams in both directions', async () => {
    const chunks = Array.from({ length: 40 }, (_, n) => Buffer.alloc(512 * 1024, n));
    const whole = Buffer.concat(chunks);
    expect(await sut.writeStream(box, 'big', Readable.from(chunks))).toEqual({ bytes: whole.length });
    const read = Buffer.concat(await all(await sut.readStream(box, 'big', { offset: 100, count: 1_000_000 })));
    expect(read.equals(whole.subarray(100, 1_000_100))).toBe(true);
    expect((await sut.readRange(box, 'big', 0, whole.length)).equals(whole)).toBe(true);
    expect(await sut.writeStream(box, 'nothing', Readable.from([]))).toEqual({ bytes: 0 });
  });

  it('reads lines from an offset', async () => {
    await sut.writeText(box, 'lines', 'one\r\ntwo\n\nfour');
    expect(await all(sut.readLines(box, 'lines'))).toEqual(['one', 'two', '', 'four']);
    expect(await all(sut.readLines(box, 'lines', { offset: 5 }))).toEqual(['two', '', 'four']);
  });

  it('appends, creating the blob, above the size of a block as well', async () => {
    await sut.appendText(box, 'log', 'first\n');
    const line = `${'x'.repeat(999)}\n`;
    await sut.appendText(box, 'log', line.repeat(6000));
    expect(await sut.readText(box, 'log')).toBe(`first\n${line.repeat(6000)}`);
    await expect(sut.appendText('nobox', 'log', 'x')).rejects.toThrow(ContainerNotFoundError);
  });

  it('deletes what is there and is content with what is not', async () => {
    await sut.writeText(box, 'gone', '');
    await sut.delete(box, 'gone');
    await sut.delete(box, 'gone');
    await sut.delete('nobox', 'gone');
    expect(await sut.properties(box, 'gone')).toBeUndefined();
  });

  it('deletes below a prefix only', async () => {
    for (let n = 0; n < 40; n += 1) await sut.writeText(box, `dir/${n}`, '');
    await sut.writeText(box, 'dirt', '');
    expect(await sut.deletePrefix(box, 'dir/')).toBe(40);
    expect(await sut.deletePrefix(box, 'dir/')).toBe(0);
    expect(await sut.deletePrefix('nobox', 'dir/')).toBe(0);
    expect(await sut.properties(box, 'dirt')).toBeDefined();
  });

  it('calls a wrong key a refusal and a dead address unavailable, and gives neither away', async () => {
    const key = Buffer.from('not the key').toString('base64');
    const wrong = createStorage({
      ...config,
      auth: { kind: 'sharedKey', accountName: 'devstoreaccount1', accountKey: key },
    });
    const refused: unknown = await wrong.blobs.readText(box, 'x').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StorageRefusedError);
    expect(refused).toMatchObject({ statusCode: 403, code: 'AuthorizationFailure' });
    expect(String(refused)).not.toContain(key);

    const dead = createStorage({ ...config, blobEndpoint: 'http://127.0.0.1:9/dev', retry: { maxTries: 1 } });
    await expect(dead.blobs.readText(box, 'x')).rejects.toThrow(StorageUnavailableError);
  });
});

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}
