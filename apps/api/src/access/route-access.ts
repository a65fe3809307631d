import { type ExecutionContext, RequestMethod, SetMetadata, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants';
import type { Role } from './principal';

/**
 * Who may use a route: `open` all, `caller` whoever has said who they are, `administrator`, or who has at least this
 * role in the workspace of the path.
 */
export type RouteAccess = 'open' | 'caller' | 'administrator' | Role;

const KEY = 'windrow:access';

/** Says who may use a route, or the routes of a controller, where {@link accessTo}'s rule by method does not fit. */
export const Access = (access: RouteAccess) => SetMetadata(KEY, access);

/** As Nest hands it to guards. */
export type Handler = ReturnType<ExecutionContext['getHandler']>;

/**
 * The one decision about a route: what a decorator says; else, within a workspace, reading is for readers and all else
 * for contributors. Undefined for any other route: nobody may use it.
 */
export function accessTo(controller: Type<unknown>, handler: Handler): RouteAccess | undefined {
  const told = metadata<RouteAccess>(KEY, handler) ?? metadata<RouteAccess>(KEY, controller);
  if (told !== undefined) return told;
  if (!pathsOf(controller, handler).every(isInWorkspace)) return undefined;
  return metadata<RequestMethod>(METHOD_METADATA, handler) === RequestMethod.GET ? 'reader' : 'contributor';
}

/** Paths of a route, as routers know them and with a slash before. */
export function pathsOf(controller: Type<unknown>, handler: Handler): string[] {
  return list(metadata<string | string[]>(PATH_METADATA, controller)).flatMap((root) =>
    list(metadata<string | string[]>(PATH_METADATA, handler)).map((path) =>
      `/${root}/${path}`.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1'),
    ),
  );
}

/** The flat paths stand for the default workspace. */
export function isInWorkspace(path: string): boolean {
  return /^\/v1\/(?:workspaces\/:workspace|jobs|clusters|fileServers|schedules|applications)(?:\/|$)/.test(path);
}

function list(value: string | string[] | undefined): string[] {
  return Array.isArray(value) ? value : [value ?? ''];
}

function metadata<T>(key: string, target: object): T | undefined {
  return Reflect.getMetadata(key, target) as T | undefined;
}
