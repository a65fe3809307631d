/** Applications of workspaces: made, uploaded, used by jobs, apart from each other, and deleted with all that is in Batch. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { deletionWorkflowId, jobPaths, jobWorkflowId, workspaceContainer } from '@windrow/contract';
import type { JobRow } from '@windrow/contract';
import { zipOf } from '../batch-conformance/zip';
import { historyText, TestStack, waitFor } from '../support';

const ADMIN = 'wdr_admin_0123456789abcdef0123456789abcdef';
const W = '/v1/workspaces/aero';
const SOLVER = `${W}/applications/solver`;
const POOL = { vmSizes: ['standard_d2s_v3'], nodes: { max: 1 } };
/** As programs are packed on Unix: it can be run. */
const SCRIPT = { name: 'bin/solve.sh', content: '#!/bin/sh\necho "solved by $1"\n', mode: 0o100755 };

let stack: TestStack;
/** Links that were given to upload to. */
const links: string[] = [];

beforeAll(async () => {
  stack = await TestStack.start({
    key: ADMIN,
    env: { WINDROW_ADMIN_KEY_SHA256: createHash('sha256').update(ADMIN).digest('hex') },
  });
  for (const workspace of ['aero', 'other']) await stack.call('PUT', `/v1/workspaces/${workspace}`, {});
});

afterAll(() => stack.stop());

const arm = (method: string, place: string, body?: object) =>
  stack.call(method, `${stack.stack.env['WINDROW_BATCH_ARM']}/applications${place}?api-version=2023-11-01`, body, {
    authorization: 'Bearer x.y.z',
  });
const inArm = async (): Promise<string[]> =>
  (await arm('GET', '')).body.value.map(({ name }: { name: string }) => name);
const gone = (url: string) =>
  waitFor(`${url} to be gone`, async () => (await stack.call('GET', url)).status === 404, 60_000);
const historyOf = async (id: string) => historyText(await stack.temporal.workflow.getHandle(id).fetchHistory());
const send = (url: string, bytes: Buffer) =>
  fetch(url, { method: 'PUT', headers: { 'x-ms-blob-type': 'BlockBlob' }, body: new Uint8Array(bytes) });

async function publish(version: string, content = SCRIPT.content): Promise<void> {
  const made = await stack.call('PUT', `${SOLVER}/versions/${version}`);
  expect(made).toMatchObject({ status: 201, body: { state: 'pending', uploadUrl: expect.stringContaining('sig=') } });
  links.push(made.body.uploadUrl);
  expect((await send(made.body.uploadUrl, zipOf([{ ...SCRIPT, content }]))).status).toBe(201);
  const active = await stack.call('POST', `${SOLVER}/versions/${version}:activate`);
  expect(active).toMatchObject({ status: 200, body: { state: 'active' } });
}

const jobOf = (program: object[], commandLine: string, more: object = {}) => ({
  input: { kind: 'repeat', count: 1 },
  task: { commandLine: `/bin/sh -c 'mkdir out; ${commandLine} > out/text'`, program, timeout: 'PT5M' },
  pool: { ...POOL, ...more },
});
async function run(workspace: string, job: string, spec: object): Promise<{ job: JobRow; text: string }> {
  const url = `/v1/workspaces/${workspace}/experiments/e/jobs/${job}`;
  expect(await stack.call('PUT', url, spec)).toMatchObject({ status: 201 });
  const ended = await waitFor(
    `${job} to end`,
    async () => {
      const { body } = await stack.call<JobRow>('GET', url);
      return ['succeeded', 'failed', 'cancelled'].includes(body.state) && body;
    },
    90_000,
  );
  expect(ended).toMatchObject({ state: 'succeeded' });
  const text = await stack.readBlob(`${jobPaths(ended.uid).taskOutputs(0)}/out/text`, workspaceContainer(workspace));
  return { job: ended, text };
}

