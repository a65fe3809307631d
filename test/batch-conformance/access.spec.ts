import https from 'node:https';
import { startEmulator, type Emulator, type EmulatorOptions } from '@windrow/batch-emulator';
import { Rest, type Answer, type Body } from './rest';
import { CERTIFICATE, CERTIFICATE_KEY } from './tls-fixture';

const bearer = { headers: { authorization: 'Bearer some.development.token' } };

describe('who is let in', () => {
  let emulator: Emulator;
  const start = async (options: EmulatorOptions): Promise<Rest> => {
    emulator = await startEmulator(options);
    return new Rest(emulator);
  };
  afterEach(() => emulator.close());

  it('a bearer token is refused unless the emulator was told to accept any', async () => {
    const refused = await (await start({})).get('/pools', bearer);
    expect([refused.status, refused.json.code]).toEqual([401, 'AuthenticationFailed']);
    expect(refused.headers['www-authenticate']).toMatch(/^Bearer authorization_uri=.* resource_id=/);
    expect(refused.json.values[0].value).toContain('--bearer any');
  });

  it('with --bearer any every token is accepted, beside the shared key, but not an empty one', async () => {
    const rest = await start({ bearer: true });
    expect((await rest.get('/pools', bearer)).status).toBe(200);
    expect((await rest.get('/pools')).status).toBe(200);
    const empty = await rest.get('/pools', { headers: { authorization: 'Bearer ' } });
    expect([empty.status, empty.headers['www-authenticate'] !== undefined]).toEqual([401, true]);
  });

  it('the primary key is the one that was given', async () => {
    const key = Buffer.from('a key of my own').toString('base64');
    const rest = await start({ accountKey: key });
    expect(emulator.key).toBe(key);
    expect((await rest.get('/pools')).status).toBe(200);
  });

  it('https: the same port, and links that lead back to scheme and host of the request', async () => {
    await start({ bearer: true, tls: { cert: CERTIFICATE, key: CERTIFICATE_KEY } });
    expect(emulator.url).toMatch(/^https:/);
    const { port } = new URL(emulator.url);
    const base = `https://localhost:${port}`;
    const created = await secure('POST', `${base}/pools?api-version=2025-06-01`, { id: 'p', vmSize: 'standard_d2_v3' });
    expect([created.status, created.headers['location']]).toEqual([201, `${base}/pools/p`]);
    await secure('POST', `${base}/pools?api-version=2025-06-01`, { id: 'q', vmSize: 'standard_d2_v3' });
    const list = await secure('GET', `${base}/pools?api-version=2025-06-01&maxresults=1`);
    expect(list.json['odata.nextLink']).toContain(`${base}/pools?`);
    expect(list.json.value[0].url).toBe(`${base}/pools/p`);
  });
});

function secure(method: string, url: string, body?: Body): Promise<Pick<Answer, 'status' | 'headers' | 'json'>> {
  return new Promise((resolve, reject) => {
    const request = https.request(url, { method, headers: bearer.headers, ca: CERTIFICATE }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const json: Body = text === '' ? undefined : JSON.parse(text);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, json });
      });
    });
    request.on('error', reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
