import type { ExitOptions } from '../../wire/types';
import type { Task } from './task';

export type DependencyAction = NonNullable<ExitOptions['dependencyAction']>;
export type JobAction = NonNullable<ExitOptions['jobAction']>;

/** "ExitOptions.dependencyAction": by default only success lets dependents run. */
export function dependencyActionOf(task: Task): DependencyAction {
  return exitOptionsOf(task)?.dependencyAction ?? (task.succeeded ? 'satisfy' : 'block');
}

/** "ExitOptions.jobAction": by default any failure ends the job. */
export function jobActionOf(task: Task): JobAction {
  return exitOptionsOf(task)?.jobAction ?? (task.succeeded ? 'none' : 'terminate');
}

/**
 * "ExitConditions" in their order of precedence: the code, a range it is in, what failed beside the command, the
 * default, which never speaks for a success. A listed code keeps its say when an upload fails afterwards.
 */
function exitOptionsOf(task: Task): ExitOptions | undefined {
  const conditions = task.rules.exitConditions;
  if (!conditions) return undefined;
  const { exitCode: code, failure } = task;
  if (code !== undefined) {
    const exact = conditions.exitCodes?.find((mapping) => mapping.code === code);
    const range = conditions.exitCodeRanges?.find(({ start, end }) => start <= code && code <= end);
    const listed = exact ?? range;
    if (listed) return listed.exitOptions;
  }
  if (task.succeeded) return undefined;
  if (code === undefined && failure?.code !== 'TaskEnded' && conditions.preProcessingError) {
    return conditions.preProcessingError;
  }
  if (failure?.code.startsWith('FileUpload') && conditions.fileUploadError) return conditions.fileUploadError;
  return conditions.default;
}