it('an application and its versions: created, uploaded, activated, immutable', async () => {
  const made = await stack.call('PUT', SOLVER, { displayName: 'Solver', labels: { team: 'aero' } });
  expect(made).toMatchObject({ status: 201, body: { application: 'solver', displayName: 'Solver' } });
  const { batchApplication } = made.body;
  expect((await arm('GET', `/${batchApplication}`)).body.properties).toEqual({
    displayName: 'Solver',
    allowUpdates: false,
  });
  expect(await stack.call('POST', `${SOLVER}/versions/1.0:activate`)).toMatchObject({ status: 404 });
  const pending = await stack.call('PUT', `${SOLVER}/versions/1.0`);
  expect(pending.headers.get('cache-control')).toBe('no-store');
  links.push(pending.body.uploadUrl);
  expect(await stack.call('POST', `${SOLVER}/versions/1.0:activate`)).toMatchObject({
    status: 409,
    body: { code: 'PackageNotUploaded' },
  });
  await send(pending.body.uploadUrl, Buffer.from('no zip'));
  expect(await stack.call('POST', `${SOLVER}/versions/1.0:activate`)).toMatchObject({
    status: 409,
    body: { code: 'PackageInvalid' },
  });
  // Another link to the same place, for whoever lost the first.
  const again = await stack.call('PUT', `${SOLVER}/versions/1.0`);
  expect([again.status, new URL(again.body.uploadUrl).pathname]).toEqual([
    200,
    new URL(pending.body.uploadUrl).pathname,
  ]);
  links.push(again.body.uploadUrl);
  await send(again.body.uploadUrl, zipOf([SCRIPT]));
  const active = await stack.call('POST', `${SOLVER}/versions/1.0:activate`);
  expect(active).toMatchObject({ status: 200, body: { state: 'active', activatedTime: expect.any(String) } });
  expect((await stack.call('POST', `${SOLVER}/versions/1.0:activate`)).body).toEqual(active.body);
  const later = await stack.call('PUT', `${SOLVER}/versions/1.0`);
  expect(later.status).toBe(200);
  expect(later.body).not.toHaveProperty('uploadUrl');
  await publish('2.0', '#!/bin/sh\necho "second $1"\n');
  expect((await stack.call('GET', `${SOLVER}/versions`)).body.value).toMatchObject([
    { version: '1.0', variables: ['AZ_BATCH_APP_PACKAGE_solver_1_0'] },
    { version: '2.0' },
  ]);
});

it('a job, its reduction and the set-up of its nodes run files of it, by version or by default', async () => {
  expect(
    await stack.call('PUT', `${W}/experiments/e/jobs/none`, jobOf([{ application: 'solver' }], 'true')),
  ).toMatchObject({ status: 422, body: { errors: [{ path: '$.task.program[0].version' }] } });
  expect(await stack.call('PATCH', SOLVER, { defaultVersion: '9' })).toMatchObject({ status: 422 });
  expect(await stack.call('PATCH', SOLVER, { defaultVersion: '2.0' })).toMatchObject({
    status: 200,
    body: { defaultVersion: '2.0' },
  });
  const setupTask = {
    commandLine: `/bin/sh -c '"$AZ_BATCH_APP_PACKAGE_solver_1_0/bin/solve.sh" setup > "$AZ_BATCH_NODE_SHARED_DIR/set-up"'`,
    program: [{ application: 'solver', version: '1.0' }],
  };
  const program = [{ application: 'solver' }, { application: 'Solver', version: '1.0' }];
  expect(await stack.call('PUT', `${W}/experiments/e/jobs/none`, jobOf(program, 'true'))).toMatchObject({
    status: 422,
    body: { errors: [{ path: '$.task.program[1].application', code: 'ApplicationNotFound' }] },
  });
  const { job, text } = await run('aero', 'uses', {
    ...jobOf(
      [{ application: 'solver' }, { application: 'solver', version: '1.0' }],
      '("$AZ_BATCH_APP_PACKAGE_solver/bin/solve.sh" task; "$AZ_BATCH_APP_PACKAGE_solver_1_0/bin/solve.sh" task; cat "$AZ_BATCH_NODE_SHARED_DIR/set-up")',
      { setupTask },
    ),
    gather: {
      kind: 'reduce',
      commandLine: `/bin/sh -c 'mkdir out; "$AZ_BATCH_APP_PACKAGE_solver_2_0/bin/solve.sh" reduce > out/reduced'`,
      program: [{ application: 'solver', version: '2.0' }],
    },
  });
  expect(text).toBe('second task\nsolved by task\nsolved by setup\n');
  expect(await stack.readBlob(`${jobPaths(job.uid).artefacts}reduced`, workspaceContainer('aero'))).toBe(
    'second reduce\n',
  );
  expect(await historyOf(jobWorkflowId(job))).not.toMatch(/sig=/);
});

it('a version that is the default, or part of the set-up of nodes, is not deleted', async () => {
  expect(await stack.call('DELETE', `${SOLVER}/versions/2.0`)).toMatchObject({
    status: 409,
    body: { code: 'VersionIsDefault' },
  });
  const cluster = `${W}/clusters/wind`;
  const setupTask = { commandLine: 'true', program: [{ application: 'solver', version: '1.0' }] };
  expect(await stack.call('PUT', cluster, { ...POOL, nodes: { min: 1, max: 1 }, setupTask })).toMatchObject({
    status: 201,
  });
  const refusal = await waitFor('the pool to count', async () => {
    const answer = await stack.call('DELETE', SOLVER, undefined, { 'if-match': '"another"' });
    return answer.body.code === 'ApplicationInUse' && answer;
  });
  expect(refusal).toMatchObject({ status: 409, body: { pools: expect.stringContaining('wind') } });
  expect(await stack.call('DELETE', `${SOLVER}/versions/1.0`)).toMatchObject({
    status: 409,
    body: { code: 'ApplicationInUse' },
  });
});

