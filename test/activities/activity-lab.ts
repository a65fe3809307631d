/** Activities against a real emulator that misbehaves and a real Azurite; no Temporal. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { startEmulator, WELL_KNOWN_ACCOUNT, WELL_KNOWN_KEY } from '@windrow/batch-emulator';
import type { Emulator } from '@windrow/batch-emulator';
import { createBatchClient } from '@windrow/batch';
import type { BatchClient } from '@windrow/batch';
import { batchJobId, jobPaths, workspaceContainer } from '@windrow/contract';
import type { JobInput, JobSpec } from '@windrow/contract';
import { createStorage, storageConfigFromConnectionString } from '@windrow/storage';
import type { Storage } from '@windrow/storage';
import { createActivities } from '@windrow/worker';
import type { Activities, ActivityDeps } from '@windrow/worker';
import { startAzurite } from '../support';

export const TASKS = 250;
const SPEC: JobSpec = {
  input: { kind: 'repeat', count: TASKS },
  task: { commandLine: '/bin/true', environment: { SIMULATED_DURATION: '0.05' } },
  pool: { vmSizes: ['simulated_d2'], nodes: { max: 1 } },
};

export class ActivityLab {
  private number = 0;

  private constructor(
    readonly emulator: Emulator,
    readonly storage: Storage,
    readonly batch: BatchClient,
    readonly activities: Activities,
    private readonly azurite: Awaited<ReturnType<typeof startAzurite>>,
  ) {}

  static async start(): Promise<ActivityLab> {
    const azurite = await startAzurite();
    const emulator = await startEmulator({ admin: true });
    const storage = createStorage(storageConfigFromConnectionString(azurite.connectionString));
    await storage.catalogue.ensure();
    const auth = { kind: 'sharedKey', accountName: WELL_KNOWN_ACCOUNT, accountKey: WELL_KNOWN_KEY } as const;
    const batch = createBatchClient({ endpoint: emulator.url, auth });
    const activities = createActivities({
      storage,
      batch,
      temporal: () => ({ workflow: { getHandle: () => ({ signal: async () => undefined }) } }),
      secrets: { read: async () => ({}) },
      timing: { pollMinMs: 10, pollMaxMs: 20, patienceMs: 1000 },
      deployment: 'd',
    } as unknown as ActivityDeps);
    return new ActivityLab(emulator, storage, batch, activities, azurite);
  }

  async stop(): Promise<void> {
    this.storage.close();
    await this.emulator.close();
    await this.azurite.stop();
  }

  async order(...faults: object[]): Promise<void> {
    const answer = await fetch(`${this.emulator.url}/emulator/faults`, {
      method: 'POST',
      body: JSON.stringify(faults),
    });
    if (!answer.ok) throw new Error(await answer.text());
  }

  async clearFaults(): Promise<void> {
    await fetch(`${this.emulator.url}/emulator/faults`, { method: 'DELETE' });
  }

  /** A job whose plan is made. */
  async planned(): Promise<JobInput> {
    const n = ++this.number;
    const createdTime = new Date().toISOString();
    const input = { workspace: 'w', experiment: 'e', job: `job-${n}`, uid: `u${n}`, createdTime };
    await this.storage.blobs.ensureContainer(workspaceContainer('w'));
    await this.storage.blobs.writeJson(workspaceContainer('w'), jobPaths(input.uid).spec, SPEC);
    await new MockActivityEnvironment().run(this.activities.planJob, input);
    return input;
  }

  submit(input: JobInput, { heartbeatDetails, poolId = 'nopool' }: SubmitOptions = {}): Promise<void> {
    const environment = new MockActivityEnvironment(heartbeatDetails === undefined ? {} : { heartbeatDetails });
    const range: Parameters<Activities['submitTasks']>[0] = {
      input,
      wave: '1',
      attempt: 1,
      poolId,
      limits: { maxParallelTasks: 5, priority: 'normal', endsBefore: new Date(Date.now() + 3_600_000).toISOString() },
      source: { kind: 'plan', stage: 'tasks', from: 0, to: TASKS },
      seal: false,
    };
    return environment.run(this.activities.submitTasks, range);
  }

  async added(input: JobInput): Promise<number[]> {
    const ids: number[] = [];
    for await (const { id } of this.batch.tasks.list(batchJobId(input.uid, '1'), { select: 'id' }))
      ids.push(Number(id));
    return ids.sort((a, b) => a - b);
  }
}

export interface SubmitOptions {
  /** Of a worker that died. */
  heartbeatDetails?: number;
  poolId?: string;
}

export const upTo = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);
