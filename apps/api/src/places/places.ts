import { Injectable } from '@nestjs/common';
import type { Place, PlaceKey } from '@windrow/contract';
import {
  ResourceChangedError,
  ResourceMissingError,
  ResourceStore,
  newPlace,
  type PlaceSpec,
  type Stored,
  fingerprint,
} from '@windrow/storage';
import { ConflictError, NotFoundError } from '../common/errors';
import { changedNote, type NoteChange } from '../common/owner-note';
import { etagOf, type TagCondition } from '../http/etags';

const PAGE = 1000;

export type StoredPlace<T extends Place = Place> = Stored<T>;

export interface CreatedPlace<T extends Place = Place> {
  place: StoredPlace<T>;
  created: boolean;
}

/** Workspaces, experiments and what lies in them, in the store of resources; the same rules hold for all. */
@Injectable()
export class Places {
  constructor(private readonly resources: ResourceStore) {}

  /** `more`: what it has beside the body. @throws ConflictError `{Kind}Exists`, `{Kind}Deleting`; PreconditionFailedError */
  async create<T extends Place>(
    key: PlaceKey,
    spec: PlaceSpec,
    ifMatch?: TagCondition,
    more: Partial<T> = {},
  ): Promise<CreatedPlace<T>> {
    for (;;) {
      const known = await this.find<T>(key);
      ifMatch?.check(known && tagOf(known));
      if (known) return { place: same(key, known, spec), created: false };
      const place = await this.resources.create(key, { ...newPlace(spec), ...more } as T);
      if (place) return { place, created: true };
    }
  }

  find<T extends Place>(key: PlaceKey): Promise<StoredPlace<T> | undefined> {
    return this.resources.get<T>(key);
  }

  /** @throws NotFoundError */
  async get<T extends Place>(key: PlaceKey): Promise<StoredPlace<T>> {
    const found = await this.find<T>(key);
    if (!found) throw missing(key);
    return found;
  }

  /** @throws NotFoundError; ConflictError `{Kind}Deleting`; PreconditionFailedError; InvalidRequestError */
  async change<T extends Place>(
    key: PlaceKey,
    change: NoteChange,
    ifMatch?: TagCondition,
    more: (before: T) => Partial<T> = () => ({}),
  ): Promise<StoredPlace<T>> {
    return this.replace<T>(key, ifMatch, (before) => {
      refuseDeleting(key, before);
      const { displayName: _before, ...place } = before;
      const { displayName, labels } = changedNote(before, change);
      return { ...place, ...(displayName !== null && { displayName }), labels, ...more(before) } as T;
    });
  }

  /** Nothing may be put into it from now on. @throws NotFoundError; PreconditionFailedError */
  async markDeleting(key: PlaceKey, ifMatch?: TagCondition): Promise<StoredPlace> {
    return this.replace<Place>(key, ifMatch, (place) => ({ ...place, provisioningState: 'deleting' }));
  }

  list<T extends Place>({ kind, scope }: Omit<PlaceKey, 'name'>, page: { pageSize: number; pageToken?: string }) {
    return this.resources.list<T>({ kind, scope }, page);
  }

  async count({ kind, scope }: Omit<PlaceKey, 'name'>): Promise<number> {
    let count = 0;
    let pageToken: string | undefined;
    do {
      const page = await this.list({ kind, scope }, { pageSize: PAGE, ...(pageToken !== undefined && { pageToken }) });
      count += page.rows.length;
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined);
    return count;
  }

  /** Again and again until nobody else writes meanwhile; the condition is looked at each time. */
  private async replace<T extends Place>(
    key: PlaceKey,
    ifMatch: TagCondition | undefined,
    change: (before: T) => T,
  ): Promise<StoredPlace<T>> {
    for (;;) {
      const found = await this.find<T>(key);
      ifMatch?.check(found && tagOf(found));
      if (!found) throw missing(key);
      const updatedTime = new Date().toISOString();
      try {
        return await this.resources.replace(key, { ...change(found.value), updatedTime }, found.etag);
      } catch (error) {
        if (!(error instanceof ResourceChangedError || error instanceof ResourceMissingError)) throw error;
      }
    }
  }
}

export function tagOf({ etag }: StoredPlace): string {
  return etagOf(etag);
}

/** @throws ConflictError WorkspaceDeleting, ExperimentDeleting, FileServerDeleting */
export function refuseDeleting(key: PlaceKey, { provisioningState }: Place): void {
  if (provisioningState === 'succeeded') return;
  const message = `${title(key)} '${key.name}' is being deleted; its name is free after that.`;
  throw new ConflictError(`${code(key)}Deleting`, message);
}

export function missing(key: PlaceKey): NotFoundError {
  const within = key.scope.length > 0 ? ` in workspace '${key.scope[0]}'` : '';
  const message = `There is no ${title(key).toLowerCase()} '${key.name}'${within}. Create it by PUT, or correct the name.`;
  return new NotFoundError(`${code(key)}NotFound`, message);
}

/** What it was created as counts, not what has been changed since. */
function same<T extends Place>(key: PlaceKey, known: StoredPlace<T>, spec: PlaceSpec): StoredPlace<T> {
  refuseDeleting(key, known.value);
  if (known.value.specHash === fingerprint(spec)) return known;
  const message = `${title(key)} '${key.name}' exists with another body. Change it by PATCH, or take another name.`;
  throw new ConflictError(`${code(key)}Exists`, message);
}

/** Begins error codes: `FileServerNotFound`. */
function code({ kind }: PlaceKey): string {
  return kind.charAt(0).toUpperCase() + kind.slice(1);
}

/** For people: `File server`. */
function title(key: PlaceKey): string {
  return code(key).replace(/(?!^)[A-Z]/, (letter) => ` ${letter.toLowerCase()}`);
}
