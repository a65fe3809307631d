import { batchError, invalidProperty } from '../errors';
import type { NameValue } from '../wire/types';

const ID = /^[A-Za-z0-9_-]{1,64}$/;

/** Ids of pools, jobs and tasks ("any combination of alphanumeric characters including hyphens and underscores", 64). */
export function checkId(id: string): void {
  if (!ID.test(id)) {
    throw invalidProperty('id', id, 'The id may have 1 to 64 letters, digits, hyphens and underscores.');
  }
}

/** "Display name": up to 1024 Unicode characters. */
export function checkDisplayName(name: string | undefined): void {
  if (name !== undefined && [...name].length > 1024) {
    throw invalidProperty(
      'displayName',
      `${name.slice(0, 32)}...`,
      'The display name may have at most 1024 characters.',
    );
  }
}

/** Metadata of pools, jobs and job schedules. */
export function checkMetadata(items: readonly NameValue[] | undefined): void {
  if (items?.some(({ name }) => name === '')) throw batchError('EmptyMetadataKey');
}

/** "maxTaskRetryCount": -1 for no limit. */
export function checkRetries(count: number | undefined): void {
  checkRange('maxTaskRetryCount', count, -1, 2_147_483_647);
}

export function checkRange(name: string, value: number | undefined, min: number, max: number): void {
  if (value !== undefined && (value < min || value > max)) {
    throw invalidProperty(name, value, `The value must be between ${min} and ${max}.`);
  }
}
