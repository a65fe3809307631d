import {
  type ApplicationReference,
  type BlobProgram,
  type ContainerSpec,
  type DependencyRule,
  MAX_ITEMS,
  type OutputSpec,
  parseRanges,
  parseSecretUrl,
  type SecretReference,
  type TaskSpec,
} from '@windrow/contract';
import {
  Dictionary,
  type ListLimits,
  Nested,
  NestedDictionary,
  NestedList,
  TextList,
  UnionListByField,
} from '../../common/validation/collections';
import { Choice, Duration, Int, Text, type TextLimits } from '../../common/validation/fields';
import { rule } from '../../common/validation/rule';
import { CONTAINER, filePatternComplaint, variableComplaint } from './patterns';

/** Longest command that fits every node's operating system. */
export const COMMAND_LINE = { max: 8192 };
export const MAX_SLOTS = 256;
export const RANGES = { max: 8192 };
/** Of one multi-instance task; Azure Batch's limit for pools with inter-node communication. */
const MAX_INSTANCES = 100;
export const MAX_VARIABLES = 100;

/** Applications and versions: Azure's rule (Batch management, application packages). */
const PACKAGE_NAME = { max: 64, pattern: /^[A-Za-z0-9_.-]+$/, form: 'letters, digits, - and _' };

export class ApplicationReferenceDto implements ApplicationReference {
  @Text(
    {
      description: 'Application of the workspace, else of the Batch account; its package is unpacked on the node.',
      required: true,
    },
    { ...PACKAGE_NAME, pattern: /^[A-Za-z0-9_-]+$/ },
  )
  application!: string;

  @Text(
    { description: "Version of its package (default: the application's default).", example: '1.2' },
    { ...PACKAGE_NAME, form: 'letters, digits, -, _ and .' },
  )
  version?: string;
}

export class ProgramSourceDto implements BlobProgram {
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

export class SecretReferenceDto implements SecretReference {
  @Text(
    {
      description: 'Address of a secret; without a version the latest.',
      example: 'https://team.vault.azure.net/secrets/token',
      required: true,
    },
    { max: 512 },
  )
  @SecretAddress()
  keyVaultSecret!: string;
}

export class ContainerDto implements ContainerSpec {
  @Text(
    {
      description: 'Image, with its registry and tag. It needs /bin/sh.',
      example: 'ghcr.io/team/solver:1.4',
      required: true,
    },
    { pattern: /^[^\s-]\S*$/, form: 'the name of an image' },
  )
  image!: string;

  @Text({ description: 'Options of `docker create`.', example: '--shm-size=1g' })
  @RunOptions()
  runOptions?: string;
}

export class TaskDto implements TaskSpec {
  @Text(
    { description: 'Command of each task.', example: "/bin/sh -c 'python3 inputs/count.py'", required: true },
    COMMAND_LINE,
  )
  commandLine!: string;

  @Program('Files brought to the node before the command runs: blobs, or application packages.')
  program?: (ProgramSourceDto | ApplicationReferenceDto)[];

  @Dictionary(
    { description: 'Environment variables; `{{item.x}}` and its kin expand.', example: { LANG: 'C.UTF-8' } },
    MAX_VARIABLES,
    variableComplaint,
  )
  environment?: Record<string, string>;

  @NestedDictionary(
    {
      description:
        'Variables whose values are fetched from Key Vault whenever tasks are handed to Batch, and kept nowhere else.',
      example: { TOKEN: { keyVaultSecret: 'https://team.vault.azure.net/secrets/token' } },
    },
    SecretReferenceDto,
    MAX_VARIABLES,
    variableComplaint,
  )
  secrets?: Record<string, SecretReferenceDto>;

  @Nested({ description: 'Runs the command in a container.' }, () => ContainerDto)
  container?: ContainerDto;

  @Int({ description: 'Slots of a node that one task takes.', default: 1 }, 1, MAX_SLOTS)
  requiredSlots?: number;

  @NestedList({ description: 'Which tasks wait for which; each rule has `on` or `offset`.' }, () => DependencyRuleDto, {
    max: 100,
  })
  dependsOn?: DependencyRuleDto[];
  @Int(
    { description: 'Nodes of a multi-instance task, which needs a pool with one slot a node.', example: 4 },
    2,
    MAX_INSTANCES,
  )
  instances?: number;

  @Text(
    { description: 'Multi-instance: runs on each of the nodes before the command, which runs on the first.' },
    COMMAND_LINE,
  )
  coordinationCommandLine?: string;

  @Duration({ description: 'Time limit of each attempt.', example: 'PT1H', default: 'P1D' })
  timeout?: string;

  @Int({ description: 'Retries by Batch itself after a non-zero exit code.', default: 0 }, 0, 100)
  retries?: number;

  @NestedList({ description: 'Files to keep.', example: [{ pattern: 'out/**' }] }, () => OutputDto, { max: 50 })
  outputs?: OutputDto[];

  @Text(
    {
      description:
        'Small JSON file of each succeeded task that goes into its line of the results. At most 4 KiB; it is kept with the outputs as well.',
      example: 'result.json',
    },
    relativeFile(),
  )
  resultFile?: string;
}

/** Sources of a program, of a task or of the set-up of nodes. */
export function Program(description: string): PropertyDecorator {
  const limits: ListLimits = { max: 20 };
  return UnionListByField({ description }, 'application', ApplicationReferenceDto, ProgramSourceDto, limits);
}

export function relativeFile(): TextLimits {
  return {
    pattern: /^(?!\/)(?!.*(?:^|\/)\.\.?(?:\/|$))[^\\*?[\]]*[^/\\*?[\]]$/,
    form: 'the path of one file below the working directory, without wildcards and without ..',
  };
}

export function FilePatterns(description: string): PropertyDecorator {
  return TextList({ description, example: ['out/**'] }, { min: 1, max: 50 }, filePatternComplaint);
}

export function Ranges(): PropertyDecorator {
  return rule('InvalidRange', (value) =>
    typeof value !== 'string' || parseRanges(value)
      ? undefined
      : 'must be indexes and ranges such as 10-19,25 or 10- for an open one',
  );
}

function FilePattern(): PropertyDecorator {
  return rule('InvalidPattern', (value) => (typeof value === 'string' ? filePatternComplaint(value) : undefined));
}

function SecretAddress(): PropertyDecorator {
  const form = 'must be like https://team.vault.azure.net/secrets/name, with a version behind it or not';
  return rule('InvalidValue', (value) => (typeof value !== 'string' || parseSecretUrl(value) ? undefined : form));
}

function RunOptions(): PropertyDecorator {
  const text = 'must not set --entrypoint: write the whole command into commandLine';
  return rule('NotApplicable', (value) => (/(^|\s)--entrypoint\b/.test(String(value)) ? text : undefined));
}
