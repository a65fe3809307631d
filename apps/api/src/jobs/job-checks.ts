import { Injectable } from '@nestjs/common';
import {
  clusterWorkflowId,
  isApplication,
  isClusterReference,
  type JobSpec,
  type PoolTemplate,
  type ProgramSource,
  slotsPerNode,
} from '@windrow/contract';
import { BlobStore, Catalogue } from '@windrow/storage';
import { type FieldError, InvalidRequestError, UnprocessableError } from '../common/errors';
import { WorkflowGateway } from '../workflows/workflow-gateway';
import { slotErrors, specErrors } from './spec-rules';
import { TaskChecks } from './task-checks';
import { clusterKindErrors } from './task-rules';

/** Blobs looked up before a job is accepted; the plan finds what is wrong with any further ones. */
const MAX_BLOBS_CHECKED = 20;

/** Refuses what cannot work before anything is created. */
@Injectable()
export class JobChecks {
  constructor(
    private readonly blobs: BlobStore,
    private readonly catalogue: Catalogue,
    private readonly workflows: WorkflowGateway,
    private readonly tasks: TaskChecks,
  ) {}

  /** @throws InvalidRequestError for what the body alone decides */
  checkBody(spec: JobSpec): void {
    const errors = specErrors(spec);
    if (errors.length > 0) throw new InvalidRequestError(errors);
  }

  /** @throws UnprocessableError for what the body names and is not there, or does not fit */
  async checkReferences(workspace: string, spec: JobSpec): Promise<void> {
    const errors = await Promise.all([
      this.clusterErrors(workspace, spec),
      this.inputErrors(spec),
      this.tasks.errors(spec),
      this.programErrors(spec.task.program, '$.task.program'),
      this.programErrors(spec.gather?.kind === 'reduce' ? spec.gather.program : [], '$.gather.program'),
      this.programErrors(isClusterReference(spec.pool) ? [] : spec.pool.setupTask?.program, '$.pool.setupTask.program'),
    ]);
    const all = errors.flat();
    if (all.length > 0) throw new UnprocessableError(all);
  }

  /** Programs of a cluster's set-up task. @throws UnprocessableError */
  async checkPrograms(program: ProgramSource[] | undefined, path: string): Promise<void> {
    const errors = [
      ...(await this.programErrors(program, path)),
      ...(await this.tasks.applicationErrors(program, path)),
    ];
    if (errors.length > 0) throw new UnprocessableError(errors);
  }

  private async clusterErrors(workspace: string, spec: JobSpec): Promise<FieldError[]> {
    if (!isClusterReference(spec.pool)) return [];
    const { cluster } = spec.pool;
    const refusal = (code: string, message: string): FieldError[] => [{ path: '$.pool.cluster', code, message }];
    const row = await this.catalogue.getCluster({ workspace, cluster });
    if (row?.state === 'deleting') return refusal('ClusterDeleting', `'${cluster}' is being deleted`);
    if (row && row.state !== 'deleted') return fitErrors(spec, row.template);
    // A cluster created a moment ago has no row yet; its workflow already knows what matters here.
    const workflow = await this.workflows.describe(clusterWorkflowId({ workspace, cluster }));
    if (workflow?.status !== 'running') {
      return refusal('ClusterNotFound', `names no cluster of workspace '${workspace}': '${cluster}'`);
    }
    return workflow.memo.template ? fitErrors(spec, workflow.memo.template) : [];
  }

  private async inputErrors({ input }: JobSpec): Promise<FieldError[]> {
    if (!('container' in input)) return [];
    const { container } = input;
    if (!(await this.blobs.containerExists(container))) return [containerMissing(container, '$.input.container')];
    if (input.kind === 'manifest') return this.blobErrors(container, [input.blob], () => '$.input.blob');
    if (input.kind !== 'rows') return [];
    return this.blobErrors(container, input.blobs.slice(0, MAX_BLOBS_CHECKED), (n) => `$.input.blobs[${n}]`);
  }

  private async blobErrors(container: string, blobs: string[], path: (n: number) => string): Promise<FieldError[]> {
    const found = await Promise.all(blobs.map((blob) => this.blobs.properties(container, blob)));
    return blobs.flatMap((blob, n) =>
      found[n] ? [] : [{ path: path(n), code: 'BlobNotFound', message: `names no blob of '${container}': '${blob}'` }],
    );
  }

  private async programErrors(program: ProgramSource[] = [], path: string): Promise<FieldError[]> {
    const containers = [...new Set(program.flatMap((source) => (isApplication(source) ? [] : [source.container])))];
    const exist = await Promise.all(containers.map((container) => this.blobs.containerExists(container)));
    const missing = new Set(containers.filter((_, n) => !exist[n]));
    return program.flatMap((source, n) =>
      !isApplication(source) && missing.has(source.container)
        ? [containerMissing(source.container, `${path}[${n}].container`)]
        : [],
    );
  }
}

function fitErrors(spec: JobSpec, template: PoolTemplate): FieldError[] {
  return [...slotErrors(spec, slotsPerNode(template)), ...clusterKindErrors(spec, template)];
}

function containerMissing(container: string, path: string): FieldError {
  return { path, code: 'ContainerNotFound', message: `names no container of the storage account: '${container}'` };
}
