/** The real stack on free ports and a folder of its own, with the few calls that end-to-end tests need. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BlobServiceClient } from '@azure/storage-blob';
import { Client, Connection, ScheduleOverlapPolicy } from '@temporalio/client';
import type { ScheduleExecutionResult } from '@temporalio/client';
import type { JobRow, JobSpec, LedgerEntry, SweeperReport } from '@windrow/contract';
import { isTerminal, jobPaths, leftoverMarker, SWEEPER_ID, workspaceContainer } from '@windrow/contract';
import { createBatchClient } from '@windrow/batch';
import type { BatchClient } from '@windrow/batch';
import { startStack } from '@windrow/local-stack';
import type { Stack, StackOptions } from '@windrow/local-stack';
import { waitFor } from './wait-for';

/** JSON whose shape the test asserts. */
export type Body = ReturnType<typeof JSON.parse>;

export const WORKSPACE = 'migrated-local';

export interface Answer<T = Body> {
  status: number;
  body: T;
  headers: Headers;
}

export class TestStack {
  private constructor(
    readonly stack: Stack,
    readonly temporal: Client,
    readonly blobs: BlobServiceClient,
    readonly batch: BatchClient,
    private readonly directory: string,
    /** Key that calls are made with, unless they say otherwise. */
    private readonly key: string | undefined,
  ) {}

  static async start({ key, ...options }: Partial<StackOptions> & { key?: string } = {}): Promise<TestStack> {
    const directory = options.directory ?? (await mkdtemp(path.join(tmpdir(), 'windrow-e2e-')));
    try {
      const stack = await startStack({ emulatorAdmin: true, ...options, directory });
      const connection = await Connection.connect({ address: stack.temporalAddress });
      const batch = createBatchClient({
        endpoint: stack.batch.endpoint,
        auth: { kind: 'sharedKey', accountName: stack.batch.account, accountKey: stack.batch.key },
      });
      const blobs = BlobServiceClient.fromConnectionString(stack.storageConnectionString);
      return new TestStack(stack, new Client({ connection }), blobs, batch, directory, key);
    } catch (error) {
      await rm(directory, { recursive: true, force: true });
      throw error;
    }
  }

  /** Folder of the components' logs. */
  get logs(): string {
    return path.join(this.directory, 'logs');
  }

  /** `keep`: the folder stays, with state and logs. */
  async stop({ keep = false } = {}): Promise<void> {
    await this.temporal.connection.close();
    await this.stack.stop();
    if (!keep) await rm(this.directory, { recursive: true, force: true });
  }

