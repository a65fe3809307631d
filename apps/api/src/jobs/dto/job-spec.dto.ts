import {
  DEFAULT_METRICS_FILE,
  type Goal,
  GOALS,
  MAX_METRIC_NAME,
  type MetricsSpec,
  type Objective,
} from '@windrow/contract';
import type { JobSpec, Json, JsonObject, SampleSpec } from '@windrow/contract';
import { Dictionary, Nested, UnionByField, UnionByKind } from '../../common/validation/collections';
import { AnyJson, Choice, Flag, Int, Num, Size, Text } from '../../common/validation/fields';
import { CleanupDto, ExecutionDto } from './execution.dto';
import { GATHER_KINDS } from './gather.dto';
import { INPUT_KINDS } from './input.dto';
import { labelComplaint } from './patterns';
import { ClusterReferenceDto, PoolTemplateDto } from './pool.dto';
import { relativeFile, TaskDto } from './task.dto';

export class BatchingDto {
  @Int({ description: 'Items at most in a task.', example: 50 }, 1)
  maxItemsPerTask?: number;

  @Size({ description: 'Bytes at most in a task: of the blobs, or of the JSON text of other items.' })
  maxBytesPerTask?: string;
}

export class SampleDto implements SampleSpec {
  @Num({ description: 'Share of the items, in percent.', example: 1, required: true }, Number.MIN_VALUE, 100)
  percent!: number;

  @Int({ description: 'The same seed takes the same items (default 0).', example: 42 }, 0)
  seed?: number;
}

export class ObjectiveDto implements Objective {
  @Text(
    { description: 'Metric that tells how good a task is.', example: 'loss', required: true },
    { max: MAX_METRIC_NAME },
  )
  metric!: string;

  @Choice({ description: 'Whether less is better, or more.', example: 'minimize', required: true }, GOALS)
  goal!: Goal;
}

export class MetricsDto implements MetricsSpec {
  @Text(
    {
      description:
        'JSON file that each task leaves: a flat object of numbers. At most 4 KiB; it is kept with the outputs as well.',
      default: DEFAULT_METRICS_FILE,
    },
    relativeFile(),
  )
  file?: string;

  @Nested({ description: 'What makes one task better than another.' }, () => ObjectiveDto)
  objective?: ObjectiveDto;
}

/** Body of a job, and of a dry run. */
export class JobSpecDto implements JobSpec {
  @Text({ description: 'Title for people.', example: 'Word count of the corpus' })
  displayName?: string;

  @Dictionary({ description: 'Free labels.', example: { team: 'aero' } }, 50, labelComplaint)
  labels?: Record<string, string>;

  @AnyJson(
    { description: 'Values for `{{parameters.x}}`.', example: { year: 2024 } },
    { type: 'object', additionalProperties: true },
    (value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? undefined
        : 'must be an object of JSON values',
  )
  parameters?: JsonObject;

  @UnionByKind({ description: 'What to work on: exactly one kind.', required: true }, INPUT_KINDS)
  input!: JobSpec['input'];

  @Flag({ description: 'No items at all is no mistake.', default: false })
  allowEmpty?: boolean;

  @Int({ description: 'Sampling run: only the first items are planned.', example: 1000 }, 1)
  maxItems?: number;

  @Nested({ description: 'Sampling run: a random part of the input. Goes before maxItems.' }, () => SampleDto)
  sample?: SampleDto;

  @AnyJson(
    {
      description:
        'What each item becomes: JSON, whose texts may hold `{{item.x}}`, `{{itemIndex}}` and `{{parameters.x}}`. A text that is nothing but one of them becomes the value itself.',
      example: { city: '{{item.name}}', n: '{{itemIndex}}' },
    },
    // Without its kinds the description would say that it is an object.
    {
      oneOf: [
        { type: 'object' },
        { type: 'array', items: {} },
        { type: 'string' },
        { type: 'number' },
        { type: 'boolean' },
      ],
      nullable: true,
    },
    () => undefined,
  )
  itemMapping?: Json;

  @Nested({ description: 'How items are put together to tasks (default: one each).' }, () => BatchingDto)
  batching?: BatchingDto;

  @Nested({ description: 'What each task does.', required: true }, () => TaskDto)
  task!: TaskDto;

  @UnionByField(
    { description: 'A cluster of the workspace, or a pool of its own.', required: true },
    'cluster',
    ClusterReferenceDto,
    PoolTemplateDto,
  )
  pool!: ClusterReferenceDto | PoolTemplateDto;

  @Nested({ description: 'Limits, retries and what counts as success.' }, () => ExecutionDto)
  execution?: ExecutionDto;

  @UnionByKind({ description: 'What becomes of the outputs.' }, GATHER_KINDS)
  gather?: NonNullable<JobSpec['gather']>;

  @Nested({ description: 'What is deleted at the end.' }, () => CleanupDto)
  cleanup?: CleanupDto;

  @Nested(
    { description: 'Numbers that tasks export, to be compared over the job and its experiment.' },
    () => MetricsDto,
  )
  metrics?: MetricsDto;
}
