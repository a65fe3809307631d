import type { RedriveSpec } from '@windrow/contract';
import { Dictionary, Nested, NestedList } from '../../common/validation/collections';
import { Duration, Int, Text, Time } from '../../common/validation/fields';
import { BudgetDto, RetryRuleDto, TaskFilterDto, ToleratedFailuresDto } from './execution.dto';
import { variableComplaint } from './patterns';
import { ImageDto, SlotsPerNode, VmSizes } from './pool.dto';
import { COMMAND_LINE, ContainerDto, MAX_SLOTS, MAX_VARIABLES } from './task.dto';

export class RedriveTaskDto implements NonNullable<RedriveSpec['task']> {
  @Text({ description: 'Command of each task; templates expand.', example: '/bin/sh -c ./careful.sh' }, COMMAND_LINE)
  commandLine?: string;

  @Nested({ description: 'Runs the command in a container.' }, () => ContainerDto)
  container?: ContainerDto;

  @Int({ description: 'Slots of a node that one task takes.', example: 2 }, 1, MAX_SLOTS)
  requiredSlots?: number;

  @Duration({ description: 'Time limit of each attempt.', example: 'PT4H' })
  timeout?: string;

  @Dictionary(
    { description: 'Added to the environment of the task; templates expand.', example: { MODE: 'careful' } },
    MAX_VARIABLES,
    variableComplaint,
  )
  environment?: Record<string, string>;
}

export class RedriveGatherDto implements NonNullable<RedriveSpec['gather']> {
  @Text({ description: 'Command of each merging task.', example: 'python3 inputs/merge.py --lenient' }, COMMAND_LINE)
  commandLine?: string;

  @Int({ description: 'Slots one merging task takes.', example: 2 }, 1, MAX_SLOTS)
  requiredSlots?: number;

  @Duration({ description: 'Time limit of each attempt.', example: 'PT4H' })
  timeout?: string;

  @Dictionary(
    { description: 'Added to the environment of the merging tasks.', example: { MODE: 'careful' } },
    MAX_VARIABLES,
    variableComplaint,
  )
  environment?: Record<string, string>;
}

export class RedrivePoolDto implements NonNullable<RedriveSpec['pool']> {
  @VmSizes(false)
  vmSizes?: string[];

  @Nested({ description: 'Image of the nodes.' }, () => ImageDto)
  image?: ImageDto;

  @SlotsPerNode()
  slotsPerNode?: number;
}

export class RedriveExecutionDto implements NonNullable<RedriveSpec['execution']> {
  @Int({ description: 'Tasks at most that run side by side.', example: 50 }, 1)
  maxParallelTasks?: number;

  @Duration({ description: 'Time limit of this run.', example: 'P2D' })
  timeout?: string;

  @Time({ description: 'Point in time by which the job has to have ended.' })
  deadline?: string;

  @Nested({ description: 'Failures that do not fail the job, of all its tasks.' }, () => ToleratedFailuresDto)
  toleratedFailures?: ToleratedFailuresDto;

  @NestedList({ description: 'Failures worth another attempt; attempts count anew.' }, () => RetryRuleDto, { max: 20 })
  retryRules?: RetryRuleDto[];

  @Nested({ description: 'What the job may use, in all its runs together.' }, () => BudgetDto)
  budget?: BudgetDto;
}

export class RedriveDto implements RedriveSpec {
  static readonly bodyMayBeAbsent = true;

  @Nested(
    {
      description:
        'Which of the tasks that failed or never ran (default: all of them). Tasks that never ran match `tasks` only.',
    },
    () => TaskFilterDto,
  )
  filter?: TaskFilterDto;

  @Nested({ description: 'What is different for the tasks of this redrive.' }, () => RedriveTaskDto)
  task?: RedriveTaskDto;

  @Nested({ description: 'What is different for the gather, of a job that reduces.' }, () => RedriveGatherDto)
  gather?: RedriveGatherDto;

  @Nested({ description: 'What is different for the pool, of a job with one of its own.' }, () => RedrivePoolDto)
  pool?: RedrivePoolDto;

  @Nested({ description: 'What is different for the run as a whole.' }, () => RedriveExecutionDto)
  execution?: RedriveExecutionDto;
}

export const REDRIVE_EXAMPLES = {
  'what failed or never ran': {},
  'some, on larger nodes': {
    filter: { exitCodes: [137] },
    task: { requiredSlots: 2, environment: { MODE: 'careful' } },
    pool: { vmSizes: ['Standard_D8s_v5'] },
  },
  'the gather, with another command': { gather: { commandLine: 'python3 inputs/merge.py --lenient' } },
  'with more budget': { execution: { budget: { nodeHours: 200 } } },
};
