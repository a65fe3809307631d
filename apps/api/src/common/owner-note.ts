import type { OwnerNote } from '@windrow/contract';
import { InvalidRequestError } from './errors';
import { mergedLabels } from './validation/merge-fields';

/** Members of a merge patch that every resource has. */
export interface NoteChange {
  displayName?: string | null;
  labels?: Record<string, string | null>;
}

/** Display name and labels as a merge patch leaves them. @throws InvalidRequestError when labels become too many */
export function changedNote(
  { displayName, labels = {} }: { displayName?: string; labels?: Record<string, string> },
  change: NoteChange,
): OwnerNote {
  const merged = mergedLabels(labels, change.labels);
  if (!merged) {
    throw new InvalidRequestError([
      { path: '$.labels', code: 'InvalidValue', message: 'must not leave more than 50 labels; take some away by null' },
    ]);
  }
  return { displayName: change.displayName === undefined ? (displayName ?? null) : change.displayName, labels: merged };
}
