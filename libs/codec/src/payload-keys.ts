export interface PayloadKey {
  /** Stands beside each payload in clear, so that the key can be found again. */
  id: string;
  /** 32 bytes. */
  key: Buffer;
}

const KEY_BYTES = 32;
const ENTRY = /^([A-Za-z0-9][A-Za-z0-9_.-]{0,31}):([A-Za-z0-9+/]{43}=)$/;

/**
 * Reads `id:base64,id:base64`: the first key encrypts, all of them decrypt, so that a key is changed by putting the new
 * one in front. @throws Error that names the entry by its place; a key never stands in a message
 */
export function parsePayloadKeys(text: string): PayloadKey[] {
  const entries = text.split(',').map((entry) => entry.trim());
  const keys = entries.map((entry, place) => {
    const [, id = '', encoded = ''] = ENTRY.exec(entry) ?? [];
    const key = Buffer.from(encoded, 'base64');
    if (key.length === KEY_BYTES) return { id, key };
    throw new Error(
      `entry ${place + 1} is not of the form id:key with ${KEY_BYTES} bytes in base64 (openssl rand -base64 ${KEY_BYTES})`,
    );
  });
  const ids = keys.map(({ id }) => id);
  const twice = ids.find((id, place) => ids.indexOf(id) !== place);
  if (twice !== undefined) throw new Error(`key '${twice}' is there twice`);
  return keys;
}
