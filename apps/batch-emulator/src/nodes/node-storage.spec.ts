import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { zipOf } from '../../../../test/batch-conformance/zip';
import { Account } from '../account/account';
import { AutoStorage } from '../account/auto-storage';
import { DEFAULT_QUOTAS } from '../account/quotas';
import { ComputeNode } from '../model/nodes/node';
import { Pool } from '../model/pools/pool';
import { Journal } from '../store/journal';
import { memoryStore } from '../store/store';
import { SystemClock } from '../util/clock';
import { NodeLayout } from './node-layout';
import { NodeStorage } from './node-storage';
import { RunFailure } from './run-failure';

describe('NodeStorage', () => {
  let folder: string;
  let server: http.Server;
  let held: http.ServerResponse[];
  let storage: NodeStorage;
  const node = new ComputeNode(new Pool({ id: 'p', vmSize: 's' }, 1), 'n', true, 0, 1);
  const reference = [{ applicationId: 'app', version: '1.zip' }];

  /** A storage service that answers when the test says so. */
  beforeEach(async () => {
    held = [];
    server = http.createServer((_request, response) => {
      held.push(response);
      server.emit('held');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const endpoint = `AccountName=a;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:${port}/a`;
    const account = new Account(
      {
        ...{ name: 'own', key: 'a2V5', subscription: 's', resourceGroup: 'g', region: 'r' },
        ...{ storage: AutoStorage.parse(endpoint), quotas: DEFAULT_QUOTAS },
      },
      new Journal(memoryStore),
      new SystemClock(),
    );
    const item = { version: '1.zip', state: 'Active', container: 'c', blob: 'b', modified: 1 } as const;
    account.applications.table.set('app', { id: 'app', allowUpdates: true, packages: { '1.zip': item }, modified: 1 });
    folder = await mkdtemp(path.join(tmpdir(), 'node-storage-'));
    storage = new NodeStorage(account, new NodeLayout(folder));
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const install = (signal = new AbortController().signal): Promise<void> => storage.install(node, reference, signal);
  const serve = (): unknown => held.at(-1)?.end(zipOf([{ name: 'a.txt', content: 'x' }]));
  const place = (): string => path.join(folder, 'nodes/p/n/applications/app');

  it('many runs that want the same package share one download', async () => {
    const runs = [install(), install(), install()];
    await once(server, 'held');
    serve();
    await Promise.all(runs);
    await install();
    expect(held).toHaveLength(1);
    expect(await readdir(place())).toEqual(['1.zip']);
  });

  it('a run that is killed on the way does not take the package from those that wait for it', async () => {
    const killed = new AbortController();
    const first = install(killed.signal);
    const second = install();
    await once(server, 'held');
    killed.abort();
    await expect(first).rejects.toBeInstanceOf(RunFailure);
    await once(server, 'held');
    serve();
    await second;
    expect(existsSync(path.join(place(), '1.zip', 'a.txt'))).toBe(true);
  });

  it('a node that lost its files gets the package again', async () => {
    const first = install();
    await once(server, 'held');
    serve();
    await first;
    await rm(place(), { recursive: true });
    const again = install();
    await once(server, 'held');
    serve();
    await again;
    expect(await readdir(place())).toEqual(['1.zip']);
  });
});
