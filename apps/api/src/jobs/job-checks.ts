import { Injectable } from '@nestjs/common';
import {
  clusterWorkflowId,
  completePool,
  fileServerPlace,
  isApplication,
  isClusterReference,
  type JobSpec,
  type Place,
  type PoolTemplate,
  type ProgramSource,
  quotasOf,
  workspacePlace,
} from '@windrow/contract';
import { BlobStore, Catalogue } from '@windrow/storage';
import { BatchReader } from '../batch/batch-reader';
import { SupportedImages, supportErrors } from '../batch/supported-images';
import { type FieldError, InvalidRequestError, UnprocessableError } from '../common/errors';
import { Containers } from '../places/containers';
import { Places } from '../places/places';
import { ApiSettings } from '../settings';
import { WorkflowGateway } from '../workflows/workflow-gateway';
import { deadlineErrors } from './execution-rules';
import { fitErrors, priceErrors } from './pool-rules';
import { delegatedLifeErrors, specErrors } from './spec-rules';
import { TaskChecks } from './task-checks';
import { ApplicationChecks } from './application-checks';

/** Blobs looked up before a job is accepted; the plan finds what is wrong with any further ones. */
const MAX_BLOBS_CHECKED = 20;

/** Refuses what cannot work before anything is created. */
@Injectable()
export class JobChecks {
  private readonly images: SupportedImages;

  constructor(
    private readonly blobs: BlobStore,
    private readonly catalogue: Catalogue,
    private readonly workflows: WorkflowGateway,
    private readonly settings: ApiSettings,
    private readonly tasks: TaskChecks,
    private readonly applications: ApplicationChecks,
    private readonly places: Places,
    private readonly containers: Containers,
    batch: BatchReader,
  ) {
    this.images = new SupportedImages(() => batch.images());
  }

  /** @throws InvalidRequestError for what the body alone decides */
  checkBody(spec: JobSpec): void {
    const errors = specErrors(spec);
    if (errors.length > 0) throw new InvalidRequestError(errors);
  }

  /** Of a job that is new. @throws UnprocessableError for what the body names and is not there, or does not fit */
  async checkReferences(workspace: string, spec: JobSpec): Promise<void> {
    const errors = await Promise.all([
      this.poolErrors(workspace, spec),
      this.inputErrors(workspace, spec),
      this.tasks.errors(workspace, spec),
      this.programErrors(workspace, spec.task.program, '$.task.program'),
      this.programErrors(workspace, spec.gather?.kind === 'reduce' ? spec.gather.program : [], '$.gather.program'),
      this.programErrors(
        workspace,
        isClusterReference(spec.pool) ? [] : spec.pool.setupTask?.program,
        '$.pool.setupTask.program',
      ),
    ]);
    const delegated = this.settings.deployment.entraLinks ? delegatedLifeErrors(spec) : [];
    const all = [...errors.flat(), ...deadlineErrors(spec.execution?.deadline), ...delegated];
    if (all.length > 0) throw new UnprocessableError(all);
  }

  /** Of a job that is redriven, with its changes. @throws UnprocessableError: together with the job they cannot work */
  async checkRedriven(workspace: string, spec: JobSpec): Promise<void> {
    const body = specErrors(spec);
    const references = body.length > 0 ? [] : await this.poolErrors(workspace, spec);
    const delegated = this.settings.deployment.entraLinks ? delegatedLifeErrors(spec) : [];
    const all = [...body, ...references, ...deadlineErrors(spec.execution?.deadline), ...delegated];
    if (all.length > 0) throw new UnprocessableError(all);
  }

  /** What a cluster's body names. @throws UnprocessableError */
  async checkTemplate(workspace: string, template: PoolTemplate): Promise<void> {
    const program = template.setupTask?.program;
    const errors = await Promise.all([
      this.programErrors(workspace, program, '$.setupTask.program'),
      this.applications.errors(workspace, program, '$.setupTask.program'),
      this.imageErrors(template, '$.image'),
      this.mountErrors(workspace, template, '$.mounts'),
      this.quotaErrors(workspace, template, '$'),
    ]);
    if (errors.flat().length > 0) throw new UnprocessableError(errors.flat());
  }

