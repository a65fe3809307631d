import { Injectable } from '@nestjs/common';
import {
  type ExperimentKey,
  experimentPlace,
  type Place,
  PLACE_CACHE_MS,
  type PlaceKey,
  type QuotasInForce,
  quotasOf,
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
  private readonly open = new Map<string, { until: number; place: Place }>();

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
    refuseDeleting(key, await this.lookUp(key, workspace === this.settings.workspace));
  }

  /** What holds for an open workspace; as much as a moment ago, unless it was changed by this process. */
  async quotasOf(workspace: string): Promise<QuotasInForce> {
    const place = await this.lookUp(workspacePlace(workspace), workspace === this.settings.workspace);
    return quotasOf(place, this.settings.deployment.defaultQuotas);
  }

  /** It was changed: it is looked up anew. */
  forgetWorkspace(workspace: string): void {
    this.open.delete(idOf(workspacePlace(workspace)));
  }

  /** An experiment comes into being with its first job. @throws ConflictError ExperimentDeleting */
  async openExperiment(experiment: ExperimentKey): Promise<void> {
    const key = experimentPlace(experiment);
    refuseDeleting(key, await this.lookUp(key, true));
  }

  private async lookUp(key: PlaceKey, create: boolean): Promise<Place> {
    const id = idOf(key);
    const known = this.open.get(id);
    if (known && known.until > Date.now()) return known.place;
    const found = (await this.places.find(key)) ?? (create ? await this.create(key) : undefined);
    if (!found) throw missing(key);
    if (found.value.provisioningState === 'succeeded') {
      if (this.open.size >= MAX_REMEMBERED) this.open.clear();
      this.open.set(id, { until: Date.now() + PLACE_CACHE_MS, place: found.value });
    } else {
      this.open.delete(id);
    }
    return found.value;
  }

  private async create(key: PlaceKey) {
    return (await this.resources.create(key, newPlace({}))) ?? this.places.find(key);
  }
}

function idOf(key: PlaceKey): string {
  return [...key.scope, '', key.name].join('/');
}
