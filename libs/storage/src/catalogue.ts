import { odata } from '@azure/data-tables';
import type { TableClient } from '@azure/data-tables';
import type { ClusterKey, ClusterRow, JobKey, JobProgress, JobRow, JobState, OwnerNote } from '@windrow/contract';
import { StorageError } from './errors';
import { indexOf, JobEntities, keyOf } from './job-entity';
import type { JobRef } from './job-entity';
import { after, allOf, anyOf, indexCursor } from './job-listing';
import { AFTER_JOBS, clusterPartition, FIRST_JOB, jobPartition, labelIndex, stateIndex, timeKey } from './keys';
import { Lanes } from './lanes';
import { encodeNote, encodeRow, noteOf, rowOf } from './row-codec';
import { decodeToken, encodeToken, isAbsent, readPage } from './table-pages';
import type { Page } from './table-pages';
import { translated } from './translate';

export interface JobQuery {
  workspace: string;
  experiment: string;
  /** In one of these. */
  states?: JobState[];
  /** With all of these. */
  labels?: { label: string; value: string }[];
  /** Both exclusive (ISO 8601). */
  createdAfter?: string;
  createdBefore?: string;
  pageSize: number;
  pageToken?: string;
}

export interface ClusterQuery {
  workspace: string;
  pageSize: number;
  pageToken?: string;
}

type Properties = Record<string, unknown>;

/** Rows that are read side by side for a page of a filtered listing. */
const READ_LANES = 16;

/**
 * The durable read model: one table, one entity a job or cluster. Jobs are listed latest first, clusters by name. A job
 * has index rows beside its own, by state and by label, so that a listing by them reads no others.
 * Errors are {@link StorageError}s.
 */
export class Catalogue {
  private readonly entities: JobEntities;

  constructor(private readonly table: TableClient) {
    this.entities = new JobEntities(table);
  }

  /** Creates the table unless it is there. */
  async ensure(): Promise<void> {
    await this.call(() => this.table.createTable());
  }

  /** The row as the job's workflow has it. What its owner noted stays, and so does progress. */
  async putJob(row: JobRow): Promise<void> {
    await this.entities.write(row, (known) => {
      const labels = (known && noteOf(known.properties)?.labels) ?? row.labels;
      return { properties: { job: row.job, ...encodeRow(row) }, index: indexOf({ ...row, labels }) };
    });
  }

  /** The first row of a job, with what its owner calls it; where its workflow was faster, only the latter. */
  async introduceJob(row: JobRow): Promise<void> {
    const { displayName = null, labels } = row;
    const note = encodeNote({ displayName, labels });
    await this.entities.write(row, (known) => {
      if (!known) return { properties: { job: row.job, ...encodeRow(row), ...note }, index: indexOf(row) };
      if (noteOf(known.properties)) return undefined;
      return { properties: note, index: indexOf({ ...rowOf<JobRow>(known.properties), labels }) };
    });
  }

  /** From now on the row says so. No row: nothing happens. */
  async markJobDeleting(job: JobRef): Promise<void> {
    await this.merge({ ...keyOf(job), deleting: true });
  }

  /**
   * Replaces a row by what `change` makes of it, unless somebody else writes it meanwhile: an end that nobody of the
   * job itself can write any more, or the beginning of a further run. `change` may leave the row as it is.
   */
  async changeJob(
    job: JobRef,
    change: (row: JobRow) => JobRow | undefined,
  ): Promise<'changed' | 'unchanged' | 'absent' | 'overtaken'> {
    const known = await this.entities.read(job);
    if (!known) return 'absent';
    const row = change(rowOf<JobRow>(known.properties));
    if (!row) return 'unchanged';
    const written = await this.entities.tryWrite(job, known, { properties: encodeRow(row), index: indexOf(row) });
    return written ? 'changed' : 'overtaken';
  }

  /** What the owner calls the job from now on, whatever its workflow writes. False: it has no row. */
  async noteJob(job: JobRef, change: (row: JobRow) => OwnerNote): Promise<boolean> {
    let there = false;
    await this.entities.write(job, (known) => {
      there = known !== undefined;
      if (!known) return undefined;
      const row = rowOf<JobRow>(known.properties);
      const note = change(row);
      return { properties: encodeNote(note), index: indexOf({ ...row, ...note }) };
    });
    return there;
  }

  /**
   * Lays progress over the row for as long as the row says that its writer is live. Row and progress are properties
   * of one entity, each merged by its own writer, so that neither overwrites the other. No row yet: nothing happens.
   */
  async putJobProgress(job: JobRef, progress: JobProgress): Promise<void> {
    await this.merge({ ...keyOf(job), progress: JSON.stringify(progress) });
  }

  async getJob(key: JobKey, uid: string, createdTime: string): Promise<JobRow | undefined> {
    const { partitionKey, rowKey } = keyOf({ ...key, uid, createdTime });
    return this.get(partitionKey, rowKey);
  }

