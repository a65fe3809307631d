import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { randomUid } from '../../common/ids';
import type { Role } from '../principal';

/** What every key begins with, so that scanners of source code can find one that was left there. */
export const KEY_PREFIX = 'wdr_';

const SECRET_BYTES = 32;
const FORM = /^wdr_([0-9a-z]{16})_[A-Za-z0-9_-]{43}$/;

/** A key at rest. */
export interface ApiKeyRecord {
  /** SHA-256 of the whole key, in hex. A slow hash is for what people think up; this has 256 random bits. */
  sha256: string;
  displayName: string;
  administrator: boolean;
  roles: Record<string, Role>;
  /** Owners of this workspace see it and may revoke it: it gives a role there, and nothing else. */
  workspace?: string;
  /** Principal that made it. */
  createdBy: string;
  createdTime: string;
  expiresTime: string;
  /** To the hour. */
  lastUsedTime?: string;
}

/** A new key, `wdr_{id}_{secret}`. Nobody can find the secret again. */
export function newKey(): { id: string; key: string } {
  const id = randomUid();
  return { id, key: `${KEY_PREFIX}${id}_${randomBytes(SECRET_BYTES).toString('base64url')}` };
}

/** The id in a key; undefined when the text is none. */
export function idOfKey(key: string): string | undefined {
  return FORM.exec(key)?.[1];
}

export function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** Takes as long for a wrong key as for the right one. */
export function isKey(key: string, sha256: string): boolean {
  const [given, known] = [Buffer.from(hashOf(key), 'hex'), Buffer.from(sha256, 'hex')];
  return given.length === known.length && timingSafeEqual(given, known);
}
