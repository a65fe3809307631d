import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
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

  it('compacts what grew over many starts, none of which wrote much', async () => {
    for (let life = 0; life < 5; life++) {
      const { store } = await open(100);
      store.compactFrom(() => [record('snapshot')]);
      for (let count = 0; count < 2; count++) store.append(record('some'));
      await store.close();
    }
    expect(journals().filter((name) => name.startsWith('snapshot'))).toHaveLength(1);
    expect(journals().length).toBeLessThan(5);
  });

  it('keeps what is secret from other users, half-written snapshots of earlier days too', async () => {
    const { store } = await open(10);
    appendFileSync(path.join(location, 'journal', 'snapshot-00000002.jsonl.tmp'), '{"kind":"half"}\n', { mode: 0o644 });
    store.compactFrom(() => [record('snapshot')]);
    store.append(record('a'));
    await store.close();
    expect(journals()).toEqual(['journal-00000002.jsonl', 'snapshot-00000002.jsonl']);
    for (const name of journals()) expect(statSync(path.join(location, 'journal', name)).mode & 0o777).toBe(0o600);
  });

  it('ignores a snapshot that was not finished', async () => {
    const { store } = await open();
    store.append(record('a'));
    await store.close();
    appendFileSync(path.join(location, 'journal', 'snapshot-00000002.jsonl.tmp'), '{"kind":"half"}\n');
    expect((await open()).read).toEqual(['a']);
  });
});
