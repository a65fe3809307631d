/** Kinds of tasks: containers, application packages, several instances, secrets; and what they leave as results. */
import { chmod, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FailureGroup, ResultLine, ResultManifest } from '@windrow/contract';
import { jobPaths } from '@windrow/contract';
import { AZURITE_ACCOUNT, AZURITE_KEY, freePort } from '@windrow/local-stack';
import { zipOf } from '../batch-conformance/zip';
import { historyText, shellJob, TestStack, waitFor } from '../support';
import { startVault } from '../support/vault';
import type { StandInVault } from '../support/vault';

/** Takes docker's command line, writes it down, and runs what follows the image on the host. */
const ENGINE = `#!/bin/sh
case $1 in version|rm) exit 0 ;; esac
printf '%s\\n' "$*" >> "$(dirname "$0")/calls"
while [ "$1" != example/image:1 ]; do shift; done
shift
exec "$@"
`;
const ACCOUNT =
  '/subscriptions/sub/resourceGroups/group/providers/Microsoft.Batch/batchAccounts/devbatchaccount1/applications';
const SECRET = 'correct horse battery staple 7f3a';
const ONE_NODE = { vmSizes: ['standard_d2s_v3'], nodes: { max: 1 } };

let stack: TestStack;
let vault: StandInVault;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'windrow-engine-'));
  await writeFile(path.join(directory, 'engine'), ENGINE);
  await chmod(path.join(directory, 'engine'), 0o755);
  vault = await startVault();
  const blob = await freePort();
  const storage = [
    `DefaultEndpointsProtocol=http;AccountName=${AZURITE_ACCOUNT};AccountKey=${AZURITE_KEY}`,
    `BlobEndpoint=http://127.0.0.1:${blob}/${AZURITE_ACCOUNT}`,
  ].join(';');
  stack = await TestStack.start({
    ports: { blob },
    env: { WINDROW_KEY_VAULTS: vault.url },
    emulatorArgs: [
      ...['--bearer', 'any', '--subscription', 'sub', '--resource-group', 'group', '--storage', storage],
      ...['--container-engine', path.join(directory, 'engine')],
    ],
  });
});

afterAll(async () => {
  await stack?.stop();
  await vault.stop();
  await rm(directory, { recursive: true, force: true });
});

const faults = (method: string, body?: object) =>
  stack.call(method, `${stack.stack.batch.endpoint}/emulator/faults`, body);
const lines = async (blob: string) =>
  (await stack.readBlob(blob))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ResultLine);
const manifestOf = async (uid: string) => JSON.parse(await stack.readBlob(jobPaths(uid).manifest)) as ResultManifest;

describe('a task in a container', () => {
  it('runs its whole command there, with its item and its range of a blob, and so does the reduction', async () => {
    const rows = Array.from({ length: 100 }, (_, n) => `${n},"it's $HOME"\n`).join('');
    await stack.upload('tables', 'rows of it.csv', `n,text\n${rows}`);
    const job = await stack.run('contained', {
      ...shellJob('true'),
      input: {
        ...{ kind: 'rows', container: 'tables', blobs: ['rows of it.csv'], format: 'csv' },
        ...{ split: 'byteRanges', bytesPerTask: '600B' },
      },
      itemMapping: { at: '{{item.offset}}', file: '{{item.path}}' },
      task: {
        commandLine: `/bin/sh -c 'head -1 "$FILE" && test -s items.jsonl && mkdir out && tail -n +2 "$FILE" > out/rows.csv'`,
        environment: { FILE: '{{item.file}}' },
        container: { image: 'example/image:1', runOptions: '--cpus 1' },
      },
      pool: ONE_NODE,
      gather: { kind: 'reduce', commandLine: `/bin/sh -c 'mkdir out; cat inputs/*/out/rows.csv > out/all.csv'` },
    });
    expect(job).toMatchObject({ state: 'succeeded', items: 3, counts: { total: 3, succeeded: 3 } });
    expect(await stack.readBlob(`${jobPaths(job.uid).artefacts}all.csv`)).toBe(rows);
    expect((await stack.call('GET', '/v1/jobs/contained/tasks/2/files/stdout.txt')).body).toBe('n,text\n');
    const calls = (await readFile(path.join(directory, 'calls'), 'utf8')).split('\n').filter((call) => call !== '');
    expect(calls.filter((call) => call.includes('--entrypoint= --cpus 1 example/image:1 /bin/sh -c'))).toHaveLength(4);
    await stack.expectNothingLeft(job);
  });
});

