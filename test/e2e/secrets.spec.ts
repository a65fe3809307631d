/** After a run of everything that has to do with secrets, none is in any store: blobs, tables, Temporal, logs. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { TableClient, TableServiceClient } from '@azure/data-tables';
import { historyText, shellJob, TestStack, waitFor } from '../support';

const ADMIN = 'wdr_admin_0123456789abcdef0123456789abcdef';
/** Stands in what users write, so that each store shows that it was read. */
const MARKER = 'marked-4c8e21';
const W = '/v1/workspaces/aero';
const JOBS = `${W}/experiments/e/jobs`;
const POOL = { vmSizes: ['standard_d2s_v3'], nodes: { max: 1 }, mounts: [{ fileServer: 'shared', path: 'data' }] };

let stack: TestStack;
let target: http.Server;
let told = 0;

beforeAll(async () => {
  target = http.createServer((request, response) => {
    told += 1;
    request.resume();
    response.writeHead(204).end();
  });
  await new Promise<void>((listening) => target.listen(0, '127.0.0.1', listening));
  const env = {
    WINDROW_ADMIN_KEY_SHA256: createHash('sha256').update(ADMIN).digest('hex'),
    WINDROW_WEBHOOK_ALLOW: '127.0.0.1',
  };
  stack = await TestStack.start({ key: ADMIN, env });
});
afterAll(async () => {
  target.closeAllConnections();
  target.close();
  await stack.stop();
});