it("another workspace neither sees nor uses it; one of the same name is another one, and the account's own stay usable", async () => {
  const { batchApplication } = (await stack.call('GET', SOLVER)).body;
  const theirs = '/v1/workspaces/other';
  expect(await stack.call('GET', `${theirs}/applications/solver`)).toMatchObject({ status: 404 });
  expect((await stack.call('GET', `${theirs}/applications`)).body.value).toEqual([]);
  for (const application of ['solver', batchApplication, batchApplication.toUpperCase()]) {
    const spec = jobOf([{ application, version: '1.0' }], 'true');
    expect(await stack.call('PUT', `${theirs}/experiments/e/jobs/j`, spec)).toMatchObject({
      status: 422,
      body: { errors: [{ path: '$.task.program[0].application', code: 'ApplicationNotFound' }] },
    });
  }
  const same = await stack.call('PUT', `${theirs}/applications/solver`, {});
  expect(same).toMatchObject({ status: 201 });
  expect(same.body.batchApplication).not.toBe(batchApplication);
  await arm('PUT', '/shared', { properties: {} });
  const { body } = await arm('PUT', '/shared/versions/3', {});
  await send(body.properties.storageUrl, zipOf([{ name: 'text', content: 'of the account' }]));
  expect((await arm('POST', '/shared/versions/3/activate', { format: 'zip' })).status).toBe(200);
  const spec = jobOf([{ application: 'shared', version: '3' }], 'cat "$AZ_BATCH_APP_PACKAGE_shared_3/text"');
  expect((await run('other', 'account', spec)).text).toBe('of the account');
});

it('an application is deleted with its packages, durably, and its name is free then', async () => {
  const extra = `${W}/applications/extra`;
  const made = await stack.call('PUT', extra, {});
  await stack.call('PUT', `${extra}/versions/1`);
  const deletion = await stack.call('DELETE', extra);
  expect(deletion).toMatchObject({ status: 202, body: { provisioningState: 'deleting' } });
  expect(await stack.call('PUT', `${extra}/versions/2`)).toMatchObject({
    status: 409,
    body: { code: 'ApplicationDeleting' },
  });
  await gone(extra);
  expect(await inArm()).not.toContain(made.body.batchApplication);
  expect(await stack.call('DELETE', extra)).toMatchObject({ status: 204 });
  expect(await stack.call('PUT', extra, {})).toMatchObject({ status: 201 });
  expect((await stack.call('GET', `${extra}/versions`)).body.value).toEqual([]);
  const id = deletionWorkflowId({ kind: 'application', workspace: 'aero', application: 'extra' });
  expect(await historyOf(id)).not.toMatch(/sig=/);
});

it('a workspace takes its applications with it, and leaves those of others', async () => {
  expect((await inArm()).filter((name) => name.startsWith('windrow_aero_'))).toHaveLength(2);
  expect(await stack.call('DELETE', W)).toMatchObject({ status: 202 });
  await gone(W);
  const left = await inArm();
  expect(left.filter((name) => name.startsWith('windrow_aero_'))).toEqual([]);
  expect(left).toEqual(expect.arrayContaining(['shared', expect.stringMatching(/^windrow_other_solver_/)]));
});

it('no link to upload to is in a log, nor in the audit log, which tells who changed what', async () => {
  const lines = JSON.stringify((await stack.call('GET', '/v1/audit?pageSize=1000')).body);
  expect(lines).toContain('/v1/workspaces/aero/applications/solver/versions/1.0');
  expect(lines).toContain('packages.delete');
  const files = await readdir(stack.logs);
  const logs = await Promise.all(
    files.filter((file) => /api|worker/.test(file)).map((file) => readFile(path.join(stack.logs, file), 'utf8')),
  );
  expect(logs.length).toBeGreaterThan(1);
  const signatures = links.map((link) => new URL(link).searchParams.get('sig')!);
  expect(signatures.length).toBeGreaterThan(2);
  for (const text of [lines, ...logs]) {
    for (const signature of signatures) {
      expect(text).not.toContain(signature);
      expect(text).not.toContain(encodeURIComponent(signature));
    }
  }
});
