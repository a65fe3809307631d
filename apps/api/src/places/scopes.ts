import { Injectable } from '@nestjs/common';
import {
  type ExperimentKey,
  experimentPlace,
  type Place,
  PLACE_CACHE_MS,
  type PlaceKey,
  workspacePlace,
} from '@windrow/contract';
import { newPlace, ResourceStore } from '@windrow/storage';
import { ApiSettings } from '../settings';
import { missing, Places, refuseDeleting } from './places';

/** More names than this are forgotten at once: they are looked up again. */
const MAX_REMEMBERED = 10_000;

/**
 * Whether there is the workspace, or experiment, that something is put into. What is open is believed for a moment,
 * which a deletion waits out; what is missing or being deleted is looked up each time.
 */
@Injectable()
export class Scopes {
  private readonly open = new Map<string, number>();

  constructor(
    private readonly places: Places,
    private readonly resources: ResourceStore,
    private readonly settings: ApiSettings,
  ) {}

  /** @throws NotFoundError WorkspaceNotFound */
  async workspaceExists(workspace: string): Promise<void> {
    await this.lookUp(workspacePlace(workspace), workspace === this.settings.workspace);
  }

  /** Something new may be put into it. @throws NotFoundError WorkspaceNotFound; ConflictError WorkspaceDeleting */
  async openWorkspace(workspace: string): Promise<void> {
    const key = workspacePlace(workspace);
    const place = await this.lookUp(key, workspace === this.settings.workspace);
    if (place) refuseDeleting(key, place);
  }

  /** An experiment comes into being with its first job. @throws ConflictError ExperimentDeleting */
  async openExperiment(experiment: ExperimentKey): Promise<void> {
    const key = experimentPlace(experiment);
    const place = await this.lookUp(key, true);
    if (place) refuseDeleting(key, place);
  }

  /** Undefined: it was open a moment ago. */
  private async lookUp(key: PlaceKey, create: boolean): Promise<Place | undefined> {
    const id = [...key.scope, '', key.name].join('/');
    if ((this.open.get(id) ?? 0) > Date.now()) return undefined;
    const found = (await this.places.find(key)) ?? (create ? await this.create(key) : undefined);
    if (!found) throw missing(key);
    if (found.value.provisioningState === 'succeeded') {
      if (this.open.size >= MAX_REMEMBERED) this.open.clear();
      this.open.set(id, Date.now() + PLACE_CACHE_MS);
    } else {
      this.open.delete(id);
    }
    return found.value;
  }

  private async create(key: PlaceKey) {
    return (await this.resources.create(key, newPlace({}))) ?? this.places.find(key);
  }
}