it('a blob that is changed after the plan fails the tasks that fetch ranges of it, and they say so', async () => {
  await stack.upload('tables', 'changing.jsonl', '{"n":1}\n{"n":2}\n');
  const mark = path.join(directory, 'go');
  await stack.submit('changed', {
    ...shellJob('cat inputs/changing.jsonl'),
    input: {
      ...{ kind: 'rows', container: 'tables', blobs: ['changing.jsonl'], format: 'jsonl' },
      ...{ split: 'byteRanges', bytesPerTask: '8B' },
    },
    sample: { percent: 100 },
    // No task begins before the blob was changed.
    pool: { ...ONE_NODE, setupTask: { commandLine: `/bin/sh -c 'until [ -f ${mark} ]; do sleep 0.1; done'` } },
  });
  await waitFor('the plan', async () => (await stack.job('changed')).counts.total === 2);
  await stack.upload('tables', 'changing.jsonl', '{"n":3}\n{"n":4}\n');
  await writeFile(mark, '');
  const job = await stack.finished('changed');
  expect(job).toMatchObject({ state: 'failed', counts: { failed: 2 } });
  expect(job.failures).toMatchObject([{ category: 'exitCode', exitCode: 74, count: 2 }]);
  expect(job.failures[0]?.examples[0]?.stderrTail).toContain(
    'windrow: bytes 0-7 of inputs/changing.jsonl could not be fetched. 412: the blob was changed',
  );
});

it('a task, its reduction and the set-up of its nodes get application packages, which must be there', async () => {
  const publish = async (application: string, text: string) => {
    const arm = (method: string, place: string, body: object) =>
      stack.call(method, `${stack.stack.batch.endpoint}${ACCOUNT}/${place}?api-version=2023-11-01`, body, {
        authorization: 'Bearer x.y.z',
      });
    await arm('PUT', application, { properties: {} });
    const { body } = await arm('PUT', `${application}/versions/1.2`, {});
    await fetch(body.properties.storageUrl, {
      method: 'PUT',
      headers: { 'x-ms-blob-type': 'BlockBlob' },
      body: new Uint8Array(zipOf([{ name: 'text', content: text }])),
    });
    expect((await arm('POST', `${application}/versions/1.2/activate`, { format: 'zip' })).status).toBe(200);
  };
  await publish('count', 'one two');
  await publish('prepare', 'ready');
  const spec = (version: string) => ({
    ...shellJob('mkdir out; cat "$AZ_BATCH_APP_PACKAGE_count_1_2/text" "$AZ_BATCH_NODE_SHARED_DIR/mark" > out/text'),
    input: { kind: 'repeat', count: 1 },
    task: {
      commandLine: `/bin/sh -c 'mkdir out; cat "$AZ_BATCH_APP_PACKAGE_count_1_2/text" "$AZ_BATCH_NODE_SHARED_DIR/mark" > out/text'`,
      program: [{ application: 'count', version }],
    },
    pool: {
      ...ONE_NODE,
      setupTask: {
        commandLine: `/bin/sh -c 'cp "$AZ_BATCH_APP_PACKAGE_prepare_1_2/text" "$AZ_BATCH_NODE_SHARED_DIR/mark"'`,
        program: [{ application: 'prepare', version: '1.2' }],
      },
    },
    gather: {
      kind: 'reduce',
      commandLine: `/bin/sh -c 'mkdir out; cat inputs/*/out/text "$AZ_BATCH_APP_PACKAGE_count_1_2/text" > out/all'`,
      program: [{ application: 'count', version: '1.2' }],
    },
  });
  const job = await stack.run('packaged', spec('1.2'));
  expect(job.state).toBe('succeeded');
  expect(await stack.readBlob(`${jobPaths(job.uid).artefacts}all`)).toBe('one tworeadyone two');
  const refused = await stack.call('PUT', '/v1/jobs/not-packaged', spec('9'));
  expect(refused).toMatchObject({
    status: 422,
    body: { errors: [{ path: '$.task.program[0].version', code: 'ApplicationVersionNotFound' }] },
  });
});

