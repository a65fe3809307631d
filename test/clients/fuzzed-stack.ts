/** The stack that is fuzzed: real services, and a few resources called as the examples of the API's description are. */
import { createHash } from 'node:crypto';
import { zipOf } from '../batch-conformance/zip';
import { shellJob, TestStack, waitFor, WORKSPACE } from '../support';

export const ADMIN_KEY = 'wdr_admin_0123456789abcdef0123456789abcdef';

/** Nothing that a fuzzer submits comes to run: it is planned, and waits for a node and for its turn. */
const NOTHING_RUNS = { nodes: 0, concurrentJobs: 0, queuedJobs: 20 };
const ROOM = { nodes: 4, concurrentJobs: 4, queuedJobs: 20 };
/** What the hooks send deletions to, so that what the others are asked for stays. */
const DOOMED = 'doomed';
const ONE_TASK = shellJob('mkdir out; echo {} > out/x', {
  input: { kind: 'repeat', count: 1 },
  pool: { vmSizes: ['standard_d2s_v3'], nodes: { max: 1 } },
});
ONE_TASK.task.outputs = [{ pattern: 'out/**', when: 'success' }];
const CLUSTER = { vmSizes: ['standard_d2s_v3'], nodes: { max: 1 } };
const SCHEDULE = { spec: { cron: ['0 0 1 1 *'] }, job: ONE_TASK };

export async function startFuzzedStack(): Promise<TestStack> {
  const stack = await TestStack.start({
    key: ADMIN_KEY,
    env: {
      WINDROW_ADMIN_KEY_SHA256: createHash('sha256').update(ADMIN_KEY).digest('hex'),
      WINDROW_DEFAULT_QUOTAS: JSON.stringify(NOTHING_RUNS),
      // Events go nowhere: to a port of this machine that nobody listens on (see the hooks).
      WINDROW_WEBHOOK_ALLOW: '127.0.0.1',
      WINDROW_WEBHOOK_RETRY_SECONDS: '1',
    },
  });
  try {
    await seed(stack);
  } catch (error) {
    await stack.stop();
    throw error;
  }
  return stack;
}

async function seed(stack: TestStack): Promise<void> {
  const put = async (path: string, body?: object) => {
    const { status, body: answer } = await stack.call('PUT', path, body);
    if (status !== 201) throw new Error(`${path}: ${status} ${JSON.stringify(answer)}`);
    return answer;
  };
  for (const workspace of ['aero', WORKSPACE]) await put(`/v1/workspaces/${workspace}`, { quotas: ROOM });
  await put(`/v1/workspaces/${DOOMED}`, {});
  await put('/v1/workspaces/aero/experiments/blades', {});
  await put(`/v1/workspaces/aero/experiments/${DOOMED}`, {});

  const experiments = ['/v1/workspaces/aero/experiments/blades', '/v1'];
  for (const root of experiments) await put(`${root}/jobs/wordcount`, ONE_TASK);
  for (const root of experiments) await ended(stack, `${root}/jobs/wordcount`);
  for (const workspace of ['aero', WORKSPACE]) {
    await stack.call('PATCH', `/v1/workspaces/${workspace}`, { quotas: NOTHING_RUNS });
  }
  for (const root of experiments) {
    for (const job of ['waiting', DOOMED]) await put(`${root}/jobs/${job}`, ONE_TASK);
  }
  for (const root of ['/v1/workspaces/aero', '/v1']) {
    for (const name of ['wind', DOOMED]) await put(`${root}/clusters/${name}`, CLUSTER);
    for (const name of ['data', DOOMED]) await put(`${root}/fileServers/${name}`, { nfs: { source: 'host:/export' } });
    for (const name of ['nightly', DOOMED]) await put(`${root}/schedules/${name}`, SCHEDULE);
  }
  for (const name of ['on-call', DOOMED]) {
    await put(`/v1/workspaces/aero/webhooks/${name}`, { url: 'http://127.0.0.1:9/', events: ['job.failed'] });
  }
  for (const root of ['/v1/workspaces/aero', '/v1']) await seedApplications(stack, root, put);
  const rule = { principal: { issuer: 'https://login.example.com/', subject: 'bea' }, role: 'reader' };
  for (const name of ['aero-team', DOOMED]) await put(`/v1/workspaces/aero/roleAssignments/${name}`, rule);
}

type Put = (path: string, body?: object) => Promise<unknown>;

/** One with an active version, that is the default of none. */
async function seedApplications(stack: TestStack, root: string, put: Put): Promise<void> {
  for (const name of ['solver', DOOMED]) await put(`${root}/applications/${name}`, {});
  const versions = `${root}/applications/solver/versions`;
  await put(`${versions}/${DOOMED}`);
  const { uploadUrl } = (await put(`${versions}/1.2`)) as { uploadUrl: string };
  const body = new Uint8Array(zipOf([{ name: 'solve.sh', content: 'true' }]));
  await fetch(uploadUrl, { method: 'PUT', headers: { 'x-ms-blob-type': 'BlockBlob' }, body });
  const { status } = await stack.call('POST', `${versions}/1.2:activate`);
  if (status !== 200) throw new Error(`${versions}/1.2 was not activated: ${status}`);
}

async function ended(stack: TestStack, path: string): Promise<void> {
  await waitFor(`${path} to end`, async () => {
    const { state } = (await stack.call('GET', path)).body as { state: string };
    if (state === 'failed') throw new Error(`${path} has failed`);
    return state === 'succeeded';
  });
}
