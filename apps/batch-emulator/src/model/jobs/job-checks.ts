import { batchError, invalidProperty } from '../../errors';
import { parseDuration } from '../../util/duration';
import type { CommandSpec, JobSpecification } from '../../wire/types';
import { checkId, checkRange, checkRetries } from '../ids';
import { MAX_RELEASE_TIME, withJobTaskDefaults, type JobTasks } from './job-task-defaults';
import { checkCommandLine, checkResourceFiles, checkUserIdentity } from '../tasks/command-checks';

/** What "Job - Add" refuses of the tasks that belong to the job itself. */
export function checkJobTasks(spec: JobSpecification): void {
  const filled = withJobTaskDefaults(spec);
  const { jobManagerTask: manager, jobPreparationTask: preparation, jobReleaseTask: release } = filled;
  // Before defaults are filled in: they add an autoUser only where nothing was said.
  for (const task of [spec.jobManagerTask, spec.jobPreparationTask, spec.jobReleaseTask]) {
    checkUserIdentity(task?.userIdentity);
  }
  for (const task of [manager, preparation, release]) if (task) checkCommand(task);
  for (const task of [manager, preparation]) checkRetries(task?.constraints?.maxTaskRetryCount);
  if (release && !preparation) {
    throw invalidProperty('jobReleaseTask', release, 'A job release task needs a job preparation task beside it.');
  }
  if (release && preparation && sameId(release.id, preparation.id)) throw batchError('TaskIdSameAsJobPreparationTask');
  if (manager) {
    checkTaskId(filled, manager.id);
    checkRange('requiredSlots', manager.requiredSlots, 1, 256);
    if (manager.runExclusive && manager.requiredSlots !== 1) {
      throw invalidProperty(
        'requiredSlots',
        manager.requiredSlots,
        'A job manager that runs exclusively needs 1 slot.',
      );
    }
  }
  if (release && (parseDuration(release.maxWallClockTime ?? '') ?? 0) > (parseDuration(MAX_RELEASE_TIME) ?? 0)) {
    throw invalidProperty(
      'maxWallClockTime',
      release.maxWallClockTime,
      'The maximum for a job release task is 15 minutes.',
    );
  }
}

/** A task must not have the id of the job's preparation or release task. */
export function checkTaskId({ jobPreparationTask, jobReleaseTask }: JobTasks, id: string): void {
  if (jobPreparationTask && sameId(jobPreparationTask.id, id)) throw batchError('TaskIdSameAsJobPreparationTask');
  if (jobReleaseTask && sameId(jobReleaseTask.id, id)) throw batchError('TaskIdSameAsJobReleaseTask');
}

function checkCommand(spec: CommandSpec & { id?: string }): void {
  checkId(spec.id ?? '');
  checkCommandLine(spec.commandLine);
  checkResourceFiles(spec.resourceFiles);
}

const sameId = (a: string | undefined, b: string | undefined): boolean => a?.toLowerCase() === b?.toLowerCase();