it('a multi-instance task has a node for each instance, its program on all of them, and slots for all', async () => {
  await stack.upload('programs', 'gang/greet.sh', 'echo hello');
  const job = await stack.run('gang', {
    ...shellJob('true'),
    input: { kind: 'repeat', count: 2 },
    task: {
      commandLine: `/bin/sh -c 'mkdir out; echo $AZ_BATCH_HOST_LIST > out/hosts; sh greet.sh >> out/hosts'`,
      coordinationCommandLine: `/bin/sh -c 'test -f "$AZ_BATCH_TASK_SHARED_DIR/greet.sh"'`,
      program: [{ container: 'programs', prefix: 'gang/' }],
      instances: 2,
    },
    pool: { vmSizes: ['standard_d2s_v3'], nodes: { max: 3 } },
  });
  expect(job).toMatchObject({ state: 'succeeded', counts: { succeeded: 2 } });
  const [hosts = '', greeting] = (await stack.readBlob(`${jobPaths(job.uid).taskOutputs(1)}/out/hosts`)).split('\n');
  expect(new Set(hosts.split(',')).size).toBe(2);
  expect(greeting).toBe('hello');
});

describe('secrets of a key vault', () => {
  const spec = (name: string, at = vault.url) => ({
    ...shellJob('true'),
    input: { kind: 'repeat', count: 2 },
    task: {
      commandLine: `/bin/sh -c 'test $(printf %s "$TOKEN" | wc -c) -eq ${SECRET.length} && test -z "$WINDROW_RANGE_LINK"'`,
      secrets: { TOKEN: { keyVaultSecret: `${at}/secrets/${name}` } },
    },
    execution: { retryRules: [{ on: { exitCodes: [1] }, attempts: 2, backoff: { initial: 'PT0.1S' } }] },
    pool: ONE_NODE,
  });

  it('reach the tasks of each wave, and nothing that Windrow or Temporal keeps', async () => {
    // Of another length at first, so that the tasks fail, and a further wave fetches what it then is.
    vault.secrets.set('token', `${SECRET}, before`);
    await stack.submit('secretive', spec('token'));
    await waitFor('the first wave to have the secret', () => vault.seen.length > 0);
    vault.secrets.set('token', SECRET);
    const job = await stack.finished('secretive');
    expect(job).toMatchObject({ state: 'succeeded', counts: { succeeded: 2, failed: 0 } });
    expect(vault.seen).toEqual(['/secrets/token/', '/secrets/token/']);

    for (const blob of await stack.listBlobs('')) expect(await stack.readBlob(blob)).not.toContain(SECRET);
    for (const name of ['job:migrated-local/migrated/secretive', `cluster:migrated-local/~${job.uid}`]) {
      const history = await stack.temporal.workflow.getHandle(name).fetchHistory();
      expect(historyText(history)).not.toContain(SECRET);
    }
    // Temporal's database, the catalogue's tables and every log: all that is kept but Batch's own state.
    const kept = path.dirname(stack.logs);
    const files = (await readdir(kept, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    const ours = files.map((entry) => path.join(entry.parentPath, entry.name)).filter((file) => !isOfBatch(kept, file));
    expect(ours.some((file) => file.includes('temporal.db'))).toBe(true);
    expect(ours.some((file) => file.includes('azurite'))).toBe(true);
    expect(ours.some((file) => file.includes('worker'))).toBe(true);
    for (const file of ours) {
      const bytes = await readFile(file);
      expect([file, bytes.includes(SECRET)]).toEqual([file, false]);
      expect([file, bytes.includes(Buffer.from(SECRET).toString('base64').slice(0, -4))]).toEqual([file, false]);
    }
  });

  it('that are not there, or in a vault that is not listed, are told by their address', async () => {
    const job = await stack.run('no-secret', spec('nothing'));
    expect(job).toMatchObject({
      state: 'failed',
      error: {
        code: 'SecretNotFound',
        path: '$.task.secrets.TOKEN.keyVaultSecret',
        message: expect.stringContaining(`${vault.url}/secrets/nothing does not exist`),
      },
    });
    const refused = await stack.call('PUT', '/v1/jobs/other-vault', spec('token', 'https://other.vault.azure.net'));
    expect(refused).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'VaultNotAllowed', message: expect.stringContaining('WINDROW_KEY_VAULTS') }] },
    });
  });
});

