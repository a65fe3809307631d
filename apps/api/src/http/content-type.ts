import { UnsupportedMediaTypeException } from '@nestjs/common';
import { InvalidRequestError } from '../common/errors';
import type { HttpRequest, HttpResponse, Next } from './exchange';

const JSON_TYPE = /^application\/(?:json|[\w.-]+\+json)\s*(?:;|$)/i;

/** Bodies are JSON; anything else is refused before it is read. */
export function jsonOnly(request: HttpRequest, _response: HttpResponse, next: Next): void {
  const { 'content-length': length, 'transfer-encoding': chunked, 'content-type': type = '' } = request.headers;
  const hasBody = chunked !== undefined || Number(length ?? 0) > 0;
  if (hasBody && !JSON_TYPE.test(type)) return next(new UnsupportedMediaTypeException());
  next();
}

export function isJson({ headers }: { headers: Record<string, unknown> }): boolean {
  return typeof headers['content-type'] === 'string' && JSON_TYPE.test(headers['content-type']);
}

/** Says which mistake a body has; the parser's own words are all the same to a program. */
export function malformedBody(error: unknown, _request: HttpRequest, _response: HttpResponse, next: Next): void {
  const malformed = error instanceof Error && 'type' in error && error.type === 'entity.parse.failed';
  if (!malformed) return next(error);
  const message = `is not JSON: ${error.message}`;
  next(
    new InvalidRequestError([{ path: '$', code: 'MalformedJson', message }], `The body ${message}`, 'MalformedJson'),
  );
}
