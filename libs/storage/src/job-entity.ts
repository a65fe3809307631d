/** One job's entity and its index rows, which change together: they lie in one partition, so that a transaction can. */
import type { TableClient, TransactionAction } from '@azure/data-tables';
import type { JobKey, JobRow } from '@windrow/contract';
import { StorageError, StorageUnavailableError } from './errors';
import { jobPartition, jobRowKey, labelIndex, stateIndex } from './keys';
import { isAbsent } from './table-pages';
import { translated } from './translate';

type Properties = Record<string, unknown>;
export type JobRef = JobKey & { uid: string; createdTime: string };

/** Entities in one transaction of Table storage. */
const MAX_ACTIONS = 100;
/** Writers that meet try again; so many times somebody else cannot have been first. */
const MAX_ATTEMPTS = 20;

/** A job's entity as it is stored. `index`: what its index rows begin with; exactly those are there. */
export interface JobEntity {
  etag: string;
  index: string[];
  properties: Properties;
}

/** What to write: properties, merged, and the index rows that there are to be. Undefined: nothing. */
export interface JobWrite {
  properties: Properties;
  index: string[];
}

export function indexOf({ state, labels }: Pick<JobRow, 'state' | 'labels'>): string[] {
  return [stateIndex(state), ...Object.entries(labels).map(([label, value]) => labelIndex(label, value))];
}

/** Writes job entities so that their index rows are true at every moment. Errors are {@link StorageError}s. */
export class JobEntities {
  constructor(private readonly table: TableClient) {}

  async read(job: JobRef): Promise<JobEntity | undefined> {
    const { partitionKey, rowKey } = keyOf(job);
    try {
      const entity = await this.call(() => this.table.getEntity<Properties>(partitionKey, rowKey));
      const index = typeof entity['index'] === 'string' ? (JSON.parse(entity['index']) as string[]) : [];
      return { etag: entity.etag, index, properties: entity };
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  /** Again and again until nobody else writes meanwhile. */
  async write(job: JobRef, change: (known: JobEntity | undefined) => JobWrite | undefined): Promise<void> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const known = await this.read(job);
      const write = change(known);
      if (!write || (await this.tryWrite(job, known, write))) return;
    }
    throw busy(job);
  }

  /** False when somebody else wrote, created or deleted it meanwhile. */
  async tryWrite(job: JobRef, known: JobEntity | undefined, { properties, index }: JobWrite): Promise<boolean> {
    const present = known?.index ?? [];
    const missing = index.filter((prefix) => !present.includes(prefix));
    const surplus = present.filter((prefix) => !index.includes(prefix));
    // Very many changes take two steps; between them there are index rows too many, which readers drop.
    const removed = missing.length + surplus.length < MAX_ACTIONS ? surplus : [];
    const left = [...index, ...surplus.filter((prefix) => !removed.includes(prefix))];
    const entity = { ...keyOf(job), ...properties, index: JSON.stringify(left) };
    const done = await this.tryTransaction([
      known ? ['update', entity, 'Merge', { etag: known.etag }] : ['create', entity],
      ...missing.map((prefix): TransactionAction => ['upsert', indexEntity(job, prefix), 'Replace']),
      ...removed.map((prefix): TransactionAction => ['delete', indexEntity(job, prefix)]),
    ]);
    if (!done || removed.length === surplus.length) return done;
    await this.write(job, (now) => now && { properties: {}, index });
    return true;
  }

  async delete(job: JobRef): Promise<void> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const known = await this.read(job);
      if (!known) return;
      const { partitionKey, rowKey } = keyOf(job);
      const actions = known.index.map((prefix): TransactionAction => ['delete', indexEntity(job, prefix)]);
      const whole = [...actions, ['delete', { partitionKey, rowKey }] satisfies TransactionAction];
      if (await this.tryTransaction(whole)) return;
    }
    throw busy(job);
  }

  private async tryTransaction(actions: TransactionAction[]): Promise<boolean> {
    try {
      await this.call(() => this.table.submitTransaction(actions));
      return true;
    } catch (error) {
      if (error instanceof StorageError && [404, 409, 412].includes(error.statusCode ?? 0)) return false;
      throw error;
    }
  }

  private call<T>(call: () => Promise<T>): Promise<T> {
    return translated({ table: this.table.tableName }, call);
  }
}

export function keyOf({ workspace, experiment, uid, createdTime }: JobRef): { partitionKey: string; rowKey: string } {
  return { partitionKey: jobPartition(workspace, experiment), rowKey: jobRowKey(uid, createdTime) };
}

function indexEntity(job: JobRef, prefix: string): { partitionKey: string; rowKey: string } {
  const { partitionKey, rowKey } = keyOf(job);
  return { partitionKey, rowKey: `${prefix}${rowKey}` };
}

function busy({ job }: JobRef): StorageUnavailableError {
  return new StorageUnavailableError(`The catalogue row of job '${job}' is written by many at once.`, {
    code: 'RowBusy',
  });
}