it('results of tasks are carried; failed uploads are failures of their own cause, which the tolerance counts', async () => {
  for (const task of [1, 3, 4, 6]) {
    const taskId = `0000000${task}`;
    await faults('POST', { kind: 'taskFailure', jobId: 'windrow-*', taskId, code: 'FileUploadMiscError' });
  }
  const spec = (count: number) => ({
    ...shellJob('true'),
    input: { kind: 'repeat', count: 8 },
    task: {
      commandLine: `/bin/sh -c 'case $WINDROW_TASK_INDEX in 5) exit 9 ;; 7) echo no > result.json ;; *) echo {\\"n\\":$WINDROW_TASK_INDEX} > result.json ;; esac'`,
      resultFile: 'result.json',
    },
    execution: { toleratedFailures: { count } },
    pool: { ...ONE_NODE, slotsPerNode: 4 },
  });
  const job = await stack.run('tolerated', spec(5));
  expect(job).toMatchObject({ state: 'succeeded', counts: { succeeded: 3, failed: 5 } });
  const manifest = await manifestOf(job.uid);
  expect(manifest.results).toEqual({ carried: 2, omitted: 1 });
  const group: Partial<FailureGroup> = { category: 'upload', code: 'FileUploadMiscError', exitCode: 0, count: 4 };
  expect(manifest.failures).toMatchObject([group, { category: 'exitCode', exitCode: 9, count: 1 }]);
  expect(manifest.failures[0]?.examples.map(({ task }) => task)).toEqual([1, 3, 4]);
  expect((await stack.job('tolerated')).failures).toMatchObject([group, {}]);
  expect((await lines(manifest.files.succeeded[0]!)).map(({ task, result }) => [task, result])).toEqual([
    [0, { n: 0 }],
    [2, { n: 2 }],
    [7, undefined],
  ]);
  expect((await lines(manifest.files.failed[0]!))[0]).toMatchObject({ task: 1, exitCode: 0, category: 'upload' });
  const listed = await stack.call('GET', '/v1/jobs/tolerated/tasks?state=succeeded');
  expect(listed.body.value).toMatchObject([
    { result: { n: 0 } },
    { result: { n: 2 } },
    { resultOmitted: expect.stringMatching(/^not JSON/) },
  ]);

  const failed = await stack.run('untolerated', spec(4));
  expect(failed).toMatchObject({ state: 'failed', error: { code: 'ToleranceExceeded' } });
  await faults('DELETE');
});

/** The emulator keeps tasks with their environment, as Azure Batch does. */
function isOfBatch(root: string, file: string): boolean {
  return path.relative(root, file).split(path.sep)[0] === 'batch';
}
