import type { ExecutionChange, PauseRequest, Priority } from '@windrow/contract';
import { PRIORITIES } from '@windrow/contract';
import { Nested } from '../../common/validation/collections';
import { Choice, Duration, Int, Time } from '../../common/validation/fields';
import { LabelsChange, TextChange } from '../../common/validation/merge-fields';
import { labelComplaint } from './patterns';
import { ToleratedFailuresDto } from './execution.dto';

const RUNNING = ['wait', 'requeue'] as const;

export class PauseDto implements Partial<PauseRequest> {
  static readonly bodyMayBeAbsent = true;

  @Choice({ description: 'Tasks that run end (`wait`), or are stopped and run again later.', default: 'wait' }, RUNNING)
  running?: PauseRequest['running'];
}

export class ExecutionChangeDto implements ExecutionChange {
  @Int({ description: 'Tasks at most that run side by side; those that run already go on.', example: 50 }, 1)
  maxParallelTasks?: number;

  @Choice({ description: 'Place among the jobs of the same cluster.', example: 'high' }, PRIORITIES)
  priority?: Priority;

  @Nested({ description: 'Failures that do not fail the job.' }, () => ToleratedFailuresDto)
  toleratedFailures?: ToleratedFailuresDto;

  @Time({ description: 'Point in time by which the job has to have ended.' })
  deadline?: string;

  @Duration({ description: 'Time limit of the job, from the end of its planning.', example: 'P1D' })
  timeout?: string;
}

export class JobChangeDto {
  @TextChange({ description: 'Title for people; null takes it away. At any time.', example: 'Word count' })
  displayName?: string | null;

  @LabelsChange(
    { description: 'Labels to set, or by null to take away. At any time.', example: { team: 'aero', old: null } },
    labelComplaint,
  )
  labels?: Record<string, string | null>;

  @Nested({ description: 'How it is to run from now on; while it does.' }, () => ExecutionChangeDto)
  execution?: ExecutionChangeDto;
}

export const PAUSE_EXAMPLES = { 'wait for running tasks': {}, 'put them back': { running: 'requeue' } };
export const CHANGE_EXAMPLES = {
  'fewer at once': { execution: { maxParallelTasks: 10, priority: 'low' } },
  'another title': { displayName: 'Nightly' },
};
