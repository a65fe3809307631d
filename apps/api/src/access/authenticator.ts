import { Injectable } from '@nestjs/common';
import { UnauthenticatedError } from '../common/errors';
import { unauthenticated } from './access.guard';
import { AccessSettings } from './access-settings';
import { KEY_PREFIX } from './keys/api-key';
import { ApiKeysService } from './keys/api-keys.service';
import { TokenVerifier } from './oidc/token-verifier';
import { ANONYMOUS, type Principal } from './principal';
import { RoleAssignmentsService } from './roles/role-assignments.service';

/** Tells who makes a request from its Authorization header. */
@Injectable()
export class Authenticator {
  constructor(
    private readonly settings: AccessSettings,
    private readonly keys: ApiKeysService,
    private readonly tokens: TokenVerifier,
    private readonly assignments: RoleAssignmentsService,
  ) {}

  /** @throws UnauthenticatedError; DependencyUnavailableError, StorageError when it cannot be told now */
  async identify(header: string | undefined): Promise<Principal> {
    if (!this.settings.authenticates) return ANONYMOUS;
    if (header === undefined) throw unauthenticated();
    const [, bearer] = /^Bearer +([\x21-\x7e]+) *$/i.exec(header) ?? [];
    if (bearer === undefined) {
      throw new UnauthenticatedError(
        'TokenInvalid',
        'The Authorization header must be Bearer, a space, and a key or token.',
      );
    }
    return bearer.startsWith(KEY_PREFIX) ? this.keys.principalOf(bearer) : this.principalOf(bearer);
  }

  private async principalOf(token: string): Promise<Principal> {
    const identity = await this.tokens.verify(token);
    const { issuer, subject, displayName, administrator, expiresTime } = identity;
    return {
      id: `token:${issuer}|${subject}`,
      kind: 'token',
      ...(displayName !== undefined && { displayName }),
      administrator,
      roles: administrator ? {} : await this.assignments.rolesOf(identity),
      expiresTime,
    };
  }
}
