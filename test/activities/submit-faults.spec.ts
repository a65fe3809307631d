/** Activities that add and give back, against a real emulator that misbehaves and a real Azurite; no Temporal. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { startEmulator, WELL_KNOWN_ACCOUNT, WELL_KNOWN_KEY } from '@windrow/batch-emulator';
import type { Emulator } from '@windrow/batch-emulator';
import { createBatchClient } from '@windrow/batch';
import type { BatchClient } from '@windrow/batch';
import { batchJobId, FailureType, jobPaths, workspaceContainer } from '@windrow/contract';
import type { JobInput, JobSpec } from '@windrow/contract';
import { createStorage, storageConfigFromConnectionString } from '@windrow/storage';
import type { Storage } from '@windrow/storage';
import { createActivities } from '@windrow/worker';
import type { Activities, ActivityDeps } from '@windrow/worker';
import { startAzurite } from '../support';

const TASKS = 250;
const SPEC: JobSpec = {
  input: { kind: 'repeat', count: TASKS },
  task: { commandLine: '/bin/true' },
  pool: { vmSizes: ['simulated_d2'], nodes: { max: 1 } },
};

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let emulator: Emulator;
let storage: Storage;
let batch: BatchClient;
let activities: Activities;
let number = 0;

beforeAll(async () => {
  azurite = await startAzurite();
  emulator = await startEmulator({ admin: true });
  storage = createStorage(storageConfigFromConnectionString(azurite.connectionString));
  await storage.catalogue.ensure();
  const auth = { kind: 'sharedKey', accountName: WELL_KNOWN_ACCOUNT, accountKey: WELL_KNOWN_KEY } as const;
  batch = createBatchClient({ endpoint: emulator.url, auth });
  activities = createActivities({
    storage,
    batch,
    temporal: () => ({ workflow: { getHandle: () => ({ signal: async () => undefined }) } }),
    secrets: { read: async () => ({}) },
    timing: { pollMinMs: 10, pollMaxMs: 20, patienceMs: 1000 },
    deployment: 'd',
  } as unknown as ActivityDeps);
});

afterAll(async () => {
  storage.close();
  await emulator.close();
  await azurite.stop();
});

afterEach(async () => {
  await fetch(`${emulator.url}/emulator/faults`, { method: 'DELETE' });
});

async function order(fault: object): Promise<void> {
  const answer = await fetch(`${emulator.url}/emulator/faults`, { method: 'POST', body: JSON.stringify(fault) });
  if (!answer.ok) throw new Error(await answer.text());
}

/** A job whose plan is made. */
async function planned(): Promise<JobInput> {
  const job = `job-${++number}`;
  const input = { workspace: 'w', experiment: 'e', job, uid: `u${number}`, createdTime: new Date().toISOString() };
  await storage.blobs.ensureContainer(workspaceContainer('w'));
  await storage.blobs.writeJson(workspaceContainer('w'), jobPaths(input.uid).spec, SPEC);
  await new MockActivityEnvironment().run(activities.planJob, input);
  return input;
}

function submit(input: JobInput, heartbeatDetails?: number): Promise<void> {
  const environment = new MockActivityEnvironment(heartbeatDetails === undefined ? {} : { heartbeatDetails });
  const range: Parameters<Activities['submitTasks']>[0] = {
    input,
    wave: '1',
    attempt: 1,
    poolId: 'nopool',
    limits: { maxParallelTasks: 5, priority: 'normal', endsBefore: new Date(Date.now() + 3_600_000).toISOString() },
    source: { kind: 'plan', stage: 'tasks', from: 0, to: TASKS },
    seal: false,
  };
  return environment.run(activities.submitTasks, range);
}

async function added(input: JobInput): Promise<number[]> {
  const ids: number[] = [];
  for await (const { id } of batch.tasks.list(batchJobId(input.uid, '1'), { select: 'id' })) ids.push(Number(id));
  return ids.sort((a, b) => a - b);
}

const upTo = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);

describe('adding tasks', () => {
  it('goes on after it was throttled', async () => {
    const input = await planned();
    await order({ operation: 'TaskAddCollection', status: 429, retryAfter: 0, times: 2 });
    await submit(input);
    expect(await added(input)).toEqual(upTo(0, TASKS));
  });

  it.each(['JobAdd', 'TaskAddCollection'])(
    'takes what exists for done when the answer to %s is lost',
    async (operation) => {
      const input = await planned();
      await order({ kind: 'loseResponse', operation, times: 1 });
      await submit(input);
      expect(await added(input)).toEqual(upTo(0, TASKS));
    },
  );

  it('may be done twice', async () => {
    const input = await planned();
    await submit(input);
    await submit(input);
    expect(await added(input)).toEqual(upTo(0, TASKS));
  });

  it('goes on at the heartbeat of a worker that died', async () => {
    const input = await planned();
    await submit(input, 200);
    expect(await added(input)).toEqual(upTo(200, TASKS));
  });

  it('to a job that somebody ended fails for good, and says who did not', async () => {
    const input = await planned();
    await submit(input, TASKS);
    await batch.jobs.terminate(batchJobId(input.uid, '1'), 'ByHand');
    const refused = submit(input);
    await expect(refused).rejects.toMatchObject({ type: FailureType.refused, nonRetryable: true });
    await expect(refused).rejects.toThrow('was ended by somebody else (ByHand) while tasks were added to it');
  });
});

it('giving back what is gone already is no failure, also twice', async () => {
  const input = await planned();
  for (let time = 0; time < 2; time++) {
    const run = new MockActivityEnvironment();
    await run.run(activities.stopBatchJobs, { input, waves: ['1', 'r1'] });
    await run.run(activities.deleteBatchJobs, { input, waves: ['1', 'r1'] });
    await run.run(activities.deletePool, { poolId: 'never-was' });
    await run.run(activities.settleStaged, { input, redrivable: false });
  }
  expect(await storage.blobs.properties(workspaceContainer('w'), jobPaths(input.uid).spec)).toBeDefined();
});
