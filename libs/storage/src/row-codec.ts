import type { JobProgress, JobRow, OwnerNote } from '@windrow/contract';
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
  const text = ascii(JSON.stringify(row));
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

/** The row, with the progress of what is live, the note of its owner and its deletion laid over it. */
export function rowOf<T>(properties: Record<string, unknown>): T {
  const row = decodeRow<T & Pick<JobRow, 'live'>>(properties);
  const noted = withNote(withProgress(row, properties), noteOf(properties));
  return properties['deleting'] === true ? { ...noted, deleting: true } : noted;
}

function withProgress<T extends Pick<JobRow, 'live'>>(row: T, { progress: text }: Record<string, unknown>): T {
  if (typeof text !== 'string' || row.live === undefined) return row;
  const progress = JSON.parse(text) as JobProgress;
  return progress.live === row.live ? { ...row, ...progress } : row;
}

/** What the owner wrote beside the row, if anything. */
export function noteOf({ note }: Record<string, unknown>): OwnerNote | undefined {
  return typeof note === 'string' ? (JSON.parse(note) as OwnerNote) : undefined;
}

function withNote<T>(row: T, note: OwnerNote | undefined): T {
  if (!note) return row;
  const { displayName: _before, ...rest } = row as T & { displayName?: string };
  const { displayName, labels } = note;
  return { ...rest, ...(displayName !== null && { displayName }), labels } as T;
}

/** As a property; ASCII, as in {@link encodeRow}. */
export function encodeNote(note: OwnerNote): { note: string } {
  return { note: ascii(JSON.stringify(note)) };
}

function ascii(text: string): string {
  return text.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
