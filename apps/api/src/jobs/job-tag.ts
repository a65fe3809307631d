import type { JobRow } from '@windrow/contract';
import { etagOf, type TagCondition } from '../http/etags';

/**
 * Entity tag of a job, of two parts: what its owner decides, and all that is shown. A job that runs changes all the
 * time; `If-None-Match` goes by the whole, and `If-Match` by what somebody else may have decided meanwhile.
 */
export function jobTag(row: JobRow): string {
  return `${ownerTag(row).slice(0, -1)}-${etagOf(row).slice(1)}`;
}

/** @throws PreconditionFailedError; undefined: there is no such job */
export function checkJob(condition: TagCondition, row: JobRow | undefined): void {
  condition.ofPart((tag) => tag.replace(/-.*(?=")/, '')).check(row && ownerTag(row));
}

/** Of a running job `execution` is known once it is planned: from then on it is another version. */
function ownerTag({ uid, displayName, labels, execution }: JobRow): string {
  return etagOf({ uid, displayName, labels, execution });
}
