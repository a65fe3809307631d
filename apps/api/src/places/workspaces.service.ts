import { Injectable } from '@nestjs/common';
import {
  AdmissionUpdate,
  admissionWorkflowId,
  type DeletionInput,
  experimentPlace,
  type Place,
  type PlaceKey,
  quotasOf,
  workspacePlace,
} from '@windrow/contract';
import type { PlaceSpec } from '@windrow/storage';
import { type Principal, roleIn } from '../access/principal';
import { ForbiddenError } from '../common/errors';
import { nameOfKey, sortableName } from '../common/ids';
import type { NoteChange } from '../common/owner-note';
import { decodePageToken, encodePageToken, type PageToken } from '../common/page-token';
import type { TagCondition } from '../http/etags';
import { ApiSettings } from '../settings';
import { WorkflowGateway, WorkflowMissingError } from '../workflows/workflow-gateway';
import { type CreatedPlace, Places, type StoredPlace } from './places';
import { changedQuotas, type QuotasMergePatch } from './quotas-change';
import { Scopes } from './scopes';

export interface WorkspaceChange extends NoteChange {
  quotas?: QuotasMergePatch;
}

interface PlacePage {
  rows: StoredPlace[];
  nextPageToken?: string;
}

/** Where a page of the workspaces of one principal goes on. */
interface NameToken extends PageToken {
  kind: 'workspaces';
  after: string;
}

/** What workspaces and experiments do beyond being stored: names of ours, listings, deletion. */
@Injectable()
export class WorkspacesService {
  constructor(
    private readonly places: Places,
    private readonly scopes: Scopes,
    private readonly workflows: WorkflowGateway,
    private readonly settings: ApiSettings,
  ) {}

  /** Names it; the same idempotency key always gives the same name. */
  createWorkspace(spec: PlaceSpec, idempotencyKey?: string): Promise<CreatedPlace> {
    return this.places.create(workspacePlace(nameFor('w', idempotencyKey)), spec);
  }

  /** As {@link createWorkspace}. @throws ConflictError WorkspaceDeleting */
  async createExperiment(workspace: string, spec: PlaceSpec, idempotencyKey?: string): Promise<CreatedPlace> {
    await this.scopes.openWorkspace(workspace);
    return this.places.create(experimentPlace({ workspace, experiment: nameFor('e', idempotencyKey) }), spec);
  }

  async getWorkspace(workspace: string): Promise<StoredPlace> {
    if (workspace === this.settings.workspace) await this.scopes.workspaceExists(workspace);
    return this.places.get(workspacePlace(workspace));
  }

  /**
   * A new quota holds at once for jobs that wait. @throws ForbiddenError when quotas are to be changed by others than
   * administrators; else those of {@link Places.change}
   */
  async change(
    workspace: string,
    { quotas, ...note }: WorkspaceChange,
    { administrator }: Principal,
    ifMatch?: TagCondition,
  ): Promise<StoredPlace> {
    if (quotas && !administrator) throw new ForbiddenError('Quotas of a workspace are changed by administrators only.');
    const key = workspacePlace(workspace);
    if (!quotas) return this.places.change(key, note, ifMatch);
    const place = await this.places.change<Place>(key, note, ifMatch, (before) => ({
      quotas: changedQuotas(before.quotas, quotas),
    }));
    this.scopes.forgetWorkspace(workspace);
    try {
      const inForce = quotasOf(place.value, this.settings.deployment.defaultQuotas);
      await this.workflows.update(admissionWorkflowId(workspace), AdmissionUpdate.limit, inForce);
    } catch (error) {
      // Nobody waits, and nothing is held: whoever asks next brings the new quotas along.
      if (!(error instanceof WorkflowMissingError)) throw error;
    }
    return place;
  }

  /** Those that the principal has a role in. */
  async listWorkspaces(principal: Principal, page: { pageSize: number; pageToken?: string }): Promise<PlacePage> {
    await this.scopes.workspaceExists(this.settings.workspace);
    if (principal.administrator) return this.places.list(workspacePlace(''), page);
    return this.listSome(
      Object.keys(principal.roles).filter((name) => roleIn(principal, name)),
      page,
    );
  }

  listExperiments(workspace: string, page: { pageSize: number; pageToken?: string }): Promise<PlacePage> {
    return this.places.list(experimentPlace({ workspace, experiment: '' }), page);
  }

  /**
   * Marked first, so that nothing is put into it any more; then the workflow that does the rest is started, or joined.
   * After a crash between the two the same request goes on. Undefined: there is nothing to delete.
   */
  async delete(key: PlaceKey, input: DeletionInput, ifMatch?: TagCondition): Promise<StoredPlace | undefined> {
    if (!ifMatch && !(await this.places.find(key))) return undefined;
    const marked = await this.places.markDeleting(key, ifMatch);
    await this.workflows.startDeletion(input);
    return marked;
  }

  private async listSome(names: string[], { pageSize, pageToken }: { pageSize: number; pageToken?: string }) {
    const list = 'workspaces';
    const after = pageToken === undefined ? '' : decodePageToken(pageToken, list, isNameToken).after;
    const rest = names.sort().filter((name) => name > after);
    const rows = await Promise.all(rest.slice(0, pageSize).map((name) => this.places.find(workspacePlace(name))));
    const last = rest.length > pageSize ? rest[pageSize - 1] : undefined;
    return {
      rows: rows.filter((row) => row !== undefined),
      ...(last !== undefined && {
        nextPageToken: encodePageToken({ kind: 'workspaces', after: last } as NameToken, list),
      }),
    };
  }
}

function nameFor(letter: string, idempotencyKey: string | undefined): string {
  return idempotencyKey === undefined ? sortableName(Date.now(), letter) : nameOfKey(letter, idempotencyKey);
}

function isNameToken(token: PageToken): token is NameToken {
  return token.kind === 'workspaces' && 'after' in token && typeof token.after === 'string';
}
