import {
  type CleanupSpec,
  DEFAULT_BACKOFF,
  type ExecutionSpec,
  FAILURE_CATEGORIES,
  type FailureCategory,
  PRIORITIES,
  type Priority,
  type RetryRule,
} from '@windrow/contract';
import { IntList, Nested, NestedList, TextList } from '../../common/validation/collections';
import { Choice, Duration, Int, isOneOf, Num } from '../../common/validation/fields';

export class ToleratedFailuresDto {
  @Int({ description: 'Failed tasks the job may have.', default: 0 }, 0)
  count?: number;

  @Num({ description: 'The same as a share of all tasks, in percent.', default: 0 }, 0, 100)
  percent?: number;
}

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

export class BackoffDto {
  @Duration({ description: 'Wait before the second attempt.', default: DEFAULT_BACKOFF.initial })
  initial?: string;

  @Num({ description: 'Factor between one wait and the next.', default: DEFAULT_BACKOFF.coefficient }, 1, 10)
  coefficient?: number;

  @Duration({ description: 'Longest wait.', default: DEFAULT_BACKOFF.max })
  max?: string;
}

export class RetryRuleDto implements RetryRule {
  @Nested({ description: 'Which failures; a rule needs at least one condition.', required: true }, () => RetryOnDto)
  on!: RetryOnDto;

  @Int({ description: 'Attempts in all, the first included.', example: 3, required: true }, 1, 20)
  attempts!: number;

  @Nested({ description: 'Waits between the attempts.' }, () => BackoffDto)
  backoff?: BackoffDto;
}

export class ExecutionDto implements ExecutionSpec {
  @Int({ description: 'Tasks at most that run side by side.', example: 500 }, 1)
  maxParallelTasks?: number;

  @Choice({ description: 'Place among the jobs that wait for the same cluster.', default: 'normal' }, PRIORITIES)
  priority?: Priority;

  @Duration({ description: 'Time limit of the job.', example: 'P1D', default: 'P7D' })
  timeout?: string;

  @Nested({ description: 'Failures that do not fail the job.' }, () => ToleratedFailuresDto)
  toleratedFailures?: ToleratedFailuresDto;

  @NestedList({ description: 'Failures worth another attempt; the first rule that fits counts.' }, () => RetryRuleDto, {
    max: 20,
  })
  retryRules?: RetryRuleDto[];
}

const DELETE_OR_KEEP = ['delete', 'keep'] as const;

export class CleanupDto implements CleanupSpec {
  @Choice({ description: 'The Batch jobs.', default: 'delete' }, DELETE_OR_KEEP)
  batchJob?: 'delete' | 'keep';

  @Choice({ description: "The job's own pool.", default: 'delete' }, DELETE_OR_KEEP)
  pool?: 'delete' | 'keep';

  @Choice({ description: 'Staged inputs.', default: 'delete' }, DELETE_OR_KEEP)
  staged?: 'delete' | 'keep';
}
