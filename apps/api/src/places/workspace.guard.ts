import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { WORKSPACE_PATTERN } from '@windrow/contract';
import type { HttpRequest } from '../http/exchange';
import { Scopes } from './scopes';

const WORKSPACE_ITSELF = /^\/v1\/workspaces\/[^/]+\/?(?:\?|$)/;

/** The one place that refuses paths into a workspace which is not there, whatever resource they name. */
@Injectable()
export class WorkspaceGuard implements CanActivate {
  constructor(private readonly scopes: Scopes) {}

  /** @throws NotFoundError WorkspaceNotFound */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { params, url = '' } = context.switchToHttp().getRequest<HttpRequest>();
    const { workspace } = params;
    // A name that is none is refused with words of its own where the path is read.
    if (typeof workspace !== 'string' || !WORKSPACE_PATTERN.test(workspace) || WORKSPACE_ITSELF.test(url)) return true;
    await this.scopes.workspaceExists(workspace);
    return true;
  }
}
