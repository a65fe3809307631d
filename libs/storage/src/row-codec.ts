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
export function encodeRow(row: object): Record<string, string | number> {
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
  const parts = Math.ceil(text.length / CHARACTERS_PER_PROPERTY);
  const properties: Record<string, string | number> = { parts };
  for (let n = 0; n < parts; n += 1) {
    properties[`d${n}`] = text.slice(n * CHARACTERS_PER_PROPERTY, (n + 1) * CHARACTERS_PER_PROPERTY);
  }
  return properties;
}

/** The row that {@link encodeRow} made these properties of. */
export function decodeRow<T>(properties: Record<string, unknown>): T {
  let text = '';
  // A merge leaves the last properties of a longer row behind: the count says which are of this one.
  for (let n = 0; n < Number(properties.parts); n += 1) text += properties[`d${n}`] as string;
  return JSON.parse(text) as T;
}

/** The row, with the progress of what is live laid over it. Rows of other kinds have none. */
export function withProgress<T>(properties: Record<string, unknown>): T {
  const row = decodeRow<T & Pick<JobRow, 'live'>>(properties);
  if (typeof properties.progress !== 'string' || row.live === undefined) return row;
  const progress = JSON.parse(properties.progress) as JobProgress;
  return progress.live === row.live ? { ...row, ...progress } : row;
}