  async call<T = Body>(
    method: string,
    url: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const response = await fetch(url.startsWith('http') ? url : `${this.stack.apiUrl}${url}`, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(this.key !== undefined && !url.startsWith('http') && { authorization: `Bearer ${this.key}` }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') ?? false;
    return {
      status: response.status,
      body: (json && text !== '' ? JSON.parse(text) : text) as T,
      headers: response.headers,
    };
  }

  async submit(name: string, spec: object): Promise<JobRow> {
    const answer = await this.call<JobRow>('PUT', `/v1/jobs/${name}`, spec);
    if (answer.status !== 201) throw new Error(`submit ${name}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async job(name: string): Promise<JobRow> {
    return (await this.call<JobRow>('GET', `/v1/jobs/${name}`)).body;
  }

  async finished(name: string, timeoutMs = 90_000): Promise<JobRow> {
    return waitFor(
      `job ${name} to end`,
      async () => {
        const job = await this.job(name);
        return isTerminal(job.state) && job;
      },
      timeoutMs,
    );
  }

  async run(name: string, spec: object): Promise<JobRow> {
    await this.submit(name, spec);
    return this.finished(name);
  }

  async upload(container: string, blob: string, content: string | Buffer): Promise<void> {
    const client = this.blobs.getContainerClient(container);
    await client.createIfNotExists();
    const bytes = Buffer.from(content);
    await client.getBlockBlobClient(blob).uploadData(bytes);
  }

  async readBlob(blob: string, container = workspaceContainer(WORKSPACE)): Promise<string> {
    return (await this.blobs.getContainerClient(container).getBlobClient(blob).downloadToBuffer()).toString('utf8');
  }

  async deleteBlob(blob: string, container = workspaceContainer(WORKSPACE)): Promise<void> {
    await this.blobs.getContainerClient(container).deleteBlob(blob);
  }

  async listBlobs(prefix: string, container = workspaceContainer(WORKSPACE)): Promise<string[]> {
    const names: string[] = [];
    for await (const blob of this.blobs.getContainerClient(container).listBlobsFlat({ prefix })) names.push(blob.name);
    return names;
  }

  /** Every line of a wave's ledger, duplicates included. */
  async ledger(job: JobRow, wave = '1'): Promise<LedgerEntry[]> {
    const lines = (await this.readBlob(jobPaths(job.uid).ledger(wave))).trim().split('\n');
    return lines.map((line) => JSON.parse(line) as LedgerEntry);
  }

  /** Process ids of tasks that run on the emulator's nodes. */
  async taskProcesses(): Promise<number[]> {
    const { body } = await this.call<{ processes?: { pid: number }[] } | { pid: number }[]>(
      'GET',
      `${this.stack.batch.endpoint}/emulator/processes`,
    );
    const list = Array.isArray(body) ? body : (body.processes ?? []);
    return list.map(({ pid }) => pid);
  }

  async poolIds(): Promise<string[]> {
    const ids: string[] = [];
    for await (const pool of this.batch.pools.list()) ids.push(pool.id);
    return ids;
  }

  async batchJobIds(): Promise<string[]> {
    const ids: string[] = [];
    for await (const job of this.batch.jobs.list()) ids.push(job.id);
    return ids;
  }

  /** One round of the sweeper. */
  async sweep(): Promise<SweeperReport> {
    const schedule = this.temporal.schedule.getHandle(SWEEPER_ID);
    const runs = async () => (await schedule.describe()).info.recentActions;
    const runId = ({ action }: ScheduleExecutionResult) => action.workflow.firstExecutionRunId;
    // By id and not by number: Temporal keeps the ten newest only.
    const before = new Set((await runs()).map(runId));
    await schedule.trigger(ScheduleOverlapPolicy.BUFFER_ONE);
    const action = await waitFor('the sweeper to be started', async () =>
      (await runs()).find((run) => !before.has(runId(run))),
    );
    const { workflowId, firstExecutionRunId } = action.action.workflow;
    return this.temporal.workflow.getHandle(workflowId, firstExecutionRunId).result() as Promise<SweeperReport>;
  }

  /**
   * Everything a job held is gone: Batch job, pool, and unless it can still be redriven (some task failed or never ran,
   * so that its retention has begun), what was staged, with its marker.
   */
  async expectNothingLeft(job: JobRow): Promise<void> {
    const { counts } = await this.job(job.job);
    const redrivable = counts.succeeded < counts.total;
    await waitFor(
      `nothing of job ${job.job} to be left`,
      async () => {
        const pools = (await this.poolIds()).filter((id) => id.includes(job.uid));
        const jobs = (await this.batchJobIds()).filter((id) => id.includes(job.uid));
        const staged = redrivable
          ? []
          : [...(await this.listBlobs(jobPaths(job.uid).staged)), ...(await this.listBlobs(leftoverMarker(job.uid)))];
        return pools.length + jobs.length + staged.length === 0;
      },
      30_000,
    );
  }
}

/** A job of real processes on a pool of its own; `more` overrides. */
export function shellJob(command: string, more: Partial<JobSpec> = {}): JobSpec {
  return {
    input: { kind: 'repeat', count: 4 },
    task: { commandLine: `/bin/sh -c '${command}'`, timeout: 'PT5M' },
    pool: { vmSizes: ['standard_d2s_v3'], nodes: { max: 2 }, slotsPerNode: 2 },
    ...more,
  };
}
