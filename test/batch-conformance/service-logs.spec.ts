import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { Azurite } from './azurite';
import { createPool, poolReady } from './fixtures';
import { Rest } from './rest';

describe('service logs of a node', () => {
  let azurite: Azurite;
  let emulator: Emulator;
  let rest: Rest;
  let path: string;
  let poolId: string;
  beforeAll(async () => {
    azurite = await Azurite.start();
    emulator = await startEmulator();
    rest = new Rest(emulator);
    poolId = await createPool(rest);
    const [node] = await poolReady(rest, poolId);
    path = `/pools/${poolId}/nodes/${node.id}`;
  });
  afterAll(async () => {
    await emulator.close();
    await azurite.stop();
  });

  it('go to the container, below a directory that the answer names', async () => {
    const { client, sasUrl } = await azurite.container();
    const answer = await rest.post(`${path}/uploadbatchservicelogs`, {
      containerUrl: sasUrl,
      startTime: '2018-02-25T00:00:00.000Z',
    });
    expect(answer.status).toBe(200);
    const { virtualDirectoryName, numberOfFilesUploaded } = answer.json;
    const nodeId = path.split('/').pop();
    expect(virtualDirectoryName).toMatch(
      new RegExp(`^${emulator.account}-[0-9A-F]{16}/${poolId}/${nodeId}/${String(answer.headers['request-id'])}$`),
    );
    const names: string[] = [];
    for await (const blob of client.listBlobsFlat()) names.push(blob.name);
    expect(names).toEqual([`${virtualDirectoryName}/node.log`, `${virtualDirectoryName}/pool.log`]);
    expect(numberOfFilesUploaded).toBe(2);
    const log = (await client.getBlobClient(names[0] ?? '').downloadToBuffer()).toString();
    expect(log).toContain('creating -> starting');
  });

  it('of a period in which nothing happened are none', async () => {
    const { sasUrl } = await azurite.container();
    const body = { containerUrl: sasUrl, startTime: '2018-02-25T00:00:00Z', endTime: '2018-02-26T00:00:00Z' };
    expect((await rest.post(`${path}/uploadbatchservicelogs`, body)).json.numberOfFilesUploaded).toBe(0);
  });

  it('cannot go to a container that is not there', async () => {
    const { missingUrl } = await azurite.container();
    const body = { containerUrl: missingUrl, startTime: '2018-02-25T00:00:00Z' };
    const { status, json } = await rest.post(`${path}/uploadbatchservicelogs`, body);
    expect([status, json.code]).toEqual([400, 'InvalidPropertyValue']);
    expect(json.values[1].value).not.toContain('sig=');
  });
});
