import { startAzurite } from '../../../test/support/azurite';
import type { RunningAzurite } from '../../../test/support/azurite';
import { createStorage, ResourceChangedError, ResourceMissingError, storageConfigFromConnectionString } from './index';
import type { ResourceStore } from './index';

interface Thing {
  n: number;
}

describe('ResourceStore', () => {
  let azurite: RunningAzurite;
  let sut: ResourceStore;
  const key = (name: string, scope = ['w']) => ({ kind: 'thing', scope, name });

  beforeAll(async () => {
    azurite = await startAzurite();
    const storage = createStorage(storageConfigFromConnectionString(azurite.connectionString));
    await storage.catalogue.ensure();
    sut = storage.resources;
  });
  afterAll(() => azurite.stop());

  it('creates a name once, whoever tries', async () => {
    const all = await Promise.all([1, 2, 3].map((n) => sut.create(key('once'), { n })));
    const made = all.filter((stored) => stored !== undefined);
    expect(made).toHaveLength(1);
    expect(await sut.get<Thing>(key('once'))).toEqual(made[0]);
    expect(await sut.get(key('once', ['other']))).toBeUndefined();
  });

  it('replaces and deletes the version that was read, and no other', async () => {
    const first = await sut.create(key('versions'), { n: 1 });
    const second = await sut.replace(key('versions'), { n: 2 }, first!.etag);
    expect(second.etag).not.toBe(first!.etag);
    await expect(sut.replace(key('versions'), { n: 3 }, first!.etag)).rejects.toThrow(ResourceChangedError);
    await expect(sut.delete(key('versions'), first!.etag)).rejects.toThrow(ResourceChangedError);
    expect(await sut.get(key('versions'))).toEqual({ name: 'versions', value: { n: 2 }, etag: second.etag });
    expect(await sut.delete(key('versions'), second.etag)).toBe(true);
    expect(await sut.delete(key('versions'))).toBe(false);
    await expect(sut.replace(key('versions'), { n: 4 })).rejects.toThrow(ResourceMissingError);
  });

  it('loses no change of several at once', async () => {
    await sut.create(key('counter'), { n: 0 });
    await Promise.all([1, 2, 3, 4].map(() => sut.change<Thing>(key('counter'), ({ n }) => ({ n: n + 1 }))));
    expect((await sut.get<Thing>(key('counter')))?.value).toEqual({ n: 4 });
    await expect(sut.change(key('nobody'), (value) => value)).rejects.toThrow(ResourceMissingError);
  });

  it('lists a scope by name, page by page, within bounds', async () => {
    for (const name of ['c', 'a', 'd', 'b']) await sut.put(key(name, ['listed']), { n: 0 });
    await sut.put(key('a', ['listed', 'deeper']), { n: 0 });
    const scope = { kind: 'thing', scope: ['listed'] };
    const names = (page: { rows: { name: string }[] }) => page.rows.map(({ name }) => name);
    const first = await sut.list(scope, { pageSize: 3 });
    expect(names(first)).toEqual(['a', 'b', 'c']);
    const second = await sut.list(scope, { pageSize: 3, pageToken: first.nextPageToken! });
    expect(second).toMatchObject({ rows: [{ name: 'd', value: { n: 0 } }] });
    expect(second.nextPageToken).toBeUndefined();
    expect(names(await sut.list(scope, { pageSize: 9, from: 'b', before: 'd' }))).toEqual(['b', 'c']);
    await expect(sut.list(scope, { pageSize: 3, pageToken: 'bm9uZQ' })).rejects.toMatchObject({
      code: 'InvalidPageToken',
    });
  });
});
