import { createHash } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { canonicalJson } from '@windrow/storage';
import { InvalidRequestError, PreconditionFailedError } from '../common/errors';
import type { HttpRequest, HttpResponse } from './exchange';

const TAG = /^(?:W\/)?"[\x21\x23-\x7e]*"$/;

/** Entity tag of what is shown: another one whenever `version` is another. */
export function etagOf(version: unknown): string {
  return `"${createHash('sha256').update(canonicalJson(version)).digest('hex').slice(0, 20)}"`;
}

export function setEtag(response: HttpResponse, etag: string): void {
  response.setHeader('ETag', etag);
}

/** Condition of an `If-Match` or `If-None-Match` header. */
export class TagCondition {
  constructor(private readonly tags: '*' | string[]) {}

  /** Weak tags count as equal to strong ones: they name versions, whatever the bytes. */
  matches(etag: string | undefined): boolean {
    if (etag === undefined) return false;
    return this.tags === '*' || this.tags.some((tag) => strong(tag) === strong(etag));
  }

  /** The condition as to one part of the tags, the same `part` that the etag it is held against was made by. */
  ofPart(part: (tag: string) => string): TagCondition {
    return this.tags === '*' ? this : new TagCondition(this.tags.map((tag) => part(strong(tag))));
  }

  /** @throws PreconditionFailedError unless it matches; undefined: the resource is not there */
  check(etag: string | undefined): void {
    if (this.matches(etag)) return;
    throw new PreconditionFailedError(
      etag === undefined
        ? 'There is no such resource, and If-Match asks for one.'
        : `The resource is not the version that If-Match names; its ETag is ${etag}. Read it again, and decide anew.`,
    );
  }
}

function strong(tag: string): string {
  return tag.replace(/^W\//, '');
}

/** The condition of the request, where it has one. @throws InvalidRequestError */
export function tagCondition(header: string | undefined, name: string): TagCondition | undefined {
  if (header === undefined) return undefined;
  const tags = header.split(',').map((tag) => tag.trim());
  if (tags.length === 1 && tags[0] === '*') return new TagCondition('*');
  if (tags.every((tag) => TAG.test(tag))) return new TagCondition(tags);
  const message = 'must be * or entity tags as ETag headers give them, quotes included';
  throw new InvalidRequestError([{ path: name, code: 'InvalidHeader', message }]);
}

/** For the description of routes. */
export const IF_MATCH = { name: 'If-Match', required: false, description: 'Only of this version; 412 of another one.' };

/** The `If-Match` header. */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext): TagCondition | undefined => {
  return tagCondition(context.switchToHttp().getRequest<HttpRequest>().headers['if-match'], 'If-Match');
});

/** The `If-None-Match` header. */
export const IfNoneMatch = createParamDecorator((_: unknown, context: ExecutionContext): TagCondition | undefined => {
  return tagCondition(context.switchToHttp().getRequest<HttpRequest>().headers['if-none-match'], 'If-None-Match');
});
