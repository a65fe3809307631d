import { batchError, invalidProperty } from '../../errors';
import type { ExitOptions, TaskSpec } from '../../wire/types';
import { checkCommandLine, checkResourceFiles, checkUserIdentity } from './command-checks';
import { MAX_TASK_NUMBER } from '../jobs/dependencies';
import { checkDisplayName, checkId, checkRange, checkRetries } from '../ids';
import type { Job } from '../jobs/job';
import { checkTaskId } from '../jobs/job-checks';
import type { Pool } from '../pools/pool';

/** "TaskDependencies.taskIds": all ids together; the documentation names no figure of its own for ranges. */
const MAX_DEPENDENCY_CHARACTERS = 64_000;

/** What "Task - Add" refuses, apart from the state of the job. */
export function checkTask(job: Job, pool: Pool | undefined, spec: TaskSpec): void {
  checkId(spec.id);
  checkTaskId(job.spec, spec.id);
  checkDisplayName(spec.displayName);
  checkRetries(spec.constraints?.maxTaskRetryCount);
  checkRange('requiredSlots', spec.requiredSlots, 1, 256);
  if (pool) checkRange('requiredSlots', spec.requiredSlots, 1, pool.slotsPerNode);
  checkCommandLine(spec.commandLine);
  checkUserIdentity(spec.userIdentity);
  checkDependencies(job, spec);
  checkExitConditions(job, spec);
  checkMultiInstance(spec);
  checkResourceFiles(spec.resourceFiles);
}

function checkDependencies(job: Job, { dependsOn }: TaskSpec): void {
  if (!dependsOn) return;
  if (!job.spec.usesTaskDependencies) throw batchError('TaskDependenciesNotSpecifiedOnJob');
  const characters = (dependsOn.taskIds ?? []).reduce((sum, id) => sum + id.length, 0);
  if (characters > MAX_DEPENDENCY_CHARACTERS) throw batchError('TaskDependencyListTooLong');
  const ranges = dependsOn.taskIdRanges ?? [];
  if (ranges.reduce((sum, { start, end }) => sum + `${start}${end}`.length, 0) > MAX_DEPENDENCY_CHARACTERS) {
    throw batchError('TaskDependencyRangesTooLong');
  }
  for (const range of ranges) {
    checkRange('start', range.start, 0, MAX_TASK_NUMBER);
    checkRange('end', range.end, 0, MAX_TASK_NUMBER);
    if (range.end < range.start) throw invalidProperty('taskIdRanges', range, 'A range must not end before it starts.');
  }
}

/** "ExitOptions": an action that the job does not provide for is refused rather than ignored. */
function checkExitConditions(job: Job, { exitConditions }: TaskSpec): void {
  if (!exitConditions) return;
  const { exitCodes = [], exitCodeRanges = [], preProcessingError, fileUploadError } = exitConditions;
  for (const range of exitCodeRanges) {
    if (range.end < range.start)
      throw invalidProperty('exitCodeRanges', range, 'A range must not end before it starts.');
  }
  const options: (ExitOptions | undefined)[] = [
    ...exitCodes.map((mapping) => mapping.exitOptions),
    ...exitCodeRanges.map((mapping) => mapping.exitOptions),
    preProcessingError,
    fileUploadError,
    exitConditions.default,
  ];
  for (const option of options) {
    if (option?.jobAction !== undefined && job.spec.onTaskFailure !== 'performexitoptionsjobaction') {
      throw invalidProperty('jobAction', option.jobAction, 'The onTaskFailure property of the job is noaction.');
    }
    if (option?.dependencyAction !== undefined && !job.spec.usesTaskDependencies) {
      throw invalidProperty('dependencyAction', option.dependencyAction, 'The job does not use task dependencies.');
    }
  }
}

/** "MultiInstanceSettings": every instance has a node to itself, hence one slot. */
function checkMultiInstance({ multiInstanceSettings: settings, requiredSlots }: TaskSpec): void {
  if (!settings) return;
  checkRange('numberOfInstances', settings.numberOfInstances, 1, Number.MAX_SAFE_INTEGER);
  if (settings.coordinationCommandLine.trim() === '')
    throw invalidProperty('coordinationCommandLine', '', 'The command line is empty.');
  checkResourceFiles(settings.commonResourceFiles);
  if (requiredSlots !== undefined && requiredSlots !== 1) {
    throw invalidProperty('requiredSlots', requiredSlots, 'A multi-instance task takes one slot of every node.');
  }
}
