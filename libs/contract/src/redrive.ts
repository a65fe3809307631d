/** A job that is run again for what failed or never ran: what is different then, and which tasks are meant. */
import { inRanges, parseRanges } from './ranges';
import { FailureType } from './failures';
import type { JobRow } from './rows';
import type { FailureCategory, JobSpec, RedriveSpec, ReduceGather, TaskFilter } from './spec';
import { isClusterReference } from './spec';

export const DEFAULT_REDRIVE_DELAY = 'PT10M';

/** The job as a redrive runs it. What the redrive does not speak of is as the job was submitted. */
export function redriven(spec: JobSpec, { task, gather, pool, execution }: RedriveSpec): JobSpec {
  const environment = { ...spec.task.environment, ...task?.environment };
  const toleratedFailures = { ...spec.execution?.toleratedFailures, ...execution?.toleratedFailures };
  return {
    ...spec,
    task: { ...spec.task, ...task, ...(Object.keys(environment).length > 0 && { environment }) },
    ...(gather && spec.gather?.kind === 'reduce' && { gather: redrivenReduce(spec.gather, gather) }),
    ...(pool && !isClusterReference(spec.pool) && { pool: { ...spec.pool, ...pool } }),
    ...(execution && {
      execution: {
        ...spec.execution,
        ...execution,
        ...(Object.keys(toleratedFailures).length > 0 && { toleratedFailures }),
      },
    }),
  };
}

function redrivenReduce(spec: ReduceGather, change: NonNullable<RedriveSpec['gather']>): ReduceGather {
  const environment = { ...spec.environment, ...change.environment };
  return { ...spec, ...change, ...(Object.keys(environment).length > 0 && { environment }) };
}

/** Whether the gather is what an ended job failed for: it can be run again although every task has succeeded. */
export function failedToGather({ error }: Pick<JobRow, 'error'>): boolean {
  return error?.code === FailureType.gatherFailed;
}

/** What a filter looks at; `failure` is absent for a task that never ran. */
export interface FilteredTask {
  task: number;
  failure?: { exitCode?: number; category?: FailureCategory; code?: string };
}

/** Whether a task that failed or never ran matches each member of the filter; one that never ran has no cause to match. */
export function filterOf(filter: TaskFilter = {}): (candidate: FilteredTask) => boolean {
  const ranges = filter.tasks === undefined ? undefined : (parseRanges(filter.tasks) ?? []);
  const ofCause = causeFilter(filter);
  return ({ task, failure }) => {
    if (ranges && !inRanges(ranges, task)) return false;
    return ofCause === undefined || (failure !== undefined && ofCause(failure));
  };
}

/** The members that speak of a failure's cause; undefined when there is none. */
export function causeFilter({
  exitCodes,
  categories,
  codes,
}: TaskFilter): ((failure: NonNullable<FilteredTask['failure']>) => boolean) | undefined {
  if (!exitCodes && !categories && !codes) return undefined;
  return ({ exitCode, category, code }) =>
    (!exitCodes || (exitCode !== undefined && exitCodes.includes(exitCode))) &&
    (!categories || (category !== undefined && categories.includes(category))) &&
    (!codes || (code !== undefined && codes.includes(code)));
}
