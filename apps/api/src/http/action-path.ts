import { NotFoundException } from '@nestjs/common';
import type { HttpRequest, HttpResponse, Next } from './exchange';

/** Marks an action in routes. No user's name begins with it, so no resource can be taken for an action. */
export const ACTION = '~';

const ACTION_SUFFIX = /^([^?]*?)(?:\/?:|\/?%3A)([a-z]+)(\?.*)?$/i;
const HIDDEN_ROUTE = /\/~[a-z]+(?:\?|$)/;

/**
 * Turns `POST .../{name}:cancel` into `POST .../{name}/~cancel`, which routers match plainly: in their patterns a
 * colon begins a parameter. Only POST has actions; elsewhere (file names, for one) a colon is just a colon.
 */
export function actionPath(request: HttpRequest, _response: HttpResponse, next: Next): void {
  const url = request.url ?? '';
  if (request.method !== 'POST') return next();
  if (HIDDEN_ROUTE.test(url)) return next(new NotFoundException());
  const match = ACTION_SUFFIX.exec(url);
  if (match) request.url = `${match[1]}/${ACTION}${match[2]}${match[3] ?? ''}`;
  next();
}

/** The path a client sees, from the one a router matches. */
export function publicPath(route: string): string {
  return route.replace(`/${ACTION}`, ':');
}
