import { Injectable } from '@nestjs/common';
import { jobFacts, type JobKey, type JobRow, type JobSpec } from '@windrow/contract';
import { Catalogue, fingerprint, JobRecords, type NameRecord } from '@windrow/storage';
import { ConflictError } from '../common/errors';
import { randomUid, sortableName } from '../common/ids';
import { Scopes } from '../places/scopes';
import { WorkflowGateway } from '../workflows/workflow-gateway';
import { JobAdmissions } from './job-admissions';
import { JobChecks } from './job-checks';
import { deletingJob, JobReader, newRow } from './job-reader';

export interface Created {
  row: JobRow;
  /** False when the job had been there before. */
  created: boolean;
}

/**
 * Creates jobs so that any step may be the last before a crash: specification, name record, start of the workflow.
 * The start is the commit point; whoever asks for the same job again completes what is missing.
 */
@Injectable()
export class JobCreator {
  constructor(
    private readonly records: JobRecords,
    private readonly reader: JobReader,
    private readonly workflows: WorkflowGateway,
    private readonly checks: JobChecks,
    private readonly scopes: Scopes,
    private readonly catalogue: Catalogue,
    private readonly admissions: JobAdmissions,
  ) {}

  /**
   * @throws ConflictError JobExists when the name belongs to another body; JobDeleting, ExperimentDeleting,
   * WorkspaceDeleting
   */
  async createNamed(key: JobKey, spec: JobSpec): Promise<Created> {
    this.checks.checkBody(spec);
    const specHash = fingerprint(spec);
    const [known] = await Promise.all([this.records.find(key), this.scopes.openWorkspace(key.workspace)]);
    if (known) return this.same(key, spec, known, specHash);

    const record = await this.prepare(key, spec, specHash);
    await this.records.writeSpec(key.workspace, record.uid, spec);
    if (await this.records.claim(key, record)) return this.start(key, spec, record);

    await this.records.deleteSpec(key.workspace, record.uid);
    const winner = await this.records.find(key);
    if (!winner) throw deletingJob(key);
    return this.same(key, spec, winner, specHash);
  }

  /** Names the job itself. @throws ConflictError IdempotencyKeyReused when the key belongs to another body */
  async createUnnamed(scope: Omit<JobKey, 'job'>, spec: JobSpec, idempotencyKey?: string): Promise<Created> {
    if (idempotencyKey === undefined) return this.createFresh(scope, spec);
    return this.createNamed({ ...scope, job: await this.nameOf(scope, spec, idempotencyKey) }, spec);
  }

  /** Under a name that nobody knows yet: who dies halfway leaves nothing that anybody could ask for again. */
  private async createFresh(scope: Omit<JobKey, 'job'>, spec: JobSpec): Promise<Created> {
    this.checks.checkBody(spec);
    await this.scopes.openWorkspace(scope.workspace);
    for (;;) {
      const key = { ...scope, job: sortableName(Date.now()) };
      const record = await this.prepare(key, spec, fingerprint(spec));
      const [isOurs] = await Promise.all([
        this.records.claim(key, record),
        this.records.writeSpec(key.workspace, record.uid, spec),
      ]);
      if (isOurs) return this.start(key, spec, record);
      await this.records.deleteSpec(key.workspace, record.uid);
    }
  }

  /** Of a job that is new: what it needs is there, and there is room for it. */
  private async prepare(key: JobKey, spec: JobSpec, specHash: string): Promise<NameRecord> {
    await this.checks.checkReferences(key.workspace, spec);
    await this.scopes.openExperiment(key);
    const record = { uid: randomUid(), specHash, createdTime: new Date().toISOString() };
    await this.admissions.reserve(key, record.uid, spec);
    return record;
  }

  /** The name that this key stands for, now and whenever it comes again. */
  private async nameOf(scope: Omit<JobKey, 'job'>, spec: JobSpec, idempotencyKey: string): Promise<string> {
    const { workspace, experiment } = scope;
    const job = sortableName(Date.now());
    const specHash = fingerprint(spec);
    let known = await this.records.findKey(workspace, experiment, idempotencyKey);
    if (!known) {
      // Checked first: a body that is refused must not use up the key.
      this.checks.checkBody(spec);
      await this.scopes.openWorkspace(workspace);
      await this.checks.checkReferences(workspace, spec);
      if (await this.records.claimKey(workspace, experiment, idempotencyKey, { job, specHash })) return job;
      known = await this.records.findKey(workspace, experiment, idempotencyKey);
    }
    if (known?.specHash === specHash) return known.job;
    throw new ConflictError('IdempotencyKeyReused', 'This Idempotency-Key was used with another body.');
  }

  private async same(key: JobKey, spec: JobSpec, record: NameRecord, specHash: string): Promise<Created> {
    if (record.deleting) throw deletingJob(key);
    if (record.specHash !== specHash) {
      throw new ConflictError('JobExists', `Job '${key.job}' exists with another body.`, { uid: record.uid });
    }
    const row = await this.reader.catalogued(key, record);
    return row ? { row, created: false } : this.start(key, spec, record);
  }

  private async start(key: JobKey, spec: JobSpec, record: NameRecord): Promise<Created> {
    const { uid, createdTime } = record;
    const { workspace, experiment, job } = key;
    const outcome = await this.workflows.startJob({ workspace, experiment, job, uid, createdTime }, jobFacts(spec));
    if (outcome === 'exists') {
      const row = await this.reader.row(key, record);
      if (row) return { row, created: false };
    }
    const row = newRow(key, record, spec);
    // So that it is found by its labels at once. The job runs all the same, and its plan brings them.
    if (spec.labels ?? spec.displayName) await this.catalogue.introduceJob(row).catch(() => undefined);
    return { row, created: outcome === 'started' };
  }
}
