import { createHash, randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** Random, lower case, 16 characters (80 bits): names blobs and Batch resources, so never reused. */
export function randomUid(): string {
  return Array.from(randomBytes(16), (byte) => ALPHABET[byte % 32]).join('');
}

/** A name for what was given none: sorts by time of creation. */
export function sortableName(now: number, letter = 'j'): string {
  return `${letter}${base32(now, 9)}${randomUid().slice(0, 6)}`;
}

function base32(value: number, width: number): string {
  let text = '';
  for (let rest = value, place = 0; place < width; place++, rest = Math.floor(rest / 32)) {
    text = (ALPHABET[rest % 32] ?? '') + text;
  }
  return text;
}

/** The name that an `Idempotency-Key` stands for; the key itself may be a secret of the client's. */
export function nameOfKey(letter: string, idempotencyKey: string): string {
  return `${letter}${createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 20)}`;
}
