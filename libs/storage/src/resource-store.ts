import { randomUUID } from 'node:crypto';
import type { TableClient } from '@azure/data-tables';
import { odata } from '@azure/data-tables';
import { ResourceChangedError, ResourceMissingError, StorageError, StorageRefusedError } from './errors';
import { decodeRow, encodeRow } from './row-codec';
import { isAbsent, readPage } from './table-pages';
import type { Page } from './table-pages';
import { translated } from './translate';

/** `scope`: names of what it lies in, outermost first. No part holds `|`, `/`, `\\`, `#` or `?`. */
export interface ResourceKey {
  kind: string;
  scope: string[];
  name: string;
}

/** A resource as it is stored, with the version that it was read at. */
export interface Stored<T> {
  name: string;
  value: T;
  /** Opaque; another one after every change. */
  etag: string;
}

export interface ResourcePage {
  pageSize: number;
  pageToken?: string;
  /** Names that are not before this one, and those that are before that one. */
  from?: string;
  before?: string;
}

/**
 * Resources that are written as a whole and rarely: one entity each, in the table of the catalogue, listed by name.
 * Errors are {@link StorageError}s.
 */
export class ResourceStore {
  constructor(private readonly table: TableClient) {}

  /** Undefined when the name is taken. */
  async create<T extends object>(key: ResourceKey, value: T): Promise<Stored<T> | undefined> {
    // The client beneath writes again when an answer is lost: what is there may be ours.
    const mark = randomUUID();
    try {
      const { etag = '' } = await this.call(() => this.table.createEntity({ ...idOf(key), mark, ...encodeRow(value) }));
      return { name: key.name, value, etag };
    } catch (error) {
      if (!isConflict(error)) throw error;
      const { partitionKey, rowKey } = idOf(key);
      const found = await this.entity(partitionKey, rowKey);
      return found?.['mark'] === mark ? storedOf<T>(found) : undefined;
    }
  }

  async get<T extends object>(key: ResourceKey): Promise<Stored<T> | undefined> {
    const { partitionKey, rowKey } = idOf(key);
    const found = await this.entity(partitionKey, rowKey);
    return found && storedOf<T>(found);
  }

  /** Replaces the version that `etag` names, or whichever there is. @throws ResourceChangedError, ResourceMissingError */
  async replace<T extends object>(key: ResourceKey, value: T, etag = '*'): Promise<Stored<T>> {
    try {
      const entity = { ...idOf(key), ...encodeRow(value) };
      const written = await this.call(() => this.table.updateEntity(entity, 'Replace', { etag }));
      return { name: key.name, value, etag: written.etag ?? '' };
    } catch (error) {
      throw failureOf(error, key);
    }
  }

  /** Writes it, whether or not it is there. */
  async put<T extends object>(key: ResourceKey, value: T): Promise<Stored<T>> {
    const written = await this.call(() => this.table.upsertEntity({ ...idOf(key), ...encodeRow(value) }, 'Replace'));
    return { name: key.name, value, etag: written.etag ?? '' };
  }

  /** What `change` makes of the present value, again and again until nobody else writes meanwhile. @throws ResourceMissingError */
  async change<T extends object>(key: ResourceKey, change: (value: T) => T): Promise<Stored<T>> {
    for (;;) {
      const found = await this.get<T>(key);
      if (!found) throw new ResourceMissingError(key.kind, key.name);
      try {
        return await this.replace(key, change(found.value), found.etag);
      } catch (error) {
        if (!(error instanceof ResourceChangedError)) throw error;
      }
    }
  }

  /** Whether it was there. @throws ResourceChangedError */
  async delete(key: ResourceKey, etag = '*'): Promise<boolean> {
    const { partitionKey, rowKey } = idOf(key);
    try {
      await this.call(() => this.table.deleteEntity(partitionKey, rowKey, { etag }));
      return true;
    } catch (error) {
      const failure = failureOf(error, key);
      if (failure instanceof ResourceMissingError) return false;
      throw failure;
    }
  }

  /** By name. @throws StorageRefusedError code `InvalidPageToken` */
  async list<T extends object>(
    { kind, scope }: Omit<ResourceKey, 'name'>,
    { from, before, ...page }: ResourcePage,
  ): Promise<Page<Stored<T>>> {
    const condition =
      (from === undefined ? '' : odata` and RowKey ge ${from}`) +
      (before === undefined ? '' : odata` and RowKey lt ${before}`);
    return readPage(this.table, { partitionKey: partitionOf(kind, scope), ...page, condition }, storedOf<T>);
  }

  private async entity(partitionKey: string, rowKey: string): Promise<Record<string, unknown> | undefined> {
    try {
      return await this.call(() => this.table.getEntity<Record<string, unknown>>(partitionKey, rowKey));
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  private call<T>(call: () => Promise<T>): Promise<T> {
    return translated({ table: this.table.tableName }, call);
  }
}

function idOf({ kind, scope, name }: ResourceKey): { partitionKey: string; rowKey: string } {
  return { partitionKey: partitionOf(kind, scope), rowKey: name };
}

function partitionOf(kind: string, scope: string[]): string {
  return ['resource', kind, ...scope].join('|');
}

function storedOf<T>(entity: Record<string, unknown>): Stored<T> {
  return { name: String(entity['rowKey']), value: decodeRow<T>(entity), etag: String(entity['etag']) };
}

function isConflict(error: unknown): boolean {
  return error instanceof StorageRefusedError && error.code === 'EntityAlreadyExists';
}

function failureOf(error: unknown, { kind, name }: ResourceKey): unknown {
  if (isAbsent(error)) return new ResourceMissingError(kind, name);
  if (error instanceof StorageError && error.statusCode === 412) return new ResourceChangedError(kind, name);
  return error;
}
