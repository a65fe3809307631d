import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { seal } from '@windrow/codec';
import { WebhookTargets } from '@windrow/config';
import type { WebhookEvent, WebhookRecord } from '@windrow/contract';
import { delayAfter, retryAfterMs, RETRY_SECONDS } from './retry-schedule';
import { WebhookSender } from './sender';

const KEYS = [{ id: 'k', key: Buffer.alloc(32, 3) }];
const SECRETS = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'];
const EVENT: WebhookEvent = {
  id: 'u1-0-failed',
  type: 'job.failed',
  time: '2026-01-15T09:30:00.000Z',
  workspace: 'aero',
  path: '/v1/workspaces/aero/experiments/blades/jobs/j1',
  data: { job: 'j1' },
};

interface Received {
  headers: Record<string, string>;
  body: string;
}

describe('sending to a webhook', () => {
  const received: Received[] = [];
  let answer: (response: http.ServerResponse) => void;
  let server: http.Server;
  let port: number;
  beforeAll(async () => {
    server = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        received.push({ headers: request.headers as never, body: Buffer.concat(chunks).toString() });
        answer(response);
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => server.closeAllConnections());
  beforeEach(() => {
    received.length = 0;
    answer = (response) => response.writeHead(204).end();
  });

  const record = (url: string, secrets = SECRETS.slice(0, 1), expires?: string): WebhookRecord => ({
    uid: 'w1',
    url,
    events: ['job.failed'],
    disabled: false,
    secrets: secrets.map((secret, n) => ({
      sealed: seal(KEYS, secret, 'w1'),
      ...(n > 0 && expires !== undefined && { expires }),
    })),
    createdTime: EVENT.time,
    updatedTime: EVENT.time,
    specHash: 'h',
  });
  const url = () => `http://127.0.0.1:${port}/hook`;
  const sender = (allow = '127.0.0.1', options = {}) =>
    new WebhookSender({ secretKeys: KEYS, targets: new WebhookTargets(allow), publicUrl: 'https://w.test' }, options);

  it('is signed as Standard Webhooks are, by each secret that is valid', async () => {
    const soon = new Date(Date.now() + 60_000).toISOString();
    expect(await sender().send(record(url(), SECRETS, soon), EVENT)).toMatchObject({ status: 204, gone: false });
    const [{ headers, body }] = received as [Received];
    for (const secret of SECRETS) {
      expect(new Webhook(secret).verify(body, headers)).toEqual({
        type: 'job.failed',
        timestamp: EVENT.time,
        data: { job: 'j1', url: `https://w.test${EVENT.path}` },
      });
    }
    expect(headers['webhook-id']).toBe(EVENT.id);
    expect(() => new Webhook(SECRETS[0]!).verify(`${body} `, headers)).toThrow();
    const past = new Date(Date.now() - 1).toISOString();
    await sender().send(record(url(), SECRETS, past), EVENT);
    expect(() => new Webhook(SECRETS[1]!).verify(received[1]!.body, received[1]!.headers)).toThrow();
    expect(received[1]!.headers['webhook-signature']).not.toContain(' ');
  });

  it('follows no redirect, reads little of an answer, and takes 410 as an end', async () => {
    answer = (response) => response.writeHead(302, { location: url() }).end();
    expect((await sender().send(record(url()), EVENT)).error).toContain('redirects are not followed');
    expect(received).toHaveLength(1);
    answer = (response) => void response.writeHead(200).write(Buffer.alloc(5000));
    expect(await sender().send(record(url()), EVENT)).toMatchObject({ status: 200 });
    answer = (response) => response.writeHead(410).end();
    expect(await sender().send(record(url()), EVENT)).toMatchObject({ gone: true });
  });

  it('gives up on a target that does not answer', async () => {
    answer = () => undefined;
    const sent = await sender('127.0.0.1', { timeoutMs: 50 }).send(record(url()), EVENT);
    expect(sent).toMatchObject({ error: 'No answer within 0.05 s.', gone: false });
  });

  it('reaches no private address, by whatever name, and tells none', async () => {
    const refused = await sender('').send(record(`https://127.0.0.1:${port}/`), EVENT);
    expect(refused.error).toContain('WINDROW_WEBHOOK_ALLOW');
    const both = { resolve: async () => ['8.8.8.8', '10.0.0.1'] };
    const named = await sender('', both).send(record('https://hook.example.com/'), EVENT);
    expect(named.error).toContain('not of the public internet');
    expect(named.error).not.toContain('10.0.0.1');
    expect(received).toEqual([]);
  });

  it('goes to the address that was checked, though the name may have another by now', async () => {
    const resolve = jest.fn(async () => ['127.0.0.1']);
    const target = `http://hook.test:${port}/`;
    expect(await sender('hook.test', { resolve }).send(record(target), EVENT)).toMatchObject({ status: 204 });
    expect(resolve).toHaveBeenCalledTimes(1);
    expect(received[0]!.headers['host']).toBe(`hook.test:${port}`);
  });

  it('honours Retry-After of 429 and 503, and waits for no other', async () => {
    answer = (response) => response.writeHead(503, { 'retry-after': '120' }).end();
    expect(await sender().send(record(url()), EVENT)).toMatchObject({
      retryAfterMs: 120_000,
      error: 'It answered 503.',
    });
    answer = (response) => response.writeHead(500, { 'retry-after': '120' }).end();
    expect(await sender().send(record(url()), EVENT)).not.toHaveProperty('retryAfterMs');
  });
});

describe('waits between attempts', () => {
  it('are those of the specification, a little longer, and end', () => {
    const waits = Array.from({ length: 10 }, (_, n) => delayAfter(n + 1, undefined, RETRY_SECONDS, () => 0));
    expect(waits.map((ms) => ms && ms / 1000)).toEqual([...RETRY_SECONDS, undefined]);
    expect(delayAfter(1, undefined, RETRY_SECONDS, () => 1)).toBe(5500);
  });

  it('are never shorter than the target asks for, a day at most', () => {
    expect(delayAfter(1, 60_000)).toBe(60_000);
    expect(delayAfter(1, 1e12)).toBe(86_400_000);
    expect(retryAfterMs('7')).toBe(7000);
    expect(retryAfterMs('Thu, 15 Jan 2026 09:30:10 GMT', Date.parse('2026-01-15T09:30:00Z'))).toBe(10_000);
    expect(retryAfterMs('soon')).toBeUndefined();
  });
});
