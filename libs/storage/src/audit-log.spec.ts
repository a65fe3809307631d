import { AUDIT_CONTAINER, type AuditRecord } from '@windrow/contract';
import { startAzurite } from '../../../test/support/azurite';
import type { RunningAzurite } from '../../../test/support/azurite';
import { AppendBlobFullError, AuditLog, createStorage, storageConfigFromConnectionString } from './index';
import type { BlobStore } from './index';

const record = (id: string, time: string): AuditRecord => ({
  id,
  time,
  source: 'api',
  principal: 'p',
  method: 'PUT',
  operation: 'o',
  resource: '/r',
});

describe('the audit log', () => {
  let azurite: RunningAzurite;
  let blobs: BlobStore;
  beforeEach(() => jest.restoreAllMocks());
  beforeAll(async () => {
    azurite = await startAzurite();
    blobs = createStorage(storageConfigFromConnectionString(azurite.connectionString)).blobs;
  });
  afterAll(() => azurite.stop());

  const names = async () => {
    const found: string[] = [];
    for await (const { name } of blobs.list(AUDIT_CONTAINER)) found.push(name);
    return found;
  };
  const read = async (log: AuditLog, from: string, to: string) => {
    const ids: string[] = [];
    let after;
    do {
      const page = await log.read({ from, to, pageSize: 3, matches: () => true, ...(after && { after }) });
      ids.push(...page.records.map(({ id }) => id));
      after = page.next;
    } while (after);
    return ids;
  };

  it('is empty before its first line, and makes its container with that', async () => {
    const log = new AuditLog(blobs);
    expect(await read(log, '2026-01-01T00:00:00.000Z', '2026-12-31T00:00:00.000Z')).toEqual([]);
    await log.append(record('a', '2026-01-15T09:00:00.000Z'));
    expect(await names()).toEqual(['2026-01-15.0000.jsonl']);
  });

  it('stores lines that come together with a few appends, and every line before it says so', async () => {
    const append = jest.spyOn(blobs, 'appendText');
    const log = new AuditLog(blobs);
    const ids = Array.from({ length: 50 }, (_, n) => `b${n}`);
    await Promise.all(ids.map((id) => log.append(record(id, '2026-02-01T00:00:00.000Z'))));
    expect(append.mock.calls.length).toBeLessThan(5);
    expect(await read(log, '2026-02-01T00:00:00.000Z', '2026-02-02T00:00:00.000Z')).toEqual(ids);
  });

  it('begins a further blob when one takes no more appends, and reads across blobs and days', async () => {
    const append = blobs.appendText.bind(blobs);
    let full = true;
    jest.spyOn(blobs, 'appendText').mockImplementation(async (container, blob, text) => {
      if (full && blob === '2026-03-01.0000.jsonl') {
        throw new AppendBlobFullError('full', { code: 'BlockCountExceedsLimit' });
      }
      await append(container, blob, text);
    });
    const log = new AuditLog(blobs);
    await log.append(record('c2', '2026-03-01T10:00:00.000Z'));
    full = false;
    const other = new AuditLog(blobs);
    await other.append(record('c1', '2026-03-01T09:00:00.000Z'));
    await Promise.all(['c3', 'c4'].map((id, n) => other.append(record(id, `2026-03-0${n + 2}T00:00:00.000Z`))));
    expect(await names()).toEqual(expect.arrayContaining(['2026-03-01.0000.jsonl', '2026-03-01.0001.jsonl']));
    const all = await read(log, '2026-03-01T00:00:00.000Z', '2026-04-01T00:00:00.000Z');
    expect(all).toEqual(['c1', 'c2', 'c3', 'c4']);
    expect(await read(log, '2026-03-01T09:30:00.000Z', '2026-03-03T00:00:00.000Z')).toEqual(['c2', 'c3']);
  });

  it('tells of a line that was not stored, goes on after it, and waits for all at the end', async () => {
    const append = jest.spyOn(blobs, 'appendText').mockRejectedValueOnce(new Error('down'));
    const log = new AuditLog(blobs);
    await expect(log.append(record('d1', '2026-05-01T00:00:00.000Z'))).rejects.toThrow('down');
    const later = new AuditLog(blobs, 20);
    void later.append(record('d2', '2026-05-01T00:00:00.000Z'));
    expect(append).toHaveBeenCalledTimes(1);
    await later.close();
    expect(await read(log, '2026-05-01T00:00:00.000Z', '2026-05-02T00:00:00.000Z')).toEqual(['d2']);
  });
});