const made = async (method: string, url: string, body: object) => {
  const answer = await stack.call(method, url, body);
  if (answer.status > 202) throw new Error(`${method} ${url}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
};
const ended = (job: string) =>
  waitFor(`${job} to end`, async () => {
    const row = (await stack.call('GET', `${JOBS}/${job}`)).body;
    return ['succeeded', 'failed'].includes(row.state) && row;
  });

/** Uses every secret once; returns those that were made on the way. */
async function useThemAll(): Promise<string[]> {
  await made('PUT', W, { displayName: MARKER });
  const key = await made('POST', '/v1/apiKeys', { displayName: MARKER, roles: { aero: 'owner' } });
  const url = `http://127.0.0.1:${(target.address() as AddressInfo).port}/`;
  const hook = await made('PUT', `${W}/webhooks/hook`, { url, events: ['job.succeeded', 'job.failed'] });
  await made('PUT', `${W}/fileServers/shared`, { blobContainer: { container: 'shared-data', create: true } });
  await made('PUT', `${W}/clusters/wind`, POOL);
  await stack.upload('inputs', 'a.txt', 'a');
  const spec = {
    ...shellJob('cat inputs/a.txt; test -n "$WINDROW_ATTEMPT"; mkdir out; echo 1 > out/n'),
    displayName: MARKER,
    input: { kind: 'blobs', container: 'inputs' },
    pool: { cluster: 'wind' },
    gather: { kind: 'reduce', commandLine: `/bin/sh -c 'mkdir out; cat inputs/*/out/n > out/n'` },
  };
  const headers = { authorization: `Bearer ${key.key}`, 'idempotency-key': 'k' };
  expect((await stack.call('PUT', `${JOBS}/good`, spec, headers)).status).toBe(201);
  expect((await ended('good')).state).toBe('succeeded');
  // Fails, with the link of its input in what it prints of its environment.
  await made('PUT', `${JOBS}/bad`, { ...shellJob('exit 3'), displayName: MARKER, pool: { cluster: 'wind' } });
  expect((await ended('bad')).state).toBe('failed');
  expect((await stack.call('POST', `${JOBS}/bad:redrive`, {})).status).toBe(202);
  await made('PUT', `${W}/schedules/daily`, { spec: { cron: ['0 0 1 1 *'] }, experiment: 'e', job: spec });
  expect((await stack.call('POST', `${W}/schedules/daily:trigger`)).status).toBeLessThan(300);
  for (const answer of ['outputs', 'tasks', 'events']) await stack.call('GET', `${JOBS}/good/${answer}`);
  expect((await stack.call('GET', JOBS, undefined, { authorization: 'Bearer wdr_wrong_000000000000' })).status).toBe(
    401,
  );
  await waitFor('the webhook to be told', () => told >= 2);
  await waitFor('what was triggered to end', async () => {
    const { value } = (await stack.call('GET', JOBS)).body;
    return value.length === 3 && value.every(({ endTime }: { endTime?: string }) => endTime);
  });
  return [key.key, hook.secret];
}

type Text = [place: string, text: string];

async function blobs(): Promise<Text[]> {
  const texts: Text[] = [];
  for await (const { name: container } of stack.blobs.listContainers()) {
    const client = stack.blobs.getContainerClient(container);
    for await (const { name, metadata } of client.listBlobsFlat({ includeMetadata: true })) {
      const content = await client.getBlobClient(name).downloadToBuffer();
      texts.push([`${container}/${name}`, `${content.toString('utf8')} ${JSON.stringify(metadata)}`]);
    }
  }
  return texts;
}

async function tables(): Promise<Text[]> {
  const { storageConnectionString: at } = stack.stack;
  const options = { allowInsecureConnection: true };
  const texts: Text[] = [];
  for await (const { name } of TableServiceClient.fromConnectionString(at, options).listTables()) {
    for await (const entity of TableClient.fromConnectionString(at, name!, options).listEntities())
      texts.push([`table ${name}`, JSON.stringify(entity)]);
  }
  return texts;
}

async function temporal(): Promise<Text[]> {
  const texts: Text[] = [];
  for await (const { workflowId, runId, memo } of stack.temporal.workflow.list()) {
    const history = await stack.temporal.workflow.getHandle(workflowId, runId).fetchHistory();
    texts.push([`workflow ${workflowId}`, `${historyText(history)} ${JSON.stringify(memo)}`]);
  }
  // Schedules, and whatever else the server keeps, as it lies in its file.
  return [...texts, ...(await files('temporal', (name) => name.includes('.db')))];
}

async function files(folder: string, chosen: (name: string) => boolean = () => true): Promise<Text[]> {
  const directory = path.join(path.dirname(stack.logs), folder);
  const names = (await readdir(directory)).filter(chosen);
  return Promise.all(
    names.map(async (name): Promise<Text> => [
      `${folder}/${name}`,
      (await readFile(path.join(directory, name))).toString('latin1'),
    ]),
  );
}

it('neither keys nor signatures nor links are in any of them', async () => {
  const { env, batch } = stack.stack;
  const ofStorage = /AccountKey=([^;]+)/.exec(stack.stack.storageConnectionString)![1]!;
  const secrets = [ADMIN, ofStorage, batch.key, env['WINDROW_SECRET_KEY']!, ...(await useThemAll())];
  expect(secrets.every((secret) => secret.length > 20)).toBe(true);
  const stores = {
    blobs: await blobs(),
    tables: await tables(),
    temporal: await temporal(),
    logs: await files('logs'),
  };
  const all = Object.values(stores).flat();

  const leaks = all.filter(
    ([, text]) => secrets.some((secret) => text.includes(secret)) || /[?&]sig=|sig%3D/i.test(text),
  );
  expect(leaks.map(([place]) => place)).toEqual([]);

  // Each store was there to be read, and what is no secret is found in it.
  for (const store of ['blobs', 'tables', 'temporal'] as const)
    expect([store, stores[store].some(([, text]) => text.includes(MARKER))]).toEqual([store, true]);
  const ofWorkflows = (kind: string) =>
    stores.temporal.filter(([place]) => place.startsWith(`workflow ${kind}`)).length;
  for (const kind of ['job:', 'cluster:', 'webhook:']) expect([kind, ofWorkflows(kind) > 0]).toEqual([kind, true]);
  expect(stores.temporal.some(([place, text]) => place.endsWith('.db') && text.includes(MARKER))).toBe(true);
  expect(stores.blobs.some(([place]) => place.includes('audit'))).toBe(true);
  expect(stores.logs.map(([place]) => place)).toEqual(expect.arrayContaining(['logs/api.log', 'logs/worker.log']));
}, 240_000);
