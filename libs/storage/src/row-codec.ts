import type { JobProgress, JobRow } from '@windrow/contract';
import { StorageRefusedError } from './errors';

/** Most characters in one property; Azure's limit is 64 KiB in UTF-16. */
const CHARACTERS_PER_PROPERTY = 32_000;
/** An entity may hold 1 MiB in all; the rest is for keys and columns. */
const MAX_CHARACTERS = 15 * CHARACTERS_PER_PROPERTY;

/**
 * A row as properties `d0`, `d1`, ..., whose texts together are its JSON. All ASCII: a cut never falls into a
 * character, and Azurite 3.35 breaks characters that straddle two packets of a large request.
 * @throws StorageRefusedError code `EntityTooLarge`
 */
export function encodeRow(row: object): Record<string, string> {
  const text = JSON.stringify(row).replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  if (text.length > MAX_CHARACTERS) {
    throw new StorageRefusedError(
      `A catalogue row of ${text.length} characters exceeds the limit of ${MAX_CHARACTERS}.`,
      { code: 'EntityTooLarge' },
    );
  }
  const properties: Record<string, string> = {};
  for (let n = 0; n * CHARACTERS_PER_PROPERTY < text.length; n += 1) {
    properties[`d${n}`] = text.slice(n * CHARACTERS_PER_PROPERTY, (n + 1) * CHARACTERS_PER_PROPERTY);
  }
  return properties;
}

/** The row that {@link encodeRow} made these properties of. */
export function decodeRow<T>(properties: Record<string, unknown>): T {
  let text = '';
  for (let n = 0; typeof properties[`d${n}`] === 'string'; n += 1) text += properties[`d${n}`] as string;
  return JSON.parse(text) as T;
}

/** The row, with the progress that was written since laid over it. Rows of other kinds have none. */
export function withProgress<T>(properties: Record<string, unknown>): T {
  const row = decodeRow<T>(properties);
  if (typeof properties.progress !== 'string') return row;
  const progress = JSON.parse(properties.progress) as JobProgress;
  return progress.updatedTime < (row as JobRow).updatedTime ? row : { ...row, ...progress };
}
