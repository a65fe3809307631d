import type { SweeperReport, SweptKind } from '@windrow/contract';

/** Ids that a report names of each kind. */
const SHOWN = 20;

export function emptyReport(): SweeperReport {
  const staged = { ...none(), blobs: 0 };
  return { examined: 0, batchJobs: none(), pools: none(), staged, corrected: none() };
}

export function count(kind: SweptKind, id: string): void {
  kind.deleted += 1;
  if (kind.ids.length < SHOWN) kind.ids.push(id);
}

const none = (): SweptKind => ({ deleted: 0, ids: [] });
