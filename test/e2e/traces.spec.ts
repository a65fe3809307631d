/** One trace from the REST call to the requests that Azure sees, log lines that name it, and a collector that is dead. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { jobWorkflowId } from '@windrow/contract';
import { AZURITE_KEY, ROOT } from '@windrow/local-stack';
import {
  type Collector,
  type CollectedSpan,
  shellJob,
  startCollector,
  TestStack,
  waitFor,
  WORKSPACE,
} from '../support';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const SECRET = 'collector-k-5d1e';
const ONE_NODE = { vmSizes: ['standard_d2s_v3'], nodes: { max: 1 }, slotsPerNode: 2 };

interface Line extends Record<string, unknown> {
  msg: string;
}

const silent = new DefaultLogger('ERROR', () => undefined);

/** The workflows as they would be without what makes traces. */
async function plainBundle(): Promise<{ code: string }> {
  const workflowsPath = path.join(ROOT, 'apps/worker/dist/workflows/index.js');
  return bundleWorkflowCode({ workflowsPath, logger: silent });
}

async function linesOf(stack: TestStack, component: string): Promise<Line[]> {
  const text = await readFile(path.join(stack.logs, `${component}.log`), 'utf8');
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);
}

describe('with a collector', () => {
  let collector: Collector;
  let stack: TestStack;

  beforeAll(async () => {
    collector = await startCollector();
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: `x-key=${SECRET}`,
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    };
    stack = await TestStack.start({ env });
  });
  afterAll(async () => {
    await stack.stop();
    await collector.stop();
  });

  const inTrace = (traceId: string) => collector.spans.filter((span) => span.traceId === traceId);
  const named = (spans: CollectedSpan[], name: string) => {
    const found = spans.find((span) => span.name === name);
    if (!found) throw new Error(`no span ${name} among ${spans.map((span) => span.name).join(', ')}`);
    return found;
  };
  const ended = (traceId: string, workflow: string) =>
    waitFor(`the span of ${workflow}`, async () => {
      const spans = inTrace(traceId);
      return spans.some((span) => span.name === `RunWorkflow:${workflow}`) && spans;
    });

  it('a job is one trace, from its caller to Azure Batch and Blob storage, without a secret', async () => {
    const headers = { traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: 'a=b', 'x-request-id': 'call-1' };
    const spec = shellJob('echo $WINDROW_TASK_INDEX', { pool: ONE_NODE });
    const answer = await stack.call('PUT', '/v1/jobs/traced', spec, headers);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-request-id')).toBe('call-1');
    const job = await stack.finished('traced');
    expect(job.state).toBe('succeeded');
    const spans = await ended(TRACE, 'jobWorkflow');

    const call = named(spans, 'PUT /v1/jobs/{job}');
    expect(answer.headers.get('traceresponse')).toBe(`00-${TRACE}-${call.spanId}-01`);
    expect(call).toMatchObject({ service: 'windrow-api', parentSpanId: SPAN, kind: 2, failed: false });
    expect(call.attributes).toMatchObject({
      'http.route': '/v1/jobs/{job}',
      'http.response.status_code': 201,
      'windrow.workspace': WORKSPACE,
      'windrow.job': 'traced',
      'windrow.request_id': 'call-1',
    });
    const start = named(spans, 'StartWorkflow:jobWorkflow');
    expect(start).toMatchObject({ service: 'windrow-api', parentSpanId: call.spanId });
    const run = named(spans, 'RunWorkflow:jobWorkflow');
    expect(run).toMatchObject({ service: 'windrow-worker', parentSpanId: start.spanId });
    expect(run.attributes).toMatchObject({
      'windrow.uid': job.uid,
      'windrow.job': 'traced',
      'windrow.outcome': 'completed',
      'windrow.request_id': 'call-1',
    });
    for (const activity of ['planJob', 'acquireLease', 'submitTasks', 'watchWave', 'putJobRow', 'gatherResults']) {
      const span = named(spans, `RunActivity:${activity}`);
      expect(span).toMatchObject({ service: 'windrow-worker', parentSpanId: run.spanId });
      expect(span.attributes).toMatchObject({ 'windrow.uid': job.uid, 'windrow.attempt': expect.anything() });
    }
    const under = (name: string, parent: string) =>
      spans.filter((span) => span.name === name && span.parentSpanId === named(spans, parent).spanId);
    const [added] = under('batch tasks.addCollection', 'RunActivity:submitTasks');
    expect(added?.attributes).toMatchObject({ 'http.request.method': 'POST', 'http.response.status_code': 200 });
    expect(under('blob put', 'RunActivity:planJob').length).toBeGreaterThan(0);
    expect(under('table post.batch', 'RunActivity:putJobRow').length).toBeGreaterThan(0);
    expect(under('blob put', 'PUT /v1/jobs/{job}').length).toBeGreaterThan(0);
    // The pool of the job's own is made in its trace, by a workflow that the activity starts.
    const claim = named(spans, 'UpdateWithStartWorkflow:acquire');
    expect(claim.parentSpanId).toBe(named(spans, 'RunActivity:acquireLease').spanId);
    const cluster = (await ended(TRACE, 'clusterWorkflow')).find((span) => span.name === 'RunWorkflow:clusterWorkflow');
    expect(cluster).toMatchObject({ parentSpanId: claim.spanId });

    const known = new Set([SPAN, ...inTrace(TRACE).map(({ spanId }) => spanId)]);
    expect(inTrace(TRACE).filter(({ parentSpanId }) => !known.has(parentSpanId))).toEqual([]);
    expect(collector.headers.every((sent) => sent['x-key'] === SECRET)).toBe(true);
    const said = collector.text();
    for (const secret of ['sig=', SECRET, AZURITE_KEY, stack.stack.batch.key, '?api-version', 'tracestate'])
      expect(said.includes(secret)).toBe(false);

    const { events } = await stack.temporal.workflow.getHandle(jobWorkflowId(job)).fetchHistory();
    const fields = events![0]!.workflowExecutionStartedEventAttributes!.header!.fields!;
    expect(Object.keys(fields)).toEqual(['windrow-origin']);
    expect(JSON.parse(Buffer.from(fields['windrow-origin']!.data!).toString())).toEqual({
      traceparent: `00-${TRACE}-${start.spanId}-01`,
      requestId: 'call-1',
    });
    const [line] = (await linesOf(stack, 'worker')).filter(
      ({ msg, job: of }) => msg === 'job succeeded' && of === 'traced',
    );
    expect(line).toMatchObject({
      ...{ workspace: WORKSPACE, experiment: 'migrated', job: 'traced', uid: job.uid },
      ...{ requestId: 'call-1', traceId: TRACE, workflowId: jobWorkflowId(job) },
    });
    const [request] = (await linesOf(stack, 'api')).filter(({ requestId }) => requestId === 'call-1');
    expect(request).toMatchObject({ traceId: TRACE, workspace: WORKSPACE, job: 'traced', principal: 'anonymous' });
  });

  it('a run with a trace replays without what makes traces, so that neither way of starting a worker harms the other', async () => {
    Runtime.install({ logger: silent, telemetryOptions: { logging: { filter: 'ERROR', forward: {} } } });
    const workflowId = `job:${WORKSPACE}/migrated/traced`;
    const { events } = await stack.temporal.workflow.getHandle(workflowId).fetchHistory();
    await Worker.runReplayHistory({ workflowBundle: await plainBundle() }, { events: events! }, workflowId);
  });

  it('a shared cluster gathers no trace, and a run by schedule begins one', async () => {
    expect((await stack.call('PUT', '/v1/clusters/shared', ONE_NODE)).status).toBe(201);
    const job = shellJob('true', { pool: { cluster: 'shared' } });
    await stack.call('PUT', '/v1/schedules/yearly', { spec: { cron: ['0 0 1 1 *'] }, job });
    await stack.call('POST', '/v1/schedules/yearly:trigger', { time: '2026-01-01T00:00:00Z' });
    const scheduled = await waitFor('the span of the run', async () =>
      collector.spans.find((span) => span.name === 'RunWorkflow:scheduledRunWorkflow'),
    );
    expect(scheduled.parentSpanId).toBe('');
    const spans = inTrace(scheduled.traceId);
    const [create] = spans.filter(({ name }) => name === 'RunActivity:createScheduledJob');
    expect(create?.parentSpanId).toBe(scheduled.spanId);
    expect(named(spans, 'StartWorkflow:jobWorkflow').parentSpanId).toBe(create?.spanId);
    expect(named(spans, 'RunActivity:submitTasks').attributes['windrow.job']).toBeDefined();
    await stack.call('DELETE', '/v1/clusters/shared');
    await waitFor('the pool to be gone', async () => (await stack.poolIds()).length === 0);
    const shared = await waitFor('an activity of the cluster', async () =>
      collector.spans.filter(({ attributes }) => attributes['windrow.cluster'] === 'shared').length > 2
        ? collector.spans.filter(({ attributes }) => attributes['windrow.cluster'] === 'shared')
        : undefined,
    );
    const activities = shared.filter(({ name }) => name.startsWith('RunActivity:'));
    expect(activities.every(({ parentSpanId }) => parentSpanId === '')).toBe(true);
    expect(new Set(activities.map(({ traceId }) => traceId)).size).toBe(activities.length);
    expect(shared.some(({ name }) => name === 'RunWorkflow:clusterWorkflow')).toBe(false);
  });
});

it('a dead collector does no harm: jobs run, and the stack ends in good time', async () => {
  const stack = await TestStack.start({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' } });
  try {
    expect((await stack.run('alone', shellJob('true', { pool: ONE_NODE }))).state).toBe('succeeded');
    const lost = await waitFor('a line on what is lost', async () =>
      (await linesOf(stack, 'worker')).find(({ msg }) => msg === 'spans were not taken and are lost'),
    );
    expect(lost['reason']).toContain('ECONNREFUSED');
  } finally {
    await stack.stop();
  }
});
