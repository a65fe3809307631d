import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { workspacePlace } from '@windrow/contract';
import { storageConfigFromConnectionString } from './config';
import type { StorageRequestReport } from './observe';
import { createStorage } from './storage';

describe('requests to the account', () => {
  let server: Server;
  let status: number;
  beforeAll(async () => {
    server = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(status, { 'content-type': 'application/json' }).end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('are reported by what they do and what came of it, without a name, a key or a query', async () => {
    const reports: StorageRequestReport[] = [];
    const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}/acc`;
    const config = storageConfigFromConnectionString(
      `AccountName=acc;AccountKey=a2V5;BlobEndpoint=${at};TableEndpoint=${at}`,
    );
    const sut = createStorage({ ...config, retry: { maxTries: 1 }, onRequest: (report) => reports.push(report) });
    const failed = (error: unknown) => error;
    status = 404;
    await sut.blobs.properties('box', 'secret-name').catch(failed);
    await sut.resources.get(workspacePlace('secret-name')).catch(failed);
    status = 503;
    await sut.blobs.listContainers('secret-name').next().catch(failed);
    expect(reports.map(({ service, operation, status: answered }) => [service, operation, answered])).toEqual([
      ['blob', 'head', 404],
      ['table', 'get', 404],
      ['blob', 'get.list', 503],
    ]);
    expect(reports.every(({ ms }) => ms >= 0)).toBe(true);
    expect(JSON.stringify(reports)).not.toMatch(/secret-name|sig=|comp=/);
  });
});
