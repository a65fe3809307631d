import net from 'node:net';
import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { Arm } from './arm';
import { createJob, createPool, poolReady } from './fixtures';
import { sendPipelined } from './pipelined';
import { Rest, type Body } from './rest';
import { uniqueId } from './target';

/** What random requests have brought to light, one named case for each kind of mistake. */
describe('hostile input', () => {
  let emulator: Emulator;
  let rest: Rest;
  beforeAll(async () => {
    emulator = await startEmulator({ bearer: true });
    rest = new Rest(emulator);
  });
  afterAll(() => emulator.close());

  const deep = (levels: number): string => `${'[{"a":'.repeat(levels)}1${'}]'.repeat(levels)}`;

  it('a body that is nested too deeply is refused, whatever it is for', async () => {
    const jobId = await createJob(rest, 'nopool');
    const path = `/jobs/${jobId}/tasks`;
    for (const levels of [60, 20_000]) {
      for (const body of [deep(levels), `{"id":${deep(levels)}}`, `{"id":"x","commandLine":${deep(levels)}}`]) {
        const answer = await rest.post(path, body);
        expect([answer.status, answer.json.code]).toEqual([400, 'InvalidRequestBody']);
      }
    }
    const properties = `{"properties":{"vmSize":"simulated_d2","metadata":${deep(20_000)}}}`;
    const [management] = await sendPipelined(emulator.url, [
      {
        method: 'PUT',
        target: `${emulator.resourceId}/pools/x?api-version=2023-11-01`,
        headers: [['Authorization', 'Bearer x']],
        body: properties,
      },
    ]);
    expect([management?.status, JSON.parse(management?.text ?? '').error.code]).toEqual([400, 'InvalidRequestBody']);
  });

  it('names that cannot stand in a header or a URL are encoded there', async () => {
    const poolId = await createPool(rest, { vmSize: 'simulated_d2' });
    const [node] = await poolReady(rest, poolId);
    for (const [name, encoded] of [
      ['a\nb', 'a%0Ab'],
      ['💥', '%F0%9F%92%A5'],
      ['\ud800', '%EF%BF%BD'],
    ] as const) {
      const answer = await rest.post(`/pools/${poolId}/nodes/${node.id}/users`, JSON.stringify({ name }));
      expect(answer.status).toBe(201);
      expect(answer.headers.location).toContain(`/users/${encoded}`);
    }
  });

  it('a URL that is none of http is refused at once', async () => {
    const poolId = await createPool(rest, { vmSize: 'simulated_d2' });
    const [node] = await poolReady(rest, poolId);
    const path = `/pools/${poolId}/nodes/${node.id}/uploadbatchservicelogs`;
    const containerUrl = 'file:///etc/passwd';
    const answer = await rest.post(path, { containerUrl, startTime: '2024-01-01T00:00:00Z' });
    expect([answer.status, answer.json.code]).toEqual([400, 'InvalidPropertyValue']);
  });

  it('a member called __proto__ is an unknown property, and changes no other object', async () => {
    const answer = await rest.post(
      '/jobs',
      `{"id":"${uniqueId('job')}","poolInfo":{"poolId":"x"},"__proto__":{"priority":1}}`,
    );
    expect([answer.status, answer.json.code]).toEqual([400, 'InvalidRequestBody']);
    expect(({} as Body).priority).toBeUndefined();
    const arm = await new Arm(emulator).get('/subscriptions/__proto__/providers/Microsoft.Batch/batchAccounts');
    expect(arm.status).toBe(404);
  });

  it.each([
    ['no HTTP at all', 'hello\r\n\r\n'],
    ['a control character in a header', 'GET /jobs HTTP/1.1\r\nHost: x\r\nA: \x01\r\n\r\n'],
    ['headers without measure', `GET /jobs?$filter=${'x'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
    ['two lengths', 'POST /jobs HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx'],
  ])('%s is answered in the form of the service, and the connection ends', async (_what, bytes) => {
    const text = await new Promise<string>((resolve, reject) => {
      const { hostname, port } = new URL(emulator.url);
      const socket = net.connect(Number(port), hostname, () => socket.write(bytes, 'latin1'));
      let received = '';
      socket.on('data', (chunk) => (received += chunk.toString()));
      socket.on('close', () => resolve(received));
      socket.on('error', reject);
    });
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    const body: Body = JSON.parse(text.slice(text.indexOf('\r\n\r\n')));
    expect(body).toMatchObject({ code: 'InvalidHeaderValue', message: { lang: 'en-US' } });
    expect((await rest.get('/jobs')).status).toBe(200);
  });
});
