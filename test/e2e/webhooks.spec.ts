/** Webhooks: signed, tried again through the death of the worker, refused towards private targets. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { WebhookDelivery } from '@windrow/contract';
import { jobWorkflowId, webhookWorkflowId } from '@windrow/contract';
import { shellJob, TestStack, waitFor, WORKSPACE } from '../support';

interface Received {
  headers: Record<string, string>;
  body: string;
}

const HOOKS = `/v1/workspaces/${WORKSPACE}/webhooks`;
const received: Received[] = [];
let failures = 0;
let stack: TestStack;
let server: http.Server;
let target: string;

beforeAll(async () => {
  server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers as never, body: Buffer.concat(chunks).toString() });
      response.writeHead(received.length <= failures ? 500 : 204).end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  target = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  stack = await TestStack.start({
    env: { WINDROW_WEBHOOK_ALLOW: '127.0.0.1', WINDROW_WEBHOOK_RETRY_SECONDS: '4,4,4' },
  });
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await stack.stop();
});

const deliveries = async (name: string) =>
  (await stack.call<{ value: WebhookDelivery[] }>('GET', `${HOOKS}/${name}/deliveries`)).body.value;

it('tells of the end of a job, once, though the target fails twice and the worker dies between the attempts', async () => {
  failures = 2;
  expect(
    (await stack.call('PUT', `${HOOKS}/inside`, { url: 'https://192.168.0.1/', events: ['job.failed'] })).status,
  ).toBe(422);
  const body = { url: target, events: ['job.failed'], labels: { team: 'aero' } };
  const made = await stack.call('PUT', `${HOOKS}/hook`, body);
  expect(made.status).toBe(201);
  const { secret } = made.body as { secret: string };

  await stack.run('other', shellJob('exit 1', { input: { kind: 'repeat', count: 1 } }));
  const job = await stack.run(
    'told',
    shellJob('exit 3', { input: { kind: 'repeat', count: 1 }, labels: { team: 'aero' } }),
  );
  expect(job.state).toBe('failed');
  await waitFor('a first attempt', async () => (await deliveries('hook'))[0]?.state === 'waiting');
  await stack.stack.processes.worker!.kill();
  await stack.stack.startWorker();
  const [delivery] = await waitFor('the delivery', async () => {
    const all = await deliveries('hook');
    return all[0]?.state === 'delivered' && all;
  });
  expect(delivery!.attempts.map(({ status }) => status)).toEqual([500, 500, 204]);
  expect(new Set(received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([`${job.uid}-0-failed`]));
  for (const { headers, body: text } of received) {
    expect(new Webhook(secret).verify(text, headers)).toMatchObject({
      type: 'job.failed',
      data: { job: 'told', state: 'failed', error: { code: 'ToleranceExceeded' } },
    });
  }
  // No secret is in what Temporal keeps, and the job did not wait.
  const event = { id: `${job.uid}-0-failed` } as never;
  const id = webhookWorkflowId({ workspace: WORKSPACE, webhook: 'hook', uid: '', event });
  const history = JSON.stringify(await stack.temporal.workflow.getHandle(id).fetchHistory());
  expect(history).toContain('deliverWebhook');
  expect(history).not.toContain(secret);
  expect(history).not.toContain(Buffer.from(secret).toString('base64').slice(0, 20));
  expect((await stack.temporal.workflow.getHandle(jobWorkflowId(job)).describe()).status.name).toBe('FAILED');

  const before = received.length;
  const tested = await stack.call<{ event: string }>('POST', `${HOOKS}/hook:test`);
  expect(tested.status).toBe(202);
  await waitFor('the test event', () => received.length > before);
  expect(new Webhook(secret).verify(received.at(-1)!.body, received.at(-1)!.headers)).toMatchObject({
    type: 'webhook.test',
  });
  expect(received.at(-1)!.headers['webhook-id']).toBe(tested.body.event);
});
