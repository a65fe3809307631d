import type { ConcatGather, GatherSpec, ManifestGather, ReduceGather } from '@windrow/contract';
import { Dictionary, NestedList } from '../../common/validation/collections';
import { Choice, Duration, Flag, Int, Text } from '../../common/validation/fields';
import { variableComplaint } from './patterns';
import {
  type ApplicationReferenceDto,
  COMMAND_LINE,
  FilePatterns,
  MAX_SLOTS,
  OutputDto,
  Program,
  type ProgramSourceDto,
  relativeFile,
} from './task.dto';

export class ManifestGatherDto implements ManifestGather {
  @Choice({ description: 'Only the manifest, which is always written.', required: true }, ['manifest'])
  kind!: 'manifest';
}

export class ConcatGatherDto implements ConcatGather {
  @Choice({ description: 'Appends one output file of each task, in task order.', required: true }, ['concat'])
  kind!: 'concat';

  @Text(
    { description: 'The file, the same path in each task.', example: 'out/counts.csv', required: true },
    relativeFile(),
  )
  file!: string;

  @Flag({ description: 'The files begin with a header line, kept once.', default: false })
  header?: boolean;

  @Text({ description: 'Name of the result (default: the name of the file).', example: 'counts.csv' }, relativeFile())
  target?: string;
}

export class ReduceGatherDto implements ReduceGather {
  @Choice({ description: 'A tree of tasks that merge outputs.', required: true }, ['reduce'])
  kind!: 'reduce';

  @Text(
    { description: 'Command of each merging task.', example: 'python3 inputs/merge.py', required: true },
    COMMAND_LINE,
  )
  commandLine!: string;

  @Program('Files brought to the node before the command runs: blobs, or application packages.')
  program?: (ProgramSourceDto | ApplicationReferenceDto)[];

  @Dictionary({ description: 'Environment variables.' }, 100, variableComplaint)
  environment?: Record<string, string>;

  @FilePatterns("Outputs that are handed on (default: all of the task's).")
  inputs?: string[];

  @Int({ description: 'Outputs merged by one task.', default: 100 }, 2, 1000)
  fanIn?: number;

  @Duration({ description: 'Time limit of each attempt.', default: 'P1D' })
  timeout?: string;

  @Int({ description: 'Retries by Batch itself after a non-zero exit code.', default: 0 }, 0, 100)
  retries?: number;

  @Int({ description: 'Slots one merging task takes.', default: 1 }, 1, MAX_SLOTS)
  requiredSlots?: number;

  @NestedList({ description: 'Files to keep.' }, () => OutputDto, { max: 50 })
  outputs?: OutputDto[];
}

export const GATHER_KINDS = {
  manifest: ManifestGatherDto,
  concat: ConcatGatherDto,
  reduce: ReduceGatherDto,
} satisfies Record<GatherSpec['kind'], unknown>;