  private async poolErrors(workspace: string, spec: JobSpec): Promise<FieldError[]> {
    const pool = completePool(spec);
    const { prices } = this.settings.deployment;
    if (!isClusterReference(pool)) {
      const missing = await this.mountErrors(workspace, pool, '$.pool.mounts');
      const quota = await this.quotaErrors(workspace, pool, '$.pool');
      return [
        ...priceErrors(spec, pool, prices),
        ...missing,
        ...quota,
        ...(await this.imageErrors(pool, '$.pool.image')),
      ];
    }
    const found = await this.clusterTemplate(workspace, pool.cluster);
    if ('refusal' in found) return [found.refusal];
    if (!found.template) return [];
    return [
      ...fitErrors(spec, found.template, `cluster '${pool.cluster}'`),
      ...priceErrors(spec, found.template, prices),
    ];
  }

  private async clusterTemplate(
    workspace: string,
    cluster: string,
  ): Promise<{ template: PoolTemplate | undefined } | { refusal: FieldError }> {
    const refuse = (code: string, message: string) => ({ refusal: { path: '$.pool.cluster', code, message } });
    const row = await this.catalogue.getCluster({ workspace, cluster });
    if (row?.state === 'deleting') return refuse('ClusterDeleting', `'${cluster}' is being deleted`);
    if (row && row.state !== 'deleted') return { template: row.template };
    // A cluster created a moment ago has no row yet; its workflow already knows what matters here.
    const workflow = await this.workflows.describe(clusterWorkflowId({ workspace, cluster }));
    if (workflow?.status === 'running') return { template: workflow.memo.template };
    return refuse('ClusterNotFound', `names no cluster of workspace '${workspace}': '${cluster}'`);
  }

  private async mountErrors(workspace: string, { mounts = [] }: PoolTemplate, path: string): Promise<FieldError[]> {
    const errors = await Promise.all(
      mounts.map(async ({ fileServer }, n): Promise<FieldError[]> => {
        const state = (await this.places.find(fileServerPlace({ workspace, fileServer })))?.value.provisioningState;
        const at = `${path}[${n}].fileServer`;
        if (state === 'succeeded') return [];
        if (state) return [{ path: at, code: 'FileServerDeleting', message: `'${fileServer}' is being deleted` }];
        const message = `names no file server of workspace '${workspace}': '${fileServer}'`;
        return [{ path: at, code: 'FileServerNotFound', message }];
      }),
    );
    return errors.flat();
  }

  /** What a formula asks for nobody can bound from outside. */
  private async quotaErrors(workspace: string, pool: PoolTemplate, path: string): Promise<FieldError[]> {
    if (pool.autoscaleFormula === undefined) return [];
    const place = await this.places.find<Place>(workspacePlace(workspace));
    const { nodes } = place ? quotasOf(place.value, this.settings.deployment.defaultQuotas) : {};
    if (nodes === undefined) return [];
    const message = `cannot be used in workspace '${workspace}', which has a quota of ${nodes} nodes. Leave it out: Windrow then sizes the pool within the quota`;
    return [{ path: `${path}.autoscaleFormula`, code: 'WorkspaceQuota', message }];
  }

  private async imageErrors({ image }: PoolTemplate, path: string): Promise<FieldError[]> {
    const supported = image && (await this.images.get());
    return supported ? supportErrors(image, path, supported) : [];
  }

  private async inputErrors(workspace: string, { input }: JobSpec): Promise<FieldError[]> {
    if (!('container' in input)) return [];
    const { container } = input;
    // The worker reads in its own name: for a job there are no containers of other workspaces, nor those of Windrow.
    if (!(await this.containers.isThere(container, workspace)))
      return [containerMissing(container, '$.input.container')];
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

  private async programErrors(workspace: string, program: ProgramSource[] = [], path: string): Promise<FieldError[]> {
    const containers = [...new Set(program.flatMap((source) => (isApplication(source) ? [] : [source.container])))];
    const exist = await Promise.all(containers.map((container) => this.containers.isThere(container, workspace)));
    const missing = new Set(containers.filter((_, n) => !exist[n]));
    return program.flatMap((source, n) =>
      !isApplication(source) && missing.has(source.container)
        ? [containerMissing(source.container, `${path}[${n}].container`)]
        : [],
    );
  }
}

function containerMissing(container: string, path: string): FieldError {
  return { path, code: 'ContainerNotFound', message: `names no container of the storage account: '${container}'` };
}
