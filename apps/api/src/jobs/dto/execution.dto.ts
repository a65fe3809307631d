import {
  type AutoRedriveSpec,
  type BudgetSpec,
  type CleanupSpec,
  DEFAULT_BACKOFF,
  DEFAULT_REDRIVE_DELAY,
  DEFAULT_RETENTION,
  type ExecutionSpec,
  FAILURE_CATEGORIES,
  type FailureCategory,
  PRIORITIES,
  type Priority,
  type RetryRule,
  type TaskFilter,
} from '@windrow/contract';
import { Dictionary, IntList, Nested, NestedList, TextList } from '../../common/validation/collections';
import { Choice, Duration, Int, isOneOf, Num, Text, Time } from '../../common/validation/fields';
import { variableComplaint } from './patterns';
import { MAX_SLOTS, MAX_VARIABLES, Ranges, RANGES } from './task.dto';

export class ToleratedFailuresDto {
  @Int({ description: 'Failed tasks the job may have.', default: 0 }, 0)
  count?: number;

  @Num({ description: 'The same as a share of all tasks, in percent.', default: 0 }, 0, 100)
  percent?: number;
}

/** Causes of failures. */
export class RetryOnDto {
  @IntList({ description: 'Exit codes.', example: [75] }, { min: 1, max: 256 })
  exitCodes?: number[];

  @TextList(
    { description: `Kinds of failure: ${FAILURE_CATEGORIES.join(', ')}.`, example: ['timeout'] },
    { min: 1, max: FAILURE_CATEGORIES.length },
    (category) =>
      isOneOf(FAILURE_CATEGORIES, category) ? undefined : `must be one of ${FAILURE_CATEGORIES.join(', ')}`,
  )
  categories?: FailureCategory[];

  @TextList({ description: "Batch's own failure codes.", example: ['DiskFull'] }, { min: 1, max: 100 })
  codes?: string[];
}

/** Tasks that match each member given. */
export class TaskFilterDto extends RetryOnDto implements TaskFilter {
  @Text({ description: 'Indexes and ranges.', example: '0-9,12' }, RANGES)
  @Ranges()
  tasks?: string;
}

export class AutoRedriveDto implements AutoRedriveSpec {
  @Int({ description: 'Redrives at most after each start by hand.', example: 1, required: true }, 1, 100)
  max!: number;

  @Duration({
    description: 'Wait before each of them, in which the job holds nothing.',
    default: DEFAULT_REDRIVE_DELAY,
  })
  delay?: string;

  @Nested(
    {
      description:
        'Only failures that it matches are run again, and with them what never ran, or was ended, because of failures.',
    },
    () => TaskFilterDto,
  )
  onlyIf?: TaskFilterDto;
}

export class BackoffDto {
  @Duration({ description: 'Wait before the second attempt.', default: DEFAULT_BACKOFF.initial })
  initial?: string;

  @Num({ description: 'Factor between one wait and the next.', default: DEFAULT_BACKOFF.coefficient }, 1, 10)
  coefficient?: number;

  @Duration({ description: 'Longest wait.', default: DEFAULT_BACKOFF.max })
  max?: string;
}

export class RetryChangeDto {
  @Int({ description: 'Slots of a node that the task takes.', example: 2 }, 1, MAX_SLOTS)
  requiredSlots?: number;

  @Dictionary(
    { description: "Added to the task's environment; values are taken as they are.", example: { MODE: 'careful' } },
    MAX_VARIABLES,
    variableComplaint,
  )
  environment?: Record<string, string>;
}

export class RetryRuleDto implements RetryRule {
  @Nested({ description: 'Which failures; a rule needs at least one condition.', required: true }, () => RetryOnDto)
  on!: RetryOnDto;

  @Int({ description: 'Attempts in all, the first included.', example: 3, required: true }, 1, 20)
  attempts!: number;

  @Nested({ description: 'Waits between the attempts.' }, () => BackoffDto)
  backoff?: BackoffDto;

  @Nested(
    { description: 'What is different for the further attempts of tasks that the rule matched.' },
    () => RetryChangeDto,
  )
  change?: RetryChangeDto;
}

export class BudgetDto implements BudgetSpec {
  @Num({ description: 'Hours of nodes, dedicated and spot ones together.', example: 100 }, 0)
  nodeHours?: number;

  @Num({ description: "In the currency of the deployment's prices.", example: 25 }, 0)
  cost?: number;
}

export class ExecutionDto implements ExecutionSpec {
  @Int({ description: 'Tasks at most that run side by side.', example: 500 }, 1)
  maxParallelTasks?: number;

  @Choice({ description: 'Place among the jobs that wait for the same cluster.', default: 'normal' }, PRIORITIES)
  priority?: Priority;

  @Duration({ description: 'Time limit of the job.', example: 'P1D', default: 'P7D' })
  timeout?: string;

  @Time({ description: 'Point in time by which the job has to have ended; whichever of the two limits is first.' })
  deadline?: string;

  @Nested({ description: 'Failures that do not fail the job.' }, () => ToleratedFailuresDto)
  toleratedFailures?: ToleratedFailuresDto;

  @NestedList({ description: 'Failures worth another attempt; the first rule that fits counts.' }, () => RetryRuleDto, {
    max: 20,
  })
  retryRules?: RetryRuleDto[];

  @Nested(
    {
      description:
        'What the job may use. When it is used up no task starts any more, those that run end, and the job fails with `BudgetExceeded`.',
    },
    () => BudgetDto,
  )
  budget?: BudgetDto;

  @Nested(
    { description: 'Redrives the job by itself when it failed for the failures of its tasks.' },
    () => AutoRedriveDto,
  )
  autoRedrive?: AutoRedriveDto;
}

const DELETE_OR_KEEP = ['delete', 'keep'] as const;

export class CleanupDto implements CleanupSpec {
  @Choice({ description: 'The Batch jobs.', default: 'delete' }, DELETE_OR_KEEP)
  batchJob?: 'delete' | 'keep';

  @Choice({ description: "The job's own pool.", default: 'delete' }, DELETE_OR_KEEP)
  pool?: 'delete' | 'keep';

  @Choice({ description: 'Staged inputs.', default: 'delete' }, DELETE_OR_KEEP)
  staged?: 'delete' | 'keep';

  @Duration({
    description:
      'How long after its end a job can be redriven, and what that needs is kept. Staged inputs of a job without failures go at once.',
    default: DEFAULT_RETENTION,
  })
  retention?: string;
}
