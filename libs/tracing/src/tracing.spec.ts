import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WorkflowStartInput } from '@temporalio/client';
import { parseTraceparent, runSpan } from '@windrow/contract';
import {
  begin,
  currentTraceparent,
  inSpan,
  originInterceptor,
  originOf,
  parentInRun,
  recordRequest,
  recordRun,
  samplesRoot,
  SPANS_OF_REQUESTS,
  startTracing,
  type Tracing,
  type TracingConfig,
} from './index';

const RUN = '0198c5a1-7c3e-7d50-9b1f-27aa00bb11cc';
const PARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

interface Sent {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  status: { code?: number };
  attributes: { key: string; value: Record<string, unknown> }[];
}

let server: Server;
let sent: Sent[];
let url: string;
let tracing: Tracing | undefined;

const config = (change: Partial<TracingConfig> = {}): TracingConfig => ({
  ...{ service: 'test', url, headers: {}, attributes: {}, sampler: 'parentbased_always_on', ratio: 1 },
  ...change,
});

beforeEach(async () => {
  sent = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { resourceSpans } = JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: Sent[] }[] }[] };
      sent.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)));
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;
});
afterEach(async () => {
  await tracing?.close();
  tracing = undefined;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const named = (name: string) => sent.filter((span) => span.name === name);
const facts = ({ attributes }: Sent) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

describe('without a collector', () => {
  it('nothing is recorded, and nothing is in the way', async () => {
    tracing = startTracing(undefined);
    const span = begin('GET', { kind: 'server', parent: parseTraceparent(PARENT) });
    expect(span.traceparent).toBeUndefined();
    expect(await span.within(() => inSpan('x', {}, async () => currentTraceparent() ?? 'none'))).toBe('none');
    recordRequest({ service: 'blob', operation: 'get', method: 'GET', ms: 1, status: 200 });
    span.end();
    recordRun({ name: 'r', runId: RUN, startTime: 0, endTime: 1, facts: {} });
    expect(samplesRoot(RUN)).toBe(false);
  });
});

describe('a trace', () => {
  it('goes on from its caller, through what is done, to requests; few have spans, and all are counted', async () => {
    tracing = startTracing(config());
    const span = begin('GET', { kind: 'server', parent: parseTraceparent(PARENT), facts: { a: 1, b: undefined } });
    await span.within(() =>
      inSpan('StartWorkflow:x', {}, async () => {
        const request = { service: 'batch', operation: 'tasks.list', method: 'GET', ms: 2 } as const;
        for (let n = 0; n < SPANS_OF_REQUESTS + 20; n += 1) recordRequest({ ...request, status: 200 });
        for (let n = 0; n < SPANS_OF_REQUESTS + 5; n += 1) recordRequest({ ...request, status: 503, attempt: 2 });
        recordRequest(request);
      }),
    );
    span.end();
    await expect(inSpan('alone', {}, async () => 1)).resolves.toBe(1);
    await tracing.close();
    const [call] = named('GET');
    expect(call).toMatchObject({ traceId: PARENT.split('-')[1], parentSpanId: PARENT.split('-')[2] });
    expect(facts(call!)).toEqual({
      ...{ a: 1, 'windrow.requests': 126, 'windrow.requests.failed': 56, 'windrow.requests.without_span': 26 },
    });
    const [start] = named('StartWorkflow:x');
    expect(start!.parentSpanId).toBe(call!.spanId);
    const requests = named('batch tasks.list');
    expect(requests).toHaveLength(2 * SPANS_OF_REQUESTS);
    expect(requests.every(({ parentSpanId }) => parentSpanId === start!.spanId)).toBe(true);
    expect(requests.filter(({ status }) => status.code === 2)).toHaveLength(SPANS_OF_REQUESTS);
    expect(facts(requests.at(-1)!)).toMatchObject({ 'http.request.resend_count': 1 });
    expect(named('alone')).toEqual([]);
  });

  it('tells the type of an error, and never its message', async () => {
    tracing = startTracing(config());
    const span = begin('GET', { kind: 'server' });
    const failing = span.within(() => inSpan('x', {}, () => Promise.reject(new RangeError('s3cret'))));
    await expect(failing).rejects.toThrow('s3cret');
    span.end('Unavailable');
    await tracing.close();
    expect(facts(named('x')[0]!)).toEqual({ 'error.type': 'RangeError' });
    expect(named('GET')[0]!.status.code).toBe(2);
    expect(JSON.stringify(sent)).not.toContain('s3cret');
  });

  it('has the span of a run at the place that its parts name before it has ended', async () => {
    tracing = startTracing(config());
    const parent = parentInRun(PARENT, RUN);
    begin('RunActivity:a', { kind: 'consumer', parent }).end();
    recordRun({ name: 'RunWorkflow:x', runId: RUN, traceparent: PARENT, startTime: 1, endTime: 2, facts: {} });
    begin('RunActivity:b', { kind: 'consumer', parent: parentInRun(undefined, RUN) }).end();
    recordRun({ name: 'RunWorkflow:root', runId: RUN, startTime: 1, endTime: 2, facts: {}, problem: 'X' });
    await tracing.close();
    const [run] = named('RunWorkflow:x');
    expect(run).toMatchObject({ traceId: PARENT.split('-')[1], parentSpanId: PARENT.split('-')[2] });
    expect(named('RunActivity:a')[0]).toMatchObject({ traceId: run!.traceId, parentSpanId: run!.spanId });
    const [root] = named('RunWorkflow:root');
    expect(root).toMatchObject({ ...runSpan(RUN), status: { code: 2 } });
    expect(named('RunActivity:b')[0]).toMatchObject({ traceId: root!.traceId, parentSpanId: root!.spanId });
  });

  it.each(['always_off', 'parentbased_always_off', 'parentbased_traceidratio'] as const)(
    'that is not sampled by %s is recorded nowhere',
    async (sampler) => {
      tracing = startTracing(config({ sampler, ratio: 0 }));
      const span = begin('GET', { kind: 'server' });
      const { sampled } = parseTraceparent(span.within(() => currentTraceparent()))!;
      begin('RunActivity:b', { kind: 'consumer', parent: parentInRun(undefined, RUN) }).end();
      recordRun({ name: 'RunWorkflow:root', runId: RUN, startTime: 1, endTime: 2, facts: {} });
      span.end();
      await tracing.close();
      expect([sampled, samplesRoot(RUN), sent.length]).toEqual([false, false, 0]);
    },
  );
});

it('workflows are told the span and the request that start them, and nothing else', async () => {
  tracing = startTracing(config());
  const sut = originInterceptor(() => 'r-1');
  const span = begin('GET', { kind: 'server', parent: parseTraceparent(PARENT) });
  let headers = {};
  const input = {
    workflowType: 'x',
    headers: {},
    options: { workflowId: 'job:a/b/c' },
  } as unknown as WorkflowStartInput;
  await span.within(() =>
    sut.startWithDetails!(input, async (given) => {
      headers = given.headers;
      return { runId: 'r', eagerlyStarted: false };
    }),
  );
  span.end();
  await tracing.close();
  const [start] = named('StartWorkflow:x');
  expect(Object.keys(headers)).toEqual(['windrow-origin']);
  expect(originOf(headers)).toEqual({
    traceparent: `00-${start!.traceId}-${start!.spanId}-01`,
    requestId: 'r-1',
  });
  expect(facts(start!)).toEqual({ temporalWorkflowId: 'job:a/b/c' });
});

it('a collector that answers nothing holds up nobody, and is told of once, without its key', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const dead = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/v1/traces`;
  const lost: string[] = [];
  const sut = startTracing(config({ url: dead, headers: { 'x-key': 's3cret' } }), (reason) => lost.push(reason));
  for (let n = 0; n < 5000; n += 1) begin('GET', { kind: 'server' }).end();
  await sut.close();
  silent.closeAllConnections();
  await new Promise((resolve) => silent.close(resolve));
  expect(lost.length).toBeLessThan(2);
  expect(lost.join()).not.toContain('s3cret');
});
