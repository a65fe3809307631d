import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ForbiddenError, NotFoundError, UnauthenticatedError } from '../common/errors';
import { publicPath } from '../http/action-path';
import type { HttpRequest, RequestContext } from '../http/exchange';
import { ApiSettings } from '../settings';
import { covers, NOBODY, type Principal, type Role, roleIn } from './principal';
import { accessTo, isInWorkspace, pathsOf } from './route-access';

/**
 * Lets a request through to its route, or not. What a caller has no role in does not exist for them: that answer comes
 * from here alone, looks at nothing but their own roles, and so is the same whether or not there is such a workspace.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly settings: ApiSettings) {}

  /** @throws UnauthenticatedError; ForbiddenError; NotFoundError WorkspaceNotFound */
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<HttpRequest>();
    const access = accessTo(context.getClass(), context.getHandler());
    const route = matching(pathsOf(context.getClass(), context.getHandler()), request.params);
    const workspace = isInWorkspace(route) ? (text(request.params['workspace']) ?? this.settings.workspace) : undefined;
    const principal = request.context?.principal ?? NOBODY;
    if (request.context) {
      request.context.route = publicPath(route.replace(/[:*](\w+)/g, '{$1}'));
      if (workspace !== undefined) request.context.workspace = workspace;
      noteSubject(request.context, request.params);
    }
    if (access === 'open') return true;
    if (principal === NOBODY) throw unauthenticated();
    if (workspace !== undefined && access !== 'caller') return inWorkspace(principal, workspace, access);
    if (access === 'caller' || (access === 'administrator' && principal.administrator)) return true;
    throw new ForbiddenError('This is for administrators of the installation.');
  }
}

export function unauthenticated(): UnauthenticatedError {
  return new UnauthenticatedError(
    'Unauthenticated',
    'Say who you are: send Authorization: Bearer with an API key (wdr_...) or with a token of your identity provider.',
  );
}

function inWorkspace(principal: Principal, workspace: string, access: Role | 'administrator' | undefined): boolean {
  const role = roleIn(principal, workspace);
  if (role === undefined) throw new NotFoundError('WorkspaceNotFound', `There is no workspace '${workspace}'.`);
  if (access === undefined || (access === 'administrator' && !principal.administrator)) {
    throw new ForbiddenError('This is for administrators of the installation.');
  }
  if (access === 'administrator' || covers(role, access)) return true;
  throw new ForbiddenError(
    `Your role in workspace '${workspace}' is ${role}, and this takes ${access}. An owner of the workspace can give it to you.`,
  );
}

/** Of a controller's several paths the one with the parameters that the request has. */
function matching(paths: string[], params: Record<string, unknown>): string {
  const named = (path: string) => [...path.matchAll(/[:*](\w+)/g)].every(([, name]) => name! in params);
  return paths.filter(named).sort((a, b) => b.length - a.length)[0] ?? '';
}

/** For logs and traces. */
function noteSubject(context: RequestContext, params: HttpRequest['params']): void {
  const [experiment, job] = [text(params['experiment']), text(params['job'])];
  if (experiment !== undefined) context.experiment = experiment;
  if (job !== undefined) context.job = job;
}

function text(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
