import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import type { PayloadKey } from './payload-keys';

const Wire = temporal.api.common.v1.Payload;
const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** As Temporal's own samples name them, so that their tools know such a payload when they see one. */
const ENCODING = Buffer.from('binary/encrypted');
const ENCODING_FIELD = 'encoding';
const KEY_FIELD = 'encryption-key-id';

/** Thrown for a payload that cannot be read: its key is not configured, or it was changed. */
export class PayloadUnreadableError extends Error {}

/**
 * Encrypts every payload as a whole, its own metadata included: nonce, ciphertext, tag. The id of the key is
 * authenticated with it. What is not encrypted is read as it is: histories from before a key was configured.
 */
export class EncryptionCodec implements PayloadCodec {
  private readonly keys: ReadonlyMap<string, Buffer>;
  private readonly current: PayloadKey;

  /** @param keys at least one; the first encrypts */
  constructor(keys: readonly PayloadKey[]) {
    if (!keys[0]) throw new RangeError('A codec needs a key.');
    this.current = keys[0];
    this.keys = new Map(keys.map(({ id, key }) => [id, key]));
  }

  async encode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) => this.encrypt(payload));
  }

  /** @throws PayloadUnreadableError */
  async decode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) => (isEncrypted(payload) ? this.decrypt(payload) : payload));
  }

  private encrypt(payload: Payload): Payload {
    const { id, key } = this.current;
    const nonce = randomBytes(NONCE_BYTES);
    const keyId = Buffer.from(id);
    const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(keyId);
    const data = Buffer.concat([nonce, cipher.update(Wire.encode(payload).finish()), cipher.final()]);
    return {
      metadata: { [ENCODING_FIELD]: ENCODING, [KEY_FIELD]: keyId },
      data: Buffer.concat([data, cipher.getAuthTag()]),
    };
  }

  private decrypt({ metadata, data }: Payload): Payload {
    const keyId = Buffer.from(metadata?.[KEY_FIELD] ?? []);
    const key = this.keys.get(keyId.toString());
    if (!key) {
      throw new PayloadUnreadableError(
        `A payload is encrypted with key '${keyId.toString()}', which is not configured. Add it to WINDROW_PAYLOAD_KEYS, behind the one in use.`,
      );
    }
    const bytes = Buffer.from(data ?? []);
    try {
      const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
        .setAAD(keyId)
        .setAuthTag(bytes.subarray(-TAG_BYTES));
      const plain = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
      const { metadata: inner, data: content } = Wire.decode(plain);
      return { metadata: inner, data: content };
    } catch {
      throw new PayloadUnreadableError(
        `A payload that names key '${keyId.toString()}' was changed, or was encrypted with another key of that name.`,
      );
    }
  }
}

function isEncrypted({ metadata }: Payload): boolean {
  return ENCODING.equals(metadata?.[ENCODING_FIELD] ?? Buffer.alloc(0));
}
