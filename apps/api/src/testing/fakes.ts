import { Readable } from 'node:stream';
import type {
  AdmitRequest,
  ClusterInput,
  ClusterKey,
  ClusterRow,
  DeletionInput,
  JobFacts,
  JobInput,
  JobKey,
  JobRow,
  OwnerNote,
  PlanResult,
  WebhookInput,
} from '@windrow/contract';
import type { BatchAccountFacts } from '@windrow/batch';
import { clusterWorkflowId, jobWorkflowId } from '@windrow/contract';
import { Catalogue, type ClusterQuery, type JobQuery, LinkMinter, type Page } from '@windrow/storage';
import {
  type AttemptKey,
  BatchReader,
  type ByteRange,
  type LiveTask,
  type NodeFile,
  type PoolFacts,
} from '../batch/batch-reader';
import type { SupportedImage } from '../batch/supported-images';
import { FakeSchedules } from './fake-schedules';
import {
  type ClusterMemo,
  type WorkflowFacts,
  WorkflowGateway,
  WorkflowMissingError,
} from '../workflows/workflow-gateway';

export class FakeWorkflows extends WorkflowGateway {
  readonly schedules = new FakeSchedules();
  readonly workflows = new Map<string, WorkflowFacts>();
  readonly started: { id: string; input: JobInput | ClusterInput; facts?: JobFacts }[] = [];
  readonly webhooks: WebhookInput[] = [];
  readonly deletions: DeletionInput[] = [];
  readonly cancelled: string[] = [];
  readonly updates: { id: string; name: string; arg?: object }[] = [];
  /** Each thrown once, by the next start, update, plan or check. */
  failures: Error[] = [];
  plans = new Map<string, PlanResult>();
  planned: PlanResult | undefined;

  async startJob(input: JobInput, facts: JobFacts): Promise<'started' | 'exists'> {
    return this.start(jobWorkflowId(input), input, { uid: input.uid }, input.redrive === undefined, facts);
  }

  async startCluster(input: ClusterInput, memo: ClusterMemo): Promise<'started' | 'exists'> {
    return this.start(clusterWorkflowId(input), input, memo, false);
  }

  async startDeletion(input: DeletionInput): Promise<void> {
    this.failOnce();
    this.deletions.push(input);
  }

  async startWebhook(input: WebhookInput): Promise<void> {
    this.failOnce();
    this.webhooks.push(input);
  }

  async describe(workflowId: string): Promise<WorkflowFacts | undefined> {
    return this.workflows.get(workflowId);
  }

  async cancel(workflowId: string): Promise<'requested' | 'closed'> {
    this.cancelled.push(workflowId);
    return this.workflows.get(workflowId)?.status === 'running' ? 'requested' : 'closed';
  }

  async update(id: string, name: string, arg?: object): Promise<void> {
    this.failOnce();
    if (this.workflows.get(id)?.status !== 'running') throw new WorkflowMissingError(id);
    this.updates.push({ id, name, ...(arg ? { arg } : {}) });
  }

  counts = { running: 0, queued: 0 };

  async countJobs(): Promise<{ running: number; queued: number }> {
    return this.counts;
  }

  readonly admitted: { workspace: string; request: AdmitRequest }[] = [];

  async admit(workspace: string, request: AdmitRequest): Promise<void> {
    this.failOnce();
    this.admitted.push({ workspace, request });
  }

  async plan(): Promise<PlanResult> {
    this.failOnce();
    if (!this.planned) throw new Error('no plan was prepared');
    return this.planned;
  }

  async check(): Promise<void> {
    this.failOnce();
  }

  pageOf(workflowId: string): string | undefined {
    return `http://temporal.test/${encodeURIComponent(workflowId)}`;
  }

  end(workflowId: string, status: WorkflowFacts['status']): void {
    const found = this.workflows.get(workflowId);
    if (found) this.workflows.set(workflowId, { ...found, status, closeTime: '2026-01-15T10:00:00.000Z' });
  }

  private start(
    id: string,
    input: JobInput | ClusterInput,
    memo: ClusterMemo,
    once: boolean,
    facts?: JobFacts,
  ): 'started' | 'exists' {
    this.failOnce();
    const known = this.workflows.get(id);
    const isSame = once && known?.memo.uid === memo.uid;
    if (known && (isSame || known.status === 'running')) return 'exists';
    this.workflows.set(id, { status: 'running', startTime: '2026-01-15T09:00:00.000Z', memo });
    this.started.push({ id, input, ...(facts ? { facts } : {}) });
    return 'started';
  }

  private failOnce(): void {
    const failure = this.failures.shift();
    if (failure) throw failure;
  }
}

export class MemoryCatalogue extends Catalogue {
  readonly jobs = new Map<string, JobRow>();
  readonly clusters = new Map<string, ClusterRow>();
  failure: Error | undefined;

  constructor() {
    super(undefined as never);
  }

  override async ensure(): Promise<void> {
    if (this.failure) throw this.failure;
  }

  override async putJob(row: JobRow): Promise<void> {
    this.jobs.set(jobWorkflowId(row), row);
  }

  override async changeJob(
    job: JobKey & { uid: string },
    change: (row: JobRow) => JobRow | undefined,
  ): Promise<'changed' | 'unchanged' | 'absent' | 'overtaken'> {
    const known = await this.getJob(job, job.uid);
    const row = known && change(known);
    if (row) this.jobs.set(jobWorkflowId(row), row);
    if (!known) return 'absent';
    return row ? 'changed' : 'unchanged';
  }

  override async getJob(key: JobKey, uid: string): Promise<JobRow | undefined> {
    const row = this.jobs.get(jobWorkflowId(key));
    return row?.uid === uid ? row : undefined;
  }

