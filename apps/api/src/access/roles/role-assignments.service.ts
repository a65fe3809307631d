import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ResourceChangedError, ResourceMissingError, type Stored } from '@windrow/storage';
import { NotFoundError } from '../../common/errors';
import { etagOf, type TagCondition } from '../../http/etags';
import { AccessStore } from '../access-store';
import type { TokenIdentity } from '../oidc/token-verifier';
import { covers, type Role } from '../principal';
import { ShortCache } from '../short-cache';

/** For so long a token goes on with the roles that it had. */
const CACHE_MS = 5000;

/** Who is meant: one subject, or all whose tokens carry a role or a group. */
export interface AssignedPrincipal {
  issuer: string;
  subject?: string;
  role?: string;
  group?: string;
}

export interface RoleAssignment {
  principal: AssignedPrincipal;
  role: Role;
  createdBy: string;
  createdTime: string;
}

export type StoredAssignment = Stored<RoleAssignment>;

interface Pointer {
  workspace: string;
  name: string;
}

/**
 * Roles of tokens in workspaces. An assignment is the truth; beside it lies a pointer by principal, so that a token's
 * roles are found without looking through all workspaces. A pointer without a matching assignment means nothing, so
 * that a crash between the two writes gives nobody a role.
 */
@Injectable()
export class RoleAssignmentsService {
  private readonly cache = new ShortCache<Record<string, Role>>(CACHE_MS);

  constructor(private readonly store: AccessStore) {}

  /** Writes it, whether or not it is there. @throws PreconditionFailedError */
  async put(
    workspace: string,
    name: string,
    { principal, role, createdBy }: Pick<RoleAssignment, 'principal' | 'role' | 'createdBy'>,
    ifMatch?: TagCondition,
  ): Promise<{ stored: StoredAssignment; created: boolean }> {
    const resources = await this.store.use();
    const at = place(workspace, name);
    for (;;) {
      const found = await resources.get<RoleAssignment>(at);
      ifMatch?.check(found && tagOf(found));
      const before = found?.value;
      const assignment = { principal, role, createdBy, createdTime: before?.createdTime ?? new Date().toISOString() };
      await resources.put<Pointer>(pointer(workspace, name, principal), { workspace, name });
      const stored = found
        ? await unlessChanged(() => resources.replace<RoleAssignment>(at, assignment, found.etag))
        : await resources.create<RoleAssignment>(at, assignment);
      // Somebody else was faster. A pointer of ours that is left over means nothing.
      if (!stored) continue;
      if (before && facetOf(before.principal) !== facetOf(principal)) {
        await this.dropPointer(workspace, name, before.principal);
      }
      this.cache.clear();
      return { stored, created: before === undefined };
    }
  }

  async list(workspace: string, page: { pageSize: number; pageToken?: string }) {
    return (await this.store.use()).list<RoleAssignment>({ kind: KIND, scope: [workspace] }, page);
  }

  /** @throws NotFoundError RoleAssignmentNotFound */
  async get(workspace: string, name: string): Promise<StoredAssignment> {
    const found = await (await this.store.use()).get<RoleAssignment>(place(workspace, name));
    if (found) return found;
    throw new NotFoundError(
      'RoleAssignmentNotFound',
      `There is no role assignment '${name}' in workspace '${workspace}'.`,
    );
  }

  /** @throws NotFoundError RoleAssignmentNotFound; PreconditionFailedError */
  async delete(workspace: string, name: string, ifMatch?: TagCondition): Promise<void> {
    const resources = await this.store.use();
    for (;;) {
      const found = await this.get(workspace, name);
      ifMatch?.check(tagOf(found));
      const gone = () => resources.delete(place(workspace, name), found.etag);
      if ((await unlessChanged(gone)) === undefined) continue;
      await this.dropPointer(workspace, name, found.value.principal);
      this.cache.clear();
      return;
    }
  }

  /** What was written meanwhile for the same principal needs it again. */
  private async dropPointer(workspace: string, name: string, principal: AssignedPrincipal): Promise<void> {
    const resources = await this.store.use();
    const at = pointer(workspace, name, principal);
    await resources.delete(at);
    const now = (await resources.get<RoleAssignment>(place(workspace, name)))?.value;
    if (now && facetOf(now.principal) === facetOf(principal)) await resources.put<Pointer>(at, { workspace, name });
  }

  /** The highest role in each workspace that a token has one in. */
  async rolesOf({ issuer, subject, roles, groups }: TokenIdentity): Promise<Record<string, Role>> {
    const facets = [
      facetOf({ issuer, subject }),
      ...roles.map((role) => facetOf({ issuer, role })),
      ...groups.map((group) => facetOf({ issuer, group })),
    ];
    return this.cache.get(facets.join(' '), () => this.find(facets));
  }

  private async find(facets: string[]): Promise<Record<string, Role>> {
    const resources = await this.store.use();
    const found: Record<string, Role> = {};
    await Promise.all(
      facets.map(async (facet) => {
        for (const { value } of await this.store.all<Pointer>({ kind: POINTER, scope: [facet] })) {
          const assignment = (await resources.get<RoleAssignment>(place(value.workspace, value.name)))?.value;
          if (!assignment || facetOf(assignment.principal) !== facet) continue;
          const known = Object.hasOwn(found, value.workspace) ? found[value.workspace] : undefined;
          if (known === undefined || covers(assignment.role, known)) found[value.workspace] = assignment.role;
        }
      }),
    );
    return found;
  }
}

export function tagOf({ etag }: StoredAssignment): string {
  return etagOf(etag);
}

/** Undefined: somebody else changed or deleted it meanwhile. */
async function unlessChanged<T>(write: () => Promise<T>): Promise<T | undefined> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof ResourceChangedError || error instanceof ResourceMissingError) return undefined;
    throw error;
  }
}

const KIND = 'roleAssignment';
const POINTER = 'roleOf';

function place(workspace: string, name: string) {
  return { kind: KIND, scope: [workspace], name };
}

/** No name of a workspace holds `_`, so that no two pointers share a name. */
function pointer(workspace: string, name: string, principal: AssignedPrincipal) {
  return { kind: POINTER, scope: [facetOf(principal)], name: `${workspace}_${name}` };
}

/** One text for each principal, of characters that a key may have. */
function facetOf({ issuer, subject, role, group }: AssignedPrincipal): string {
  const [kind, value] = subject !== undefined ? ['s', subject] : role !== undefined ? ['r', role] : ['g', group];
  return createHash('sha256')
    .update(JSON.stringify([issuer, kind, value]))
    .digest('hex');
}
