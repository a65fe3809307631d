import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silent } from '../util/log';
import { FileStore } from './file-store';
import type { StoredRecord } from './store';

describe('FileStore', () => {
  let location: string;
  beforeEach(() => (location = mkdtempSync(path.join(tmpdir(), 'journal-'))));
  afterEach(() => rmSync(location, { recursive: true, force: true }));

  const open = async (compactBytes?: number): Promise<{ store: FileStore; read: string[] }> => {
    const store = new FileStore(location, { log: silent, ...(compactBytes !== undefined && { compactBytes }) });
    const read: string[] = [];
    await store.open((record) => read.push(record.kind));
    return { store, read };
  };
  const record = (kind: string): StoredRecord => ({ kind });
  const journals = (): string[] => readdirSync(path.join(location, 'journal')).sort();

  it('gives back what was flushed, in order, even when the process is gone without a word', async () => {
    const { store } = await open();
    for (const kind of ['a', 'b', 'c']) store.append(record(kind));
    store.flush();
    // No close: the next one opens what a kill would leave.
    expect((await open()).read).toEqual(['a', 'b', 'c']);
  });

  it('leaves out a torn last line and writes to a new journal', async () => {
    const { store } = await open();
    store.append(record('a'));
    await store.close();
    appendFileSync(path.join(location, 'journal', journals()[0] ?? ''), '{"kind":"to');
    const second = await open();
    expect(second.read).toEqual(['a']);
    second.store.append(record('b'));
    await second.store.close();
    expect((await open()).read).toEqual(['a', 'b']);
  });

  it('compacts to a snapshot, and what came during it is not lost', async () => {
    const { store } = await open(100);
    store.compactFrom(function* () {
      store.append(record('during'));
      yield record('snapshot');
    });
    for (let count = 0; count < 20; count++) store.append(record('old'));
    store.flush();
    await store.close();
    store.append(record('lost'));
    expect(journals().filter((name) => name.startsWith('snapshot'))).toHaveLength(1);
    expect((await open()).read).toEqual(['snapshot', 'during']);
  });

  it('ignores a snapshot that was not finished', async () => {
    const { store } = await open();
    store.append(record('a'));
    await store.close();
    appendFileSync(path.join(location, 'journal', 'snapshot-00000002.jsonl.tmp'), '{"kind":"half"}\n');
    expect((await open()).read).toEqual(['a']);
  });
});