  override async introduceJob(row: JobRow): Promise<void> {
    if (!(await this.getJob(row, row.uid))) this.jobs.set(jobWorkflowId(row), row);
  }

  override async markJobDeleting(job: JobKey & { uid: string }): Promise<void> {
    const known = await this.getJob(job, job.uid);
    if (known) this.jobs.set(jobWorkflowId(job), { ...known, deleting: true });
  }

  override async noteJob(job: JobKey & { uid: string }, change: (row: JobRow) => OwnerNote): Promise<boolean> {
    const known = this.jobs.get(jobWorkflowId(job));
    if (known?.uid !== job.uid) return false;
    this.jobs.set(jobWorkflowId(job), noted(known, change(known)));
    return true;
  }

  override async listJobs(query: JobQuery): Promise<Page<JobRow>> {
    const { workspace, experiment, states, labels = [], pageSize, pageToken } = query;
    const { createdAfter = '', createdBefore = '~' } = query;
    const all = [...this.jobs.values()].filter(
      (row) =>
        row.workspace === workspace &&
        row.experiment === experiment &&
        (!states || states.includes(row.state)) &&
        labels.every(({ label, value }) => row.labels[label] === value) &&
        row.createdTime > createdAfter &&
        row.createdTime < createdBefore,
    );
    const from = Number(pageToken ?? 0);
    const more = from + pageSize < all.length ? { nextPageToken: String(from + pageSize) } : {};
    return { rows: all.slice(from, from + pageSize), ...more };
  }

  override async putCluster(row: ClusterRow): Promise<void> {
    this.clusters.set(clusterWorkflowId(row), row);
  }

  override async getCluster(key: ClusterKey): Promise<ClusterRow | undefined> {
    return this.clusters.get(clusterWorkflowId(key));
  }

  override async noteCluster(key: ClusterKey, change: (row: ClusterRow) => OwnerNote): Promise<boolean> {
    // Nothing is waited for between the look and the write, as there are versions in the real one.
    const known = this.clusters.get(clusterWorkflowId(key));
    if (known) await this.putCluster(noted(known, change(known)));
    return known !== undefined;
  }

  override async listClusters({ workspace }: ClusterQuery): Promise<Page<ClusterRow>> {
    return { rows: [...this.clusters.values()].filter((row) => row.workspace === workspace) };
  }
}

function noted<T extends { displayName?: string }>(row: T, { displayName, labels }: OwnerNote): T {
  const { displayName: _before, ...rest } = row;
  return { ...rest, ...(displayName !== null && { displayName }), labels } as unknown as T;
}

export class FakeLinks extends LinkMinter {
  constructor() {
    super(undefined as never, undefined as never);
  }

  override async blobUrl(container: string, blob: string, _permissions: object, ttlMs: number): Promise<string> {
    return `https://blobs.test/${container}/${blob}?ttl=${ttlMs / 60_000}`;
  }
}

/** Batch as a list of tasks and a map of files by `wave/index/path`. */
export class FakeBatch extends BatchReader {
  presentWaves: number[] = [];
  tasks: LiveTask[] = [];
  readonly nodeFiles = new Map<string, string>();
  supported: SupportedImage[] = [];

  async waves(): Promise<number[]> {
    return this.presentWaves;
  }

  async task({ wave, index }: AttemptKey): Promise<LiveTask | undefined> {
    return this.tasks.find((task) => task.wave === wave && task.index === index);
  }

  async range(_uid: string, wave: number, first: number, last: number): Promise<LiveTask[]> {
    return this.tasks.filter((task) => task.wave === wave && task.index >= first && task.index <= last);
  }

  async page(_uid: string, wave: number, state: string, { size, cursor }: { size: number; cursor?: string }) {
    const all = this.tasks.filter((task) => task.wave === wave && task.state === state);
    const from = Number(cursor ?? 0);
    const more = from + size < all.length ? { cursor: String(from + size) } : {};
    return { tasks: all.slice(from, from + size), ...more };
  }

  async files({ wave, index }: AttemptKey): Promise<NodeFile[] | undefined> {
    const prefix = `${wave}/${index}/`;
    const names = [...this.nodeFiles.keys()].filter((name) => name.startsWith(prefix));
    if (names.length === 0) return undefined;
    return names.map((name) => ({ path: name.slice(prefix.length), bytes: this.nodeFiles.get(name)?.length ?? 0 }));
  }

  async file(key: AttemptKey, path: string): Promise<NodeFile | undefined> {
    return (await this.files(key))?.find((file) => file.path === path);
  }

  async read({ wave, index }: AttemptKey, path: string, { offset, count }: ByteRange): Promise<Readable | undefined> {
    const text = this.nodeFiles.get(`${wave}/${index}/${path}`);
    return text === undefined ? undefined : Readable.from([Buffer.from(text).subarray(offset, offset + count)]);
  }

  async images(): Promise<SupportedImage[]> {
    return this.supported;
  }

  readonly pooled: PoolFacts[] = [];
  managed: BatchAccountFacts | undefined;

  async pools(): Promise<PoolFacts[]> {
    return this.pooled;
  }

  readonly packaged: { pool: string; application: string; version: string }[] = [];

  async poolsWithPackage(application: string, version?: string): Promise<string[]> {
    const users = this.packaged.filter((one) => one.application === application);
    return users.filter((one) => (version ?? one.version) === one.version).map(({ pool }) => pool);
  }

  async activeJobs(): Promise<number> {
    return 7;
  }

  async account(): Promise<BatchAccountFacts | undefined> {
    return this.managed;
  }

  readonly applications = new Map<string, string[]>();

  async applicationVersions(application: string): Promise<string[] | undefined> {
    return this.applications.get(application);
  }

  async check(): Promise<void> {}
}
