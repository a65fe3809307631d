/**
 * Records the histories that `replay.spec.ts` replays: starts the local stack, runs a job of each kind, and writes what
 * Temporal kept of it. Run by hand after a build: `npm run record-histories`.
 */
import { rm, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  admissionWorkflowId,
  ClusterSignal,
  clusterWorkflowId,
  ephemeralCluster,
  jobWorkflowId,
  scheduledRunId,
  SWEEPER_ID,
  TaskQueue,
  WorkflowType,
} from '@windrow/contract';
import type { JobRow } from '@windrow/contract';
import { shellJob, TestStack, waitFor, WORKSPACE } from '../support';

const TARGET = path.join(__dirname, 'histories');
const ONE_NODE = { vmSizes: ['standard_d2s_v3'], nodes: { max: 1 }, slotsPerNode: 2 };
const RETRY = [{ on: { exitCodes: [3] }, attempts: 3, backoff: { initial: 'PT1S' } }];

async function main(): Promise<void> {
  const env = { WINDROW_WEBHOOK_ALLOW: '127.0.0.1', WINDROW_WEBHOOK_RETRY_SECONDS: '1' };
  const stack = await TestStack.start({ env });
  try {
    await rm(TARGET, { recursive: true, force: true });
    await mkdir(TARGET);
    const keep = (name: string, workflowId: string, runId?: string) => record(stack, name, workflowId, runId);
    const keepJob = async (name: string, job: JobRow) => {
      // Its last row comes a moment before its end.
      await closed(stack, jobWorkflowId(job));
      await keep(`job-${name}`, jobWorkflowId(job));
    };
    const succeeded = await retriedAndReduced(stack);
    await keepJob('succeeded-with-retries-and-reduce', succeeded);
    const own = clusterWorkflowId({ workspace: WORKSPACE, cluster: ephemeralCluster(succeeded.uid) });
    await closed(stack, own);
    await keep('cluster-of-one-job', own);
    await keepJob('failed', await stack.run('failed', shellJob('exit 4', { pool: ONE_NODE })));
    await keepJob('cancelled', await cancelled(stack));
    await keepJob('paused-and-resumed', await pausedAndResumed(stack));
    const redriven = await redrivenByItself(stack);
    await keep('job-before-its-redrive', redriven.workflowId, redriven.runs[0]);
    await keep('job-redriven', redriven.workflowId, redriven.runs[1]);
    const runs = await renewedCluster(stack);
    await keep('cluster-first-run', clusterWorkflowId({ workspace: WORKSPACE, cluster: 'shared' }), runs[0]);
    await keep('cluster-next-run', clusterWorkflowId({ workspace: WORKSPACE, cluster: 'shared' }), runs[1]);
    await keep('plan', await dryRun(stack));
    await keep('sweeper', await sweeper(stack));
    await keep('deletion', await deletion(stack));
    await keep('deletion-of-application', await applicationDeletion(stack));
    await keep('admission', await admission(stack));
    const { job: told, event, webhook } = await toldOf(stack);
    await keepJob('told-to-webhooks', told);
    await keep('event', event);
    await keep('webhook', webhook);
    await keep('scheduled-run', await scheduledRun(stack));
    await keep('arrival-scan', await arrivalScan(stack));
  } finally {
    await stack.stop();
  }
}

async function closed(stack: TestStack, workflowId: string): Promise<void> {
  const handle = stack.temporal.workflow.getHandle(workflowId);
  await waitFor(`${workflowId} to end`, async () => (await handle.describe()).closeTime);
}

async function record(stack: TestStack, name: string, workflowId: string, runId?: string): Promise<void> {
  const history = await stack.temporal.workflow.getHandle(workflowId, runId).fetchHistory();
  const events = (plain(history) as { events: object[] }).events;
  // One event a line: a renewed recording can be read in a review.
  const lines = events.map((event) => JSON.stringify(event)).join(',\n');
  const head = `{"workflowId":${JSON.stringify(workflowId)},"events":[\n`;
  await writeFile(path.join(TARGET, `${name}.json`), `${head}${lines}\n]}\n`);
  process.stdout.write(`${name}: ${events.length} events\n`);
}

/**
 * A message as JSON from which the SDK makes it again: bytes in base64. The SDK's own
 * `historyToJSON` fails where npm gives it and its protocol a copy of protobufjs each.
 */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(plain);
  if ('low' in value && 'high' in value) return Number(value);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
}

