import {
  causeFilter,
  completeCleanup,
  durationMs,
  failedToGather,
  type FailureGroup,
  isClusterReference,
  type JobRow,
  type JobSpec,
  parseRanges,
  type RedriveSpec,
} from '@windrow/contract';
import { ConflictError, type FieldError, GoneError } from '../common/errors';

/** The row keeps so many groups of failures; with fewer, those are all there are. */
const MAX_GROUPS = 20;

/**
 * Why an ended job cannot be redriven, as far as its row tells.
 * @param spec with the changes of the redrive
 * @throws ConflictError `NothingToRedrive`, `BudgetUsedUp`; GoneError `RetentionOver`
 */
export function refuseRow(row: JobRow, spec: JobSpec, { filter = {} }: RedriveSpec): void {
  const { job, counts, endTime } = row;
  // The gather failed: whichever tasks run again, or none, it runs again.
  const gathers = failedToGather(row);
  if (!gathers && counts.total > 0 && counts.succeeded === counts.total) {
    throw nothing(`All ${counts.total} tasks of job '${job}' have succeeded: there is nothing to run again.`);
  }
  const { retention } = completeCleanup(spec);
  if (endTime !== undefined && Date.parse(endTime) + durationMs(retention) < Date.now()) {
    throw new GoneError(
      'RetentionOver',
      `Job '${job}' ended at ${endTime}, and could be redriven for ${retention} (cleanup.retention). Submit it again under another name.`,
    );
  }
  const first = filter.tasks === undefined ? 0 : (parseRanges(filter.tasks)?.[0]?.from ?? 0);
  if (counts.total > 0 && first >= counts.total) {
    throw nothing(`Filter '${filter.tasks}' begins above the ${counts.total} tasks of job '${job}'.`);
  }
  const matches = causeFilter(filter);
  if (
    !gathers &&
    matches &&
    row.failures.length > 0 &&
    row.failures.length < MAX_GROUPS &&
    !row.failures.some(matches)
  ) {
    throw nothing(`The filter matches none of the failures of job '${job}': ${groupsInWords(row.failures)}.`);
  }
  refuseBudget(row, spec);
}

/** What a redrive changes that its job has not. */
export function redriveErrors(spec: JobSpec, { gather, pool }: RedriveSpec): FieldError[] {
  const errors: FieldError[] = [];
  const refuse = (path: string, message: string) => errors.push({ path, code: 'NotApplicable', message });
  if (gather && spec.gather?.kind !== 'reduce') refuse('$.gather', 'is for jobs that reduce; this one does not');
  if (pool && isClusterReference(spec.pool)) {
    refuse('$.pool', `is for jobs with a pool of their own; this one runs on cluster '${spec.pool.cluster}'`);
  }
  return errors;
}

/** The budget is that of all runs together: what was used stays used. */
function refuseBudget({ job, usage }: JobRow, { execution }: JobSpec): void {
  const { nodeHours = Infinity, cost = Infinity } = execution?.budget ?? {};
  if (!usage) return;
  const hours = (usage.dedicatedNodeSeconds + usage.spotNodeSeconds) / 3600;
  if (hours < nodeHours && (usage.cost?.amount ?? 0) < cost) return;
  const used = hours >= nodeHours ? `${nodeHours} node-hours` : `${cost} ${usage.cost?.currency ?? ''}`.trim();
  throw new ConflictError(
    'BudgetUsedUp',
    `Job '${job}' has used up its budget of ${used}. Redrive it with a higher execution.budget, which is that of all its runs together.`,
  );
}

function nothing(message: string): ConflictError {
  return new ConflictError('NothingToRedrive', message);
}

function groupsInWords(groups: FailureGroup[]): string {
  return groups
    .map(({ category, code, exitCode, count }) => {
      const exit = exitCode === undefined ? '' : `, exit code ${exitCode}`;
      return `${count} of ${category} (${code}${exit})`;
    })
    .join('; ');
}
