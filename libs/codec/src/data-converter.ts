import type { DataConverter } from '@temporalio/common';
import { EncryptionCodec } from './payload-codec';
import type { PayloadKey } from './payload-keys';

/** To be given to every client and worker alike. Without keys nothing is encrypted. */
export function dataConverterOf(keys: readonly PayloadKey[]): DataConverter {
  return keys.length === 0 ? {} : { payloadCodecs: [new EncryptionCodec(keys)] };
}