async function retriedAndReduced(stack: TestStack): Promise<JobRow> {
  const command = 'mkdir out; echo $WINDROW_TASK_INDEX > out/n; test $WINDROW_ATTEMPT -gt 1 || exit 3';
  const job = await stack.run(
    'succeeded',
    shellJob(command, {
      pool: ONE_NODE,
      execution: { retryRules: RETRY },
      gather: { kind: 'reduce', commandLine: `/bin/sh -c 'mkdir out; cat inputs/*/out/n > out/n'` },
    } as object),
  );
  if (job.state !== 'succeeded') throw new Error(`the job ${job.state}: ${JSON.stringify(job.error)}`);
  return job;
}

async function cancelled(stack: TestStack): Promise<JobRow> {
  const job = await stack.submit('cancelled', shellJob('sleep 60', { pool: ONE_NODE }));
  await waitFor('a task to run', async () => (await stack.job('cancelled')).counts.running > 0);
  await stack.call('POST', '/v1/jobs/cancelled:cancel');
  await stack.finished('cancelled');
  return job;
}

async function pausedAndResumed(stack: TestStack): Promise<JobRow> {
  const spec = shellJob('sleep 0.3', { pool: ONE_NODE, input: { kind: 'repeat', count: 20 } });
  const job = await stack.submit('paused', spec);
  await waitFor('a task to end', async () => (await stack.job('paused')).counts.succeeded > 0);
  await stack.call('POST', '/v1/jobs/paused:pause');
  await waitFor('the pause', async () => (await stack.job('paused')).counts.running === 0);
  await stack.call('POST', '/v1/jobs/paused:resume');
  await stack.finished('paused');
  return job;
}

/** A job that failed and redrove itself, by continue-as-new: both runs. */
async function redrivenByItself(stack: TestStack): Promise<{ workflowId: string; runs: [string, string] }> {
  const execution = { autoRedrive: { max: 1, delay: 'PT1S' } };
  const job = await stack.submit('redriven', shellJob('exit 4', { pool: ONE_NODE, execution }));
  const handle = stack.temporal.workflow.getHandle(jobWorkflowId(job));
  const first = (await handle.describe()).runId;
  await stack.finished('redriven');
  await closed(stack, handle.workflowId);
  return { workflowId: handle.workflowId, runs: [first, (await handle.describe()).runId] };
}

/** A cluster that two jobs used and whose history became too long: its first run and the one after it. */
async function renewedCluster(stack: TestStack): Promise<[string, string]> {
  await stack.call('PUT', '/v1/clusters/shared', ONE_NODE);
  await stack.submit('sharing-a', shellJob('sleep 0.2', { pool: { cluster: 'shared' } }));
  await stack.submit('sharing-b', shellJob('sleep 0.2', { pool: { cluster: 'shared' } }));
  await Promise.all(['sharing-a', 'sharing-b'].map((name) => stack.finished(name)));
  const handle = stack.temporal.workflow.getHandle(clusterWorkflowId({ workspace: WORKSPACE, cluster: 'shared' }));
  const { runId: first } = await handle.describe();
  let runId = first;
  while (runId === first) {
    // A busy server turns some away; there are enough others.
    const nobody = () => handle.signal(ClusterSignal.renew, { leaseId: 'nobody' }).catch(() => undefined);
    await Promise.all(Array.from({ length: 25 }, nobody));
    ({ runId } = await handle.describe());
  }
  await stack.call('DELETE', '/v1/clusters/shared');
  await closed(stack, handle.workflowId);
  return [first, runId];
}

async function dryRun(stack: TestStack): Promise<string> {
  const answer = await stack.call('POST', '/v1/jobs:plan', shellJob('true'));
  if (answer.status !== 200) throw new Error(`dry run: ${answer.status} ${JSON.stringify(answer.body)}`);
  const query = `WorkflowType = '${WorkflowType.plan}'`;
  return waitFor('the dry run to be listed', async () => {
    for await (const { workflowId } of stack.temporal.workflow.list({ query })) return workflowId;
    return undefined;
  });
}

async function scheduledRun(stack: TestStack): Promise<string> {
  const body = { spec: { cron: ['0 0 1 1 *'] }, job: shellJob('true', { pool: ONE_NODE }) };
  await stack.call('PUT', '/v1/schedules/yearly', body);
  const time = '2026-01-01T00:00:00Z';
  await stack.call('POST', '/v1/schedules/yearly:trigger', { time });
  const workflowId = `${scheduledRunId({ workspace: WORKSPACE, schedule: 'yearly' })}-${time}`;
  await waitFor('the run to begin', async () => {
    const { body: found } = await stack.call('GET', '/v1/schedules/yearly/runs');
    return found.value.length > 0;
  });
  await closed(stack, workflowId);
  return workflowId;
}

