import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { NotFoundError } from '../../common/errors';
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

  /** Writes it, whether or not it is there. */
  async put(
    workspace: string,
    name: string,
    { principal, role }: Pick<RoleAssignment, 'principal' | 'role'>,
    createdBy: string,
  ): Promise<{ assignment: RoleAssignment; created: boolean }> {
    const resources = await this.store.use();
    const before = (await resources.get<RoleAssignment>(place(workspace, name)))?.value;
    const assignment = { principal, role, createdBy, createdTime: before?.createdTime ?? new Date().toISOString() };
    await resources.put<Pointer>(pointer(workspace, name, principal), { workspace, name });
    await resources.put<RoleAssignment>(place(workspace, name), assignment);
    if (before && facetOf(before.principal) !== facetOf(principal)) {
      await resources.delete(pointer(workspace, name, before.principal));
    }
    this.cache.clear();
    return { assignment, created: before === undefined };
  }

  async list(workspace: string, page: { pageSize: number; pageToken?: string }) {
    return (await this.store.use()).list<RoleAssignment>({ kind: KIND, scope: [workspace] }, page);
  }

  /** @throws NotFoundError RoleAssignmentNotFound */
  async get(workspace: string, name: string): Promise<RoleAssignment> {
    const found = await (await this.store.use()).get<RoleAssignment>(place(workspace, name));
    if (found) return found.value;
    throw new NotFoundError(
      'RoleAssignmentNotFound',
      `There is no role assignment '${name}' in workspace '${workspace}'.`,
    );
  }

  /** @throws NotFoundError RoleAssignmentNotFound */
  async delete(workspace: string, name: string): Promise<void> {
    const { principal } = await this.get(workspace, name);
    const resources = await this.store.use();
    await resources.delete(place(workspace, name));
    await resources.delete(pointer(workspace, name, principal));
    this.cache.clear();
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