  /** @throws StorageRefusedError code `InvalidPageToken` */
  async listJobs(query: JobQuery): Promise<Page<JobRow>> {
    const { workspace, experiment, states, labels = [], createdAfter, createdBefore, pageSize, pageToken } = query;
    const partitionKey = jobPartition(workspace, experiment);
    const first = createdBefore === undefined ? FIRST_JOB : timeKey(createdBefore, -1);
    const until = createdAfter === undefined ? AFTER_JOBS : timeKey(createdAfter);
    if (!states && labels.length === 0) {
      const condition = odata` and RowKey ge ${first} and RowKey lt ${until}`;
      return this.page(partitionKey, { pageSize, ...(pageToken !== undefined && { pageToken }) }, condition);
    }
    const cursorOf = (prefix: string) => indexCursor(this.table, { partitionKey, prefix, until, batch: pageSize + 1 });
    const keys = allOf([
      ...(states ? [anyOf([...new Set(states)].map((state) => cursorOf(stateIndex(state))))] : []),
      ...labels.map(({ label, value }) => cursorOf(labelIndex(label, value))),
    ]);
    // Index rows may be a moment ahead of, or behind, what is read of the row itself.
    const isMeant = (row: JobRow) =>
      (!states || states.includes(row.state)) && labels.every(({ label, value }) => row.labels[label] === value);
    const listing = JSON.stringify([partitionKey, states, labels, createdAfter, createdBefore]);
    const rows: JobRow[] = [];
    let from = pageToken === undefined ? first : after(decodeToken(pageToken, listing));
    for (;;) {
      const found: string[] = [];
      let key = await keys.seek(from);
      while (key !== undefined && found.length < pageSize - rows.length) {
        found.push(key);
        key = await keys.seek(after(key));
      }
      rows.push(...(await this.read(partitionKey, found)).filter(isMeant));
      if (key === undefined) return { rows };
      const last = found.at(-1)!;
      if (rows.length === pageSize) return { rows, nextPageToken: encodeToken(last, listing) };
      from = after(last);
    }
  }

  async deleteJob(key: JobKey, uid: string, createdTime: string): Promise<void> {
    await this.entities.delete({ ...key, uid, createdTime });
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

  /** What the owner calls the cluster from now on, made of the very version that it replaces. False: it has no row. */
  async noteCluster(key: ClusterKey, change: (row: ClusterRow) => OwnerNote): Promise<boolean> {
    const at = { partitionKey: clusterPartition(key), rowKey: key.cluster };
    for (;;) {
      const known = await this.entity(at.partitionKey, at.rowKey);
      if (!known) return false;
      const note = encodeNote(change(rowOf<ClusterRow>(known)));
      try {
        await this.call(() => this.table.updateEntity({ ...at, ...note }, 'Merge', { etag: known.etag }));
        return true;
      } catch (error) {
        // Its workflow writes the row now and then: read again, and decide anew.
        if (!(error instanceof StorageError && error.statusCode === 412) && !isAbsent(error)) throw error;
      }
    }
  }

  /** No such entity: nothing happens. */
  private async merge(entity: Properties & { partitionKey: string; rowKey: string }): Promise<void> {
    try {
      await this.call(() => this.table.updateEntity(entity, 'Merge'));
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
  }

  /** Jobs by row key, in that order; those that are gone are left out. */
  private async read(partitionKey: string, rowKeys: string[]): Promise<JobRow[]> {
    const lanes = new Lanes(READ_LANES);
    const rows: (JobRow | undefined)[] = rowKeys.map(() => undefined);
    for (const [n, rowKey] of rowKeys.entries()) {
      await lanes.run(async () => {
        rows[n] = await this.get(partitionKey, rowKey);
      });
    }
    await lanes.drain();
    return rows.filter((row) => row !== undefined);
  }

  private async put(key: { partitionKey: string; rowKey: string }, columns: Properties, row: object): Promise<void> {
    const entity = { ...key, ...columns, ...encodeRow(row) };
    await this.call(() => this.table.upsertEntity(entity, 'Merge'));
  }

  private async get<T>(partitionKey: string, rowKey: string): Promise<T | undefined> {
    const found = await this.entity(partitionKey, rowKey);
    return found && rowOf<T>(found);
  }

  private async entity(partitionKey: string, rowKey: string): Promise<(Properties & { etag: string }) | undefined> {
    try {
      return await this.call(() => this.table.getEntity<Properties>(partitionKey, rowKey));
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
    return readPage<T>(this.table, { partitionKey, ...query, ...(condition && { condition }) }, rowOf<T>);
  }

  private call<T>(call: () => Promise<T>): Promise<T> {
    return translated({ table: this.table.tableName }, call);
  }
}