async function arrivalScan(stack: TestStack): Promise<string> {
  await stack.upload('arriving', 'one', 'x');
  const blobArrival = { container: 'arriving', every: 'PT10S' };
  const spec = { blobArrival, start: '2020-01-01T00:00:00Z' };
  await stack.call('PUT', '/v1/schedules/arriving', { spec, paused: true, job: shellJob('true', { pool: ONE_NODE }) });
  const time = '2026-01-01T00:00:00Z';
  await stack.call('POST', '/v1/schedules/arriving:trigger', { time });
  const query = `WorkflowType = '${WorkflowType.arrivalScan}' AND ExecutionStatus = 'Completed'`;
  return waitFor('the look to be listed', async () => {
    for await (const { workflowId } of stack.temporal.workflow.list({ query })) return workflowId;
    return undefined;
  });
}

/** Of a workspace with a cluster, two jobs, one of which runs, and all else. */
async function deletion(stack: TestStack): Promise<string> {
  const path = '/v1/workspaces/gone';
  const jobs = `${path}/experiments/one/jobs`;
  await stack.call('PUT', path);
  await stack.call('PUT', `${path}/clusters/shared`, ONE_NODE);
  await stack.call('PUT', `${path}/applications/solver`, {});
  await stack.call('PUT', `${jobs}/short`, shellJob('true', { pool: ONE_NODE }));
  await stack.call('PUT', `${jobs}/long`, shellJob('sleep 60', { pool: { cluster: 'shared' } }));
  await waitFor('a task to run', async () => (await stack.call('GET', `${jobs}/long`)).body.counts.running > 0);
  await stack.call('DELETE', path);
  await closed(stack, 'delete:workspace/gone');
  return 'delete:workspace/gone';
}

async function applicationDeletion(stack: TestStack): Promise<string> {
  await stack.call('PUT', '/v1/applications/solver', {});
  await stack.call('PUT', '/v1/applications/solver/versions/1');
  await stack.call('DELETE', '/v1/applications/solver');
  const id = `delete:application/${WORKSPACE}/solver`;
  await closed(stack, id);
  return id;
}

/** Of a workspace in which one job waits for another one. It goes on for a while after them. */
async function admission(stack: TestStack): Promise<string> {
  const path = '/v1/workspaces/limited';
  const job = (name: string) => `${path}/experiments/one/jobs/${name}`;
  const row = async (name: string) => (await stack.call<JobRow>('GET', job(name))).body;
  await stack.call('PUT', path, { quotas: { concurrentJobs: 1, nodes: 1 } });
  await stack.call('PUT', job('long'), shellJob('sleep 60', { pool: ONE_NODE }));
  await waitFor('a task to run', async () => (await row('long')).counts.running > 0);
  await stack.call('PUT', job('next'), shellJob('true', { pool: ONE_NODE }));
  await waitFor('the next job to wait', async () => (await row('next')).waiting?.code === 'WorkspaceQuota');
  await stack.call('POST', `${job('long')}:cancel`);
  await waitFor('the next job to end', async () => (await row('next')).state === 'succeeded');
  return admissionWorkflowId('limited');
}

/** The end of a job, told to a webhook where nobody listens. */
async function toldOf(stack: TestStack): Promise<{ job: JobRow; event: string; webhook: string }> {
  const body = { url: 'http://127.0.0.1:9/', events: ['job.succeeded'] };
  await stack.call('PUT', `/v1/workspaces/${WORKSPACE}/webhooks/nobody`, body);
  const job = await stack.run('told', shellJob('true', { pool: ONE_NODE }));
  const id = `${WORKSPACE}/${job.uid}-0-succeeded`;
  const webhook = `webhook:${WORKSPACE}/nobody/${job.uid}-0-succeeded`;
  await waitFor('the delivery to begin', async () => {
    const { body: listed } = await stack.call('GET', `/v1/workspaces/${WORKSPACE}/webhooks/nobody/deliveries`);
    return (listed.value as object[]).length > 0;
  });
  await closed(stack, webhook);
  return { job, event: `event:${id}`, webhook };
}

async function sweeper(stack: TestStack): Promise<string> {
  const workflowId = `${SWEEPER_ID}-recorded`;
  await stack.temporal.workflow.execute(WorkflowType.sweeper, {
    workflowId,
    taskQueue: TaskQueue.control,
    args: [{ graceMs: 900_000 }],
  });
  return workflowId;
}

main().catch((error: unknown) => {
  process.stderr.write(
    `The histories could not be recorded: ${error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = 1;
});
