import { odata } from '@azure/data-tables';
import type { TableClient } from '@azure/data-tables';
import type { ClusterKey, ClusterRow, JobKey, JobProgress, JobRow, JobState } from '@windrow/contract';
import { StorageError } from './errors';
import { clusterPartition, jobPartition, jobRowKey } from './keys';
import { encodeRow, withProgress } from './row-codec';
import { isAbsent, readPage } from './table-pages';
import type { Page } from './table-pages';
import { translated } from './translate';

export interface JobQuery {
  workspace: string;
  experiment: string;
  state?: JobState;
  pageSize: number;
  pageToken?: string;
}

export interface ClusterQuery {
  workspace: string;
  pageSize: number;
  pageToken?: string;
}

type Properties = Record<string, unknown>;

/**
 * The durable read model: one table, one entity a job or cluster. Jobs are listed latest first, clusters by name.
 * Errors are {@link StorageError}s.
 */
export class Catalogue {
  constructor(private readonly table: TableClient) {}

  /** Creates the table unless it is there. */
  async ensure(): Promise<void> {
    await this.call(() => this.table.createTable());
  }

  async putJob(row: JobRow): Promise<void> {
    const key = {
      partitionKey: jobPartition(row.workspace, row.experiment),
      rowKey: jobRowKey(row.uid, row.createdTime),
    };
    await this.put(key, { state: row.state, job: row.job }, row);
  }

  /**
   * Replaces a row by what `change` makes of it, unless somebody else writes it meanwhile: an end that nobody of the
   * job itself can write any more, or the beginning of a further run. `change` may leave the row as it is.
   */
  async changeJob(
    job: JobKey & { uid: string; createdTime: string },
    change: (row: JobRow) => JobRow | undefined,
  ): Promise<'changed' | 'unchanged' | 'absent' | 'overtaken'> {
    const key = {
      partitionKey: jobPartition(job.workspace, job.experiment),
      rowKey: jobRowKey(job.uid, job.createdTime),
    };
    try {
      const entity = await this.call(() => this.table.getEntity<Properties>(key.partitionKey, key.rowKey));
      const row = change(withProgress<JobRow>(entity));
      if (!row) return 'unchanged';
      const properties = { ...key, state: row.state, ...encodeRow(row) };
      await this.call(() => this.table.updateEntity(properties, 'Merge', { etag: entity.etag }));
      return 'changed';
    } catch (error) {
      if (isAbsent(error)) return 'absent';
      if (error instanceof StorageError && error.statusCode === 412) return 'overtaken';
      throw error;
    }
  }

  /**
   * Lays progress over the row for as long as the row says that its writer is live. Row and progress are properties
   * of one entity, each merged by its own writer, so that neither overwrites the other. No row yet: nothing happens.
   */
  async putJobProgress(job: JobKey & { uid: string; createdTime: string }, progress: JobProgress): Promise<void> {
    const partitionKey = jobPartition(job.workspace, job.experiment);
    const entity = { partitionKey, rowKey: jobRowKey(job.uid, job.createdTime), progress: JSON.stringify(progress) };
    try {
      await this.call(() => this.table.updateEntity(entity, 'Merge'));
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
  }

  async getJob(key: JobKey, uid: string, createdTime: string): Promise<JobRow | undefined> {
    return this.get(jobPartition(key.workspace, key.experiment), jobRowKey(uid, createdTime));
  }

  /** @throws StorageRefusedError code `InvalidPageToken` */
  async listJobs(query: JobQuery): Promise<Page<JobRow>> {
    const state = query.state && odata` and state eq ${query.state}`;
    return this.page(jobPartition(query.workspace, query.experiment), query, state);
  }

  async deleteJob(key: JobKey, uid: string, createdTime: string): Promise<void> {
    await this.remove(jobPartition(key.workspace, key.experiment), jobRowKey(uid, createdTime));
  }

  async putCluster(row: ClusterRow): Promise<void> {
    await this.put({ partitionKey: clusterPartition(row), rowKey: row.cluster }, { state: row.state }, row);
  }

  async getCluster(key: ClusterKey): Promise<ClusterRow | undefined> {
    return this.get(clusterPartition(key), key.cluster);
  }

  /** Named clusters; ephemeral ones are never listed. @throws StorageRefusedError code `InvalidPageToken` */
  async listClusters(query: ClusterQuery): Promise<Page<ClusterRow>> {
    return this.page(clusterPartition({ workspace: query.workspace, cluster: '' }), query);
  }

  async deleteCluster(key: ClusterKey): Promise<void> {
    await this.remove(clusterPartition(key), key.cluster);
  }

  private async put(key: { partitionKey: string; rowKey: string }, columns: Properties, row: object): Promise<void> {
    const entity = { ...key, ...columns, ...encodeRow(row) };
    await this.call(() => this.table.upsertEntity(entity, 'Merge'));
  }

  private async get<T>(partitionKey: string, rowKey: string): Promise<T | undefined> {
    try {
      return withProgress<T>(await this.call(() => this.table.getEntity<Properties>(partitionKey, rowKey)));
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  private async remove(partitionKey: string, rowKey: string): Promise<void> {
    try {
      await this.call(() => this.table.deleteEntity(partitionKey, rowKey));
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
  }

  private page<T>(
    partitionKey: string,
    query: { pageSize: number; pageToken?: string },
    condition?: string,
  ): Promise<Page<T>> {
    return readPage<T>(this.table, { partitionKey, ...query, ...(condition && { condition }) }, withProgress);
  }

  private call<T>(call: () => Promise<T>): Promise<T> {
    return translated({ table: this.table.tableName }, call);
  }
}
