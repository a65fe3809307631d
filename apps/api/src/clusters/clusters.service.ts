import { Injectable } from '@nestjs/common';
import {
  type ClusterKey,
  type ClusterRow,
  clusterWorkflowId,
  type PoolTemplate,
  type ResizeRequest,
} from '@windrow/contract';
import { Catalogue, fingerprint } from '@windrow/storage';
import { ConflictError, InvalidRequestError, NotFoundError } from '../common/errors';
import { changedNote, type NoteChange } from '../common/owner-note';
import { etagOf, type TagCondition } from '../http/etags';
import { nameOfKey, randomUid, sortableName } from '../common/ids';
import { JobChecks } from '../jobs/job-checks';
import { Scopes } from '../places/scopes';
import { nodesErrors, templateErrors } from '../jobs/pool-rules';
import {
  type ClusterMemo,
  UpdateRefusedError,
  WorkflowGateway,
  WorkflowMissingError,
} from '../workflows/workflow-gateway';

export interface ClusterSpec extends PoolTemplate {
  displayName?: string;
  labels?: Record<string, string>;
}

export interface ClusterChange extends NoteChange {
  nodes?: { min?: number; max?: number };
}

export interface CreatedCluster {
  row: ClusterRow;
  created: boolean;
}

/**
 * Clusters are their workflows: the start is the one step of creation, and the memo beside it says what was asked
 * for. So nothing can be left over by a crash, and a name is free again when its cluster has ended.
 */
@Injectable()
export class ClustersService {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly workflows: WorkflowGateway,
    private readonly checks: JobChecks,
    private readonly scopes: Scopes,
  ) {}

  /** @throws ConflictError ClusterExists, ClusterDeleting */
  async createNamed(key: ClusterKey, spec: ClusterSpec): Promise<CreatedCluster> {
    const errors = templateErrors(spec, '$');
    if (errors.length > 0) throw new InvalidRequestError(errors);
    await this.scopes.openWorkspace(key.workspace);
    const known = await this.running(key);
    if (known) return this.same(key, spec, known);

    await this.checks.checkTemplate(key.workspace, spec);
    const { displayName, labels, ...template } = spec;
    const facts = {
      uid: randomUid(),
      createdTime: new Date().toISOString(),
      template,
      ...(displayName ? { displayName } : {}),
      ...(labels ? { labels } : {}),
    };
    const memo = { ...facts, specHash: fingerprint(spec) };
    const outcome = await this.workflows.startCluster({ ...keyOf(key), ...facts, ephemeral: false }, memo);
    if (outcome === 'started') return { row: newRow(key, memo), created: true };
    return this.same(key, spec, (await this.running(key)) ?? {});
  }

  /** Names the cluster itself; the same idempotency key always gives the same name. */
  async createUnnamed(workspace: string, spec: ClusterSpec, idempotencyKey?: string): Promise<CreatedCluster> {
    const cluster = idempotencyKey === undefined ? sortableName(Date.now()) : nameOfKey('c', idempotencyKey);
    return this.createNamed({ workspace, cluster }, spec);
  }

  /** @throws NotFoundError ClusterNotFound */
  async get(key: ClusterKey): Promise<ClusterRow> {
    const row = await this.catalogue.getCluster(key);
    if (row && row.state !== 'deleted') return row;
    const memo = await this.running(key);
    if (memo?.template) return newRow(key, memo);
    throw notFound(key);
  }

  async list(workspace: string, page: { pageSize: number; pageToken?: string }) {
    return this.catalogue.listClusters({ workspace, ...page });
  }

  /** @param path of the nodes in the request's body */
  async resize(key: ClusterKey, request: ResizeRequest, path = '$'): Promise<ClusterRow> {
    const errors = nodesErrors(request, path);
    if (errors.length > 0) throw new InvalidRequestError(errors);
    await this.update(key, 'resize', request);
    return this.get(key);
  }

  /** @throws NotFoundError; PreconditionFailedError; InvalidRequestError; ConflictError ClusterRefused, ClusterStarting */
  async change(key: ClusterKey, { nodes, ...note }: ClusterChange, ifMatch?: TagCondition): Promise<ClusterRow> {
    const row = await this.get(key);
    ifMatch?.check(tagOf(row));
    // Before anything is changed: the labels may become too many.
    changedNote(row, note);
    const { min = 0, max } = row.template.nodes;
    if (nodes) await this.resize(key, { min, max, ...nodes }, '$.nodes');
    // In the very version that is written over; other nodes are another version already.
    const noted = (now: ClusterRow) => {
      if (!nodes) ifMatch?.check(tagOf(now));
      return changedNote(now, note);
    };
    if (Object.keys(note).length > 0 && !(await this.catalogue.noteCluster(key, noted))) {
      throw new ConflictError('ClusterStarting', `Cluster '${key.cluster}' is only just being made. Try again.`);
    }
    return this.get(key);
  }

  async delete(key: ClusterKey, ifMatch?: TagCondition): Promise<void> {
    if (ifMatch) ifMatch.check(tagOf(await this.get(key)));
    await this.update(key, 'delete');
  }

  private async update(key: ClusterKey, name: 'resize' | 'delete', arg?: object): Promise<void> {
    try {
      await this.workflows.update(clusterWorkflowId(key), name, arg);
    } catch (error) {
      if (error instanceof WorkflowMissingError) throw notFound(key);
      if (error instanceof UpdateRefusedError) throw new ConflictError('ClusterRefused', error.message);
      throw error;
    }
  }

  private async running(key: ClusterKey): Promise<ClusterMemo | undefined> {
    const workflow = await this.workflows.describe(clusterWorkflowId(key));
    return workflow?.status === 'running' ? workflow.memo : undefined;
  }

  private async same(key: ClusterKey, spec: ClusterSpec, memo: ClusterMemo): Promise<CreatedCluster> {
    const row = await this.catalogue.getCluster(key);
    if (row?.state === 'deleting') {
      throw new ConflictError(
        'ClusterDeleting',
        `Cluster '${key.cluster}' is being deleted; its name is free after that.`,
      );
    }
    if (memo.specHash !== fingerprint(spec)) {
      throw new ConflictError('ClusterExists', `Cluster '${key.cluster}' exists with another body.`);
    }
    return { row: row && row.state !== 'deleted' ? row : newRow(key, memo), created: false };
  }
}

/** Of what its owner decides: nodes that come and go make no other version. */
export function tagOf({ displayName, labels, template, createdTime, state }: ClusterRow): string {
  return etagOf({ displayName, labels, template, createdTime, deleting: state === 'deleting' });
}

/** A cluster as it stands between its start and the first row the worker writes. */
function newRow(key: ClusterKey, memo: ClusterMemo): ClusterRow {
  const {
    template = { vmSizes: [], nodes: { max: 0 } },
    displayName,
    labels,
    createdTime = new Date(0).toISOString(),
  } = memo;
  return {
    ...keyOf(key),
    ...(displayName ? { displayName } : {}),
    ...(labels ? { labels } : {}),
    template,
    state: 'steady',
    poolId: '',
    vmSize: template.vmSizes[0] ?? '',
    nodes: { target: 0, current: 0, usable: 0, failed: 0 },
    leases: [],
    queued: [],
    createdTime,
    updatedTime: createdTime,
  };
}

function keyOf({ workspace, cluster }: ClusterKey): ClusterKey {
  return { workspace, cluster };
}

function notFound({ workspace, cluster }: ClusterKey): NotFoundError {
  return new NotFoundError('ClusterNotFound', `There is no cluster '${cluster}' in workspace '${workspace}'.`);
}
