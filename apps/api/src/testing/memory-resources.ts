import { ResourceChangedError, type ResourceKey, ResourceMissingError } from '@windrow/storage';
import { type Page, type ResourcePage, ResourceStore, type Stored } from '@windrow/storage';

/** The store of resources, in memory and with the same rules. */
export class MemoryResources extends ResourceStore {
  private readonly entities = new Map<string, { key: ResourceKey; text: string; version: number }>();
  private versions = 0;

  constructor() {
    super(undefined as never);
  }

  override async create<T extends object>(key: ResourceKey, value: T): Promise<Stored<T> | undefined> {
    return this.entities.has(idOf(key)) ? undefined : this.put(key, value);
  }

  override async get<T extends object>(key: ResourceKey): Promise<Stored<T> | undefined> {
    const found = this.entities.get(idOf(key));
    return found && { name: key.name, value: JSON.parse(found.text) as T, etag: `W/"${found.version}"` };
  }

  override async replace<T extends object>(key: ResourceKey, value: T, etag = '*'): Promise<Stored<T>> {
    // Nothing is waited for between the look and the write, so that one of two writers is told.
    const found = this.entities.get(idOf(key));
    if (!found) throw new ResourceMissingError(key.kind, key.name);
    if (etag !== '*' && etag !== `W/"${found.version}"`) throw new ResourceChangedError(key.kind, key.name);
    return this.put(key, value);
  }

  override async put<T extends object>(key: ResourceKey, value: T): Promise<Stored<T>> {
    const version = ++this.versions;
    this.entities.set(idOf(key), { key, text: JSON.stringify(value), version });
    return { name: key.name, value, etag: `W/"${version}"` };
  }

  override async delete(key: ResourceKey, etag = '*'): Promise<boolean> {
    const found = await this.get(key);
    if (!found) return false;
    if (etag !== '*' && etag !== found.etag) throw new ResourceChangedError(key.kind, key.name);
    return this.entities.delete(idOf(key));
  }

  override async list<T extends object>(
    { kind, scope }: Omit<ResourceKey, 'name'>,
    { pageSize, pageToken = '', from = '', before }: ResourcePage,
  ): Promise<Page<Stored<T>>> {
    const names = [...this.entities.values()]
      .filter(({ key }) => idOf({ ...key, name: '' }) === idOf({ kind, scope, name: '' }))
      .map(({ key }) => key.name)
      .filter((name) => name > pageToken && name >= from && (before === undefined || name < before))
      .sort();
    const rows = await Promise.all(names.slice(0, pageSize).map((name) => this.get<T>({ kind, scope, name })));
    const last = names.length > pageSize ? names[pageSize - 1] : undefined;
    return { rows: rows.filter((row) => row !== undefined), ...(last && { nextPageToken: last }) };
  }
}

function idOf({ kind, scope, name }: ResourceKey): string {
  return [kind, ...scope, '', name].join('|');
}
