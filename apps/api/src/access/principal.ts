import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { HttpRequest } from '../http/exchange';

/** Each holds what the one before it may, and more. */
export const ROLES = ['reader', 'contributor', 'owner'] as const;
export type Role = (typeof ROLES)[number];

/** Who makes a request. */
export interface Principal {
  /** Stable, and fit for an audit log: `anonymous`, the id of an API key, or issuer and subject of a token. */
  id: string;
  kind: 'anonymous' | 'apiKey' | 'token';
  displayName?: string;
  /** May do everything in every workspace, and what belongs to none. */
  administrator: boolean;
  /** By workspace. */
  roles: Readonly<Record<string, Role>>;
  /** When the key or token ends. */
  expiresTime?: string;
}

/** Where nobody is asked who they are, which is on loopback only. */
export const ANONYMOUS: Principal = { id: 'anonymous', kind: 'anonymous', administrator: true, roles: {} };

/** Who has not said, or not believably, who they are, where that is asked. */
export const NOBODY: Principal = { id: 'anonymous', kind: 'anonymous', administrator: false, roles: {} };

/** Undefined: the workspace does not exist for them. */
export function roleIn({ administrator, roles }: Principal, workspace: string): Role | undefined {
  return administrator ? 'owner' : Object.hasOwn(roles, workspace) ? roles[workspace] : undefined;
}

/** Whether a role is, or holds, the one that is needed. */
export function covers(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/** The principal of the request. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  return context.switchToHttp().getRequest<HttpRequest>().context?.principal ?? ANONYMOUS;
});
