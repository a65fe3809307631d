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

export type StoredPlace = Stored<Place>;

export interface CreatedPlace {
  place: StoredPlace;
  created: boolean;
}

/** Workspaces and experiments in the store of resources; the same rules hold for both. */
@Injectable()
export class Places {
  constructor(private readonly resources: ResourceStore) {}

  /** @throws ConflictError `{Kind}Exists`, `{Kind}Deleting`; PreconditionFailedError */
  async create(key: PlaceKey, spec: PlaceSpec, ifMatch?: TagCondition): Promise<CreatedPlace> {
    for (;;) {
      const known = await this.find(key);
      ifMatch?.check(known && tagOf(known));
      if (known) return { place: same(key, known, spec), created: false };
      const place = await this.resources.create(key, newPlace(spec));
      if (place) return { place, created: true };
    }
  }

  find(key: PlaceKey): Promise<StoredPlace | undefined> {
    return this.resources.get<Place>(key);
  }

  /** @throws NotFoundError */
  async get(key: PlaceKey): Promise<StoredPlace> {
    const found = await this.find(key);
    if (!found) throw missing(key);
    return found;
  }

  /** @throws NotFoundError; ConflictError `{Kind}Deleting`; PreconditionFailedError; InvalidRequestError */
  async change(key: PlaceKey, change: NoteChange, ifMatch?: TagCondition): Promise<StoredPlace> {
    return this.replace(key, ifMatch, ({ displayName: _before, ...place }, before) => {
      refuseDeleting(key, before);
      const { displayName, labels } = changedNote(before, change);
      return { ...place, ...(displayName !== null && { displayName }), labels };
    });
  }

  /** Nothing may be put into it from now on. @throws NotFoundError; PreconditionFailedError */
  async markDeleting(key: PlaceKey, ifMatch?: TagCondition): Promise<StoredPlace> {
    return this.replace(key, ifMatch, (place) => ({ ...place, provisioningState: 'deleting' }));
  }

  list({ kind, scope }: Omit<PlaceKey, 'name'>, page: { pageSize: number; pageToken?: string }) {
    return this.resources.list<Place>({ kind, scope }, page);
  }

  /** Again and again until nobody else writes meanwhile; the condition is looked at each time. */
  private async replace(
    key: PlaceKey,
    ifMatch: TagCondition | undefined,
    change: (place: Place, before: Place) => Place,
  ): Promise<StoredPlace> {
    for (;;) {
      const found = await this.find(key);
      ifMatch?.check(found && tagOf(found));
      if (!found) throw missing(key);
      const updatedTime = new Date().toISOString();
      try {
        return await this.resources.replace(key, { ...change(found.value, found.value), updatedTime }, found.etag);
      } catch (error) {
        if (!(error instanceof ResourceChangedError || error instanceof ResourceMissingError)) throw error;
      }
    }
  }
}

export function tagOf({ etag }: StoredPlace): string {
  return etagOf(etag);
}

/** @throws ConflictError WorkspaceDeleting, ExperimentDeleting */
export function refuseDeleting(key: PlaceKey, { provisioningState }: Place): void {
  if (provisioningState === 'succeeded') return;
  const message = `${title(key)} '${key.name}' is being deleted; its name is free after that.`;
  throw new ConflictError(`${title(key)}Deleting`, message);
}

export function missing(key: PlaceKey): NotFoundError {
  const within = key.scope.length > 0 ? ` in workspace '${key.scope[0]}'` : '';
  const message = `There is no ${key.kind} '${key.name}'${within}. Create it by PUT, or correct the name.`;
  return new NotFoundError(`${title(key)}NotFound`, message);
}

/** What it was created as counts, not what has been changed since. */
function same(key: PlaceKey, known: StoredPlace, spec: PlaceSpec): StoredPlace {
  refuseDeleting(key, known.value);
  if (known.value.specHash === fingerprint(spec)) return known;
  const message = `${title(key)} '${key.name}' exists with another body. Change it by PATCH, or take another name.`;
  throw new ConflictError(`${title(key)}Exists`, message);
}

function title({ kind }: PlaceKey): string {
  return kind === 'workspace' ? 'Workspace' : 'Experiment';
}
