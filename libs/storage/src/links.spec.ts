import type { BlobServiceClient, UserDelegationKey } from '@azure/storage-blob';
import type { AccessToken } from '@azure/core-auth';
import { startAzurite } from '../../../test/support/azurite';
import type { RunningAzurite } from '../../../test/support/azurite';
import { LinkMinter, createStorage, storageConfigFromConnectionString } from './index';
import type { Storage } from './index';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('LinkMinter with an account key', () => {
  let azurite: RunningAzurite;
  let storage: Storage;

  beforeAll(async () => {
    azurite = await startAzurite();
    storage = createStorage(storageConfigFromConnectionString(azurite.connectionString));
    await storage.blobs.ensureContainer('box');
  });
  afterAll(() => azurite.stop());

  it('mints a link that reads just one blob, whatever its name', async () => {
    const name = 'a b/ü?&#+%20.txt';
    await storage.blobs.writeText('box', name, 'hello');
    await storage.blobs.writeText('box', 'other', 'secret');
    const url = await storage.links.blobUrl('box', name, { read: true }, HOUR);
    expect(await (await fetch(url)).text()).toBe('hello');
    const elsewhere = new URL(await storage.links.blobUrl('box', 'other', { read: true }, HOUR));
    elsewhere.search = new URL(url).search;
    expect((await fetch(elsewhere)).status).toBe(403);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(403);
  });

  it('mints a link that writes below a container', async () => {
    const url = new URL(await storage.links.containerUrl('box', { write: true, create: true }, HOUR));
    url.pathname += '/out/result.txt';
    const put = await fetch(url, { method: 'PUT', body: 'done', headers: { 'x-ms-blob-type': 'BlockBlob' } });
    expect(put.status).toBe(201);
    expect(await storage.blobs.readText('box', 'out/result.txt')).toBe('done');
  });

  it('mints a link to one version of a blob, signed for that version', async () => {
    const version = '2026-01-15T09:00:00.1234567Z';
    const link = await storage.links.blobUrl('box', 'b', { read: true }, HOUR, { versionId: version });
    const { searchParams } = new URL(link);
    expect([searchParams.get('versionid'), searchParams.get('sr')]).toEqual([version, 'bv']);
    const plain = new URL(await storage.links.blobUrl('box', 'b', { read: true }, HOUR)).searchParams;
    expect([plain.get('versionid'), plain.get('sr')]).toEqual([null, 'b']);
  });

  it('lets a part of a blob be read, as long as it is the version that was meant', async () => {
    const { etag } = await storage.blobs.writeText('box', 'part', '0123456789');
    const url = await storage.links.blobUrl('box', 'part', { read: true }, HOUR);
    const read = () => fetch(url, { headers: { range: 'bytes=3-5', 'if-match': etag } });
    const part = await read();
    expect([part.status, await part.text()]).toEqual([206, '345']);
    await storage.blobs.writeText('box', 'part', 'abcdefghij');
    expect((await read()).status).toBe(412);
  });

  it('starts links five minutes ago', async () => {
    const url = new URL(await storage.links.blobUrl('box', 'b', { read: true }, HOUR));
    const age = Date.now() - Date.parse(url.searchParams.get('st')!);
    expect(age).toBeGreaterThanOrEqual(5 * 60_000);
    expect(age).toBeLessThan(6 * 60_000);
  });
});

describe('LinkMinter with a token', () => {
  let now = Date.UTC(2024, 0, 1);
  const asked: { from: Date; to: Date }[] = [];
  let failNext = false;

  const service = {
    url: 'https://account.blob.core.windows.net',
    accountName: 'account',
    getContainerClient: (container: string) => ({
      url: `https://account.blob.core.windows.net/${container}`,
      getBlobClient: (blob: string) => ({ url: `https://account.blob.core.windows.net/${container}/${blob}` }),
    }),
    getUserDelegationKey: async (from: Date, to: Date): Promise<UserDelegationKey> => {
      asked.push({ from, to });
      if (failNext) {
        failNext = false;
        throw Object.assign(new Error('busy'), { name: 'RestError', statusCode: 503, code: 'ServerBusy' });
      }
      return {
        signedObjectId: 'object',
        signedTenantId: 'tenant',
        signedStartsOn: from,
        signedExpiresOn: to,
        signedService: 'b',
        signedVersion: '2020-02-10',
        value: Buffer.from('delegated').toString('base64'),
      };
    },
  } as unknown as BlobServiceClient;
  const credential = { getToken: (): Promise<AccessToken | null> => Promise.resolve(null) };
  const minter = () => new LinkMinter(service, { kind: 'token', credential }, () => now);

  beforeEach(() => {
    now = Date.UTC(2024, 0, 1);
    asked.length = 0;
  });

  it('signs with a delegation key, for https only', async () => {
    const url = new URL(await minter().blobUrl('box', 'b', { read: true }, HOUR));
    expect(url.searchParams.get('skoid')).toBe('object');
    expect(url.searchParams.get('spr')).toBe('https');
    expect(url.searchParams.get('se')).toBe('2024-01-01T01:00:00Z');
  });

  it('uses one key for many links and asks for it once', async () => {
    const sut = minter();
    await Promise.all(Array.from({ length: 10 }, () => sut.blobUrl('box', 'b', { read: true }, HOUR)));
    now += 12 * HOUR;
    await sut.blobUrl('box', 'b', { read: true }, HOUR);
    expect(asked).toHaveLength(1);
  });

  it('renews the key before a link would outlive it', async () => {
    const sut = minter();
    await sut.blobUrl('box', 'b', { read: true }, HOUR);
    now += 23.5 * HOUR;
    const url = new URL(await sut.blobUrl('box', 'b', { read: true }, HOUR));
    expect(asked).toHaveLength(2);
    expect(Date.parse(url.searchParams.get('se')!)).toBe(now + HOUR);
  });

  it('shortens links beyond the life of any key, and still shares the key', async () => {
    const sut = minter();
    await sut.blobUrl('box', 'b', { read: true }, 30 * DAY);
    now += HOUR;
    const url = new URL(await sut.blobUrl('box', 'b', { read: true }, 30 * DAY));
    expect(asked).toHaveLength(1);
    expect(asked[0]!.to.getTime() - asked[0]!.from.getTime()).toBeLessThan(7 * DAY);
    expect(Date.parse(url.searchParams.get('se')!)).toBe(asked[0]!.to.getTime());
  });

  it('does not remember a key that could not be had', async () => {
    const sut = minter();
    failNext = true;
    await expect(sut.blobUrl('box', 'b', { read: true }, HOUR)).rejects.toMatchObject({
      name: 'StorageUnavailableError',
      code: 'ServerBusy',
    });
    await sut.blobUrl('box', 'b', { read: true }, HOUR);
    expect(asked).toHaveLength(2);
  });
});
