import {
  type DependencyRule,
  MAX_ITEMS,
  type OutputSpec,
  parseRanges,
  type ProgramSource,
  type TaskSpec,
} from '@windrow/contract';
import { Dictionary, NestedList, TextList } from '../../common/validation/collections';
import { Choice, Duration, Int, Text } from '../../common/validation/fields';
import { rule } from '../../common/validation/rule';
import { CONTAINER, filePatternComplaint, variableComplaint } from './patterns';

/** Longest command that fits every node's operating system. */
export const COMMAND_LINE = { max: 8192 };
export const MAX_SLOTS = 256;
const RANGES = { max: 8192 };
export const MAX_VARIABLES = 100;

export class ProgramSourceDto implements ProgramSource {
  @Text({ description: 'Container that holds the program.', example: 'programs', required: true }, CONTAINER)
  container!: string;

  @Text({ description: 'Folder of the program.', example: 'count/', required: true }, { min: 0 })
  prefix!: string;
}

export class OutputDto implements OutputSpec {
  @Text({ description: 'Files below the working directory.', example: 'out/**', required: true })
  @FilePattern()
  pattern!: string;

  @Choice({ description: 'After which end they are kept.', default: 'success' }, ['success', 'failure', 'completion'])
  when?: 'success' | 'failure' | 'completion';
}

export class DependencyRuleDto implements DependencyRule {
  @Text({ description: 'Tasks that the rule holds for (all, when absent).', example: '10-19,25' }, RANGES)
  @Ranges()
  tasks?: string;

  @Text({ description: 'Tasks that have to succeed before; lower ones than those of `tasks`.', example: '0-9' }, RANGES)
  @Ranges()
  on?: string;

  @Int({ description: 'The same by distance: -1 is the task before.', example: -1 }, -MAX_ITEMS, -1)
  offset?: number;
}

export class TaskDto implements TaskSpec {
  @Text(
    { description: 'Command of each task.', example: "/bin/sh -c 'python3 inputs/count.py'", required: true },
    COMMAND_LINE,
  )
  commandLine!: string;

  @NestedList({ description: 'Files brought to the node before the command runs.' }, () => ProgramSourceDto, {
    max: 20,
  })
  program?: ProgramSourceDto[];

  @Dictionary(
    { description: 'Environment variables; `{{item.x}}` and its kin expand.', example: { LANG: 'C.UTF-8' } },
    MAX_VARIABLES,
    variableComplaint,
  )
  environment?: Record<string, string>;

  @Int({ description: 'Slots of a node that one task takes.', default: 1 }, 1, MAX_SLOTS)
  requiredSlots?: number;

  @NestedList({ description: 'Which tasks wait for which; each rule has `on` or `offset`.' }, () => DependencyRuleDto, {
    max: 100,
  })
  dependsOn?: DependencyRuleDto[];

  @Duration({ description: 'Time limit of each attempt.', example: 'PT1H', default: 'P1D' })
  timeout?: string;

  @Int({ description: 'Retries by Batch itself after a non-zero exit code.', default: 0 }, 0, 100)
  retries?: number;

  @NestedList({ description: 'Files to keep.', example: [{ pattern: 'out/**' }] }, () => OutputDto, { max: 50 })
  outputs?: OutputDto[];
}

export function FilePatterns(description: string): PropertyDecorator {
  return TextList({ description, example: ['out/**'] }, { min: 1, max: 50 }, filePatternComplaint);
}

function Ranges(): PropertyDecorator {
  return rule('InvalidRange', (value) =>
    typeof value !== 'string' || parseRanges(value)
      ? undefined
      : 'must be indexes and ranges such as 10-19,25 or 10- for an open one',
  );
}

function FilePattern(): PropertyDecorator {
  return rule('InvalidPattern', (value) => (typeof value === 'string' ? filePatternComplaint(value) : undefined));
}
