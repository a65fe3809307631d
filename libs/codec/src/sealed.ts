/** Secrets at rest: AES-256-GCM with a key of the configuration, bound to the place they lie in. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

export interface SecretKey {
  /** Stands beside what it sealed, so that the key can be found again. */
  id: string;
  /** 32 bytes. */
  key: Buffer;
}

const KEY_BYTES = 32;
const IV_BYTES = 12;
const ENCODED = /^[A-Za-z0-9+/]{43}=$/;

/** Thrown when something sealed cannot be opened. */
export class SealError extends Error {}

/**
 * Reads `base64,base64`: the first key seals, all of them open, so that a key is changed by putting the new one in front.
 * @throws Error that names the entry by its place; a key never stands in a message
 */
export function parseSecretKeys(text: string): SecretKey[] {
  return text.split(',').map((entry, place) => {
    const encoded = entry.trim();
    const key = Buffer.from(encoded, 'base64');
    if (ENCODED.test(encoded) && key.length === KEY_BYTES) return { id: idOf(key), key };
    throw new Error(
      `entry ${place + 1} is not ${KEY_BYTES} bytes in base64 (openssl rand -base64 ${KEY_BYTES} makes one)`,
    );
  });
}

/** @param place where it will lie: it cannot be opened elsewhere */
export function seal([key]: readonly SecretKey[], secret: string, place: string): string {
  if (!key) throw new SealError('There is no key to seal with. Set WINDROW_SECRET_KEY.');
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key.key, iv).setAAD(Buffer.from(place));
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return [key.id, ...[iv, cipher.getAuthTag(), sealed].map((part) => part.toString('base64url'))].join('.');
}

/** @throws SealError */
export function unseal(keys: readonly SecretKey[], text: string, place: string): string {
  const [id, ...parts] = text.split('.');
  const key = keys.find((one) => one.id === id);
  if (!key) {
    throw new SealError(
      `It was sealed with key ${id}, which is not in WINDROW_SECRET_KEY. Add it behind the one in use.`,
    );
  }
  const [iv, tag, sealed] = parts.map((part) => Buffer.from(part, 'base64url'));
  try {
    const decipher = createDecipheriv('aes-256-gcm', key.key, iv!, { authTagLength: 16 }).setAAD(Buffer.from(place));
    return decipher.setAuthTag(tag!).update(sealed!, undefined, 'utf8') + decipher.final('utf8');
  } catch (error) {
    throw new SealError('It is damaged, or was sealed for another place.', { cause: error });
  }
}

function idOf(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}
