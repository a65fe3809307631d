/** With a key configured, nothing that users write stands in Temporal's database; its UI reads it through the API. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parsePayloadKeys, toWire } from '@windrow/codec';
import type { WirePayload } from '@windrow/codec';
import { jobWorkflowId } from '@windrow/contract';
import { shellJob, TestStack, WORKSPACE } from '../support';

const KEYS = `new:${Buffer.alloc(32, 7).toString('base64')},old:${Buffer.alloc(32, 8).toString('base64')}`;
const MARKER = 'marked-9b1f27';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start({ env: { WINDROW_PAYLOAD_KEYS: KEYS } });
});
afterAll(() => stack.stop());

/** All that Temporal has written, its write-ahead log included. */
async function temporalFiles(): Promise<Buffer> {
  const directory = path.join(path.dirname(stack.logs), 'temporal');
  const files = (await readdir(directory)).filter((name) => name.includes('.db'));
  return Buffer.concat(await Promise.all(files.map((name) => readFile(path.join(directory, name)))));
}

it('runs clusters, plans and jobs, keeps their words to itself, and gives them to who may decode', async () => {
  const cluster = { displayName: `${MARKER}-cluster`, vmSizes: ['standard_d2s_v3'], nodes: { max: 1 } };
  expect((await stack.call('PUT', '/v1/clusters/shared', cluster)).status).toBe(201);
  expect((await stack.call('PUT', '/v1/clusters/shared', cluster)).status).toBe(200);
  const spec = shellJob('exit $WINDROW_TASK_INDEX', {
    displayName: `${MARKER}-job`,
    pool: { cluster: 'shared' },
    labels: { team: MARKER },
    execution: { toleratedFailures: { percent: 50 } },
  });
  expect((await stack.call('POST', '/v1/jobs:plan', spec)).status).toBe(200);
  const job = await stack.run('words', spec);
  expect(job).toMatchObject({ state: 'failed', displayName: `${MARKER}-job`, error: { code: 'ToleranceExceeded' } });

  const kept = await temporalFiles();
  expect(kept.includes(jobWorkflowId(job))).toBe(true);
  expect(kept.includes(MARKER)).toBe(false);
  expect(kept.includes(parsePayloadKeys(KEYS)[0]!.key.toString('base64'))).toBe(false);

  const { events } = await stack.temporal.workflow.getHandle(jobWorkflowId(job)).fetchHistory();
  const [input] = events![0]!.workflowExecutionStartedEventAttributes!.input!.payloads!;
  const decode = (payloads: WirePayload[]) => stack.call('POST', '/v1/codec/decode', { payloads });
  const decoded = await decode([toWire(input!)]);
  expect(decoded.status).toBe(200);
  const [first] = decoded.body.payloads as Required<WirePayload>[];
  expect(JSON.parse(Buffer.from(first!.data, 'base64').toString())).toMatchObject({
    workspace: WORKSPACE,
    job: 'words',
  });
  const encoded = await stack.call('POST', '/v1/codec/encode', { payloads: [first] });
  expect((await decode(encoded.body.payloads as WirePayload[])).body.payloads).toEqual([first]);
});
