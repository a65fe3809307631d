import type {
  Distribution,
  BlobsInput,
  InputSpec,
  ItemsInput,
  Json,
  ManifestInput,
  RepeatInput,
  RowFormat,
  RowsInput,
  SweepInput,
  SweepValues,
} from '@windrow/contract';
import { MAX_ITEMS, ROW_FORMATS, SWEEP_METHODS } from '@windrow/contract';
import type { Complaint } from '../../common/validation/rule';
import { TextList } from '../../common/validation/collections';
import { AnyJson, Choice, Flag, Int, Size, Text } from '../../common/validation/fields';
import { CONTAINER, globComplaint } from './patterns';

const CONTAINER_DOCS = { description: 'Container in the storage account.', example: 'corpus', required: true };
/** Blob's own limit for names. */
const BLOB_NAME = { max: 1024 };

export class BlobsInputDto implements BlobsInput {
  @Choice({ description: 'One item for each blob.', required: true }, ['blobs'])
  kind!: 'blobs';

  @Text(CONTAINER_DOCS, CONTAINER)
  container!: string;

  @Text({ description: 'Only blobs whose name begins so.', example: 'books/' }, { min: 0, ...BLOB_NAME })
  prefix?: string;

  @TextList(
    { description: 'Globs; a blob that matches one is taken.', example: ['**/*.txt'] },
    { max: 100 },
    globComplaint,
  )
  include?: string[];

  @TextList({ description: 'Globs; a blob that matches one is left out.' }, { max: 100 }, globComplaint)
  exclude?: string[];
}

export class RowsInputDto implements RowsInput {
  @Choice({ description: 'One item for each row of the source blobs.', required: true }, ['rows'])
  kind!: 'rows';

  @Text(CONTAINER_DOCS, CONTAINER)
  container!: string;

  @TextList({ description: 'Source blobs, read in this order.', example: ['rides.csv'], required: true }, { min: 1 })
  blobs!: string[];

  @Choice({ description: 'How the rows are written.', example: 'csv', required: true }, ROW_FORMATS)
  format!: RowFormat;

  @Flag({ description: 'CSV: the first row holds the names of the columns.', default: true })
  header?: boolean;

  @TextList({ description: 'CSV and parquet: keep only these columns.' }, { min: 1 })
  columns?: string[];

  @Int({ description: 'At most so many rows in a task.', example: 1000 }, 1)
  rowsPerTask?: number;

  @Size({ description: 'At most so many bytes of rows in a task; with byteRanges about so many.' })
  bytesPerTask?: string;

  @Choice(
    {
      description:
        'byteRanges: each task is a range of a source of some bytesPerTask, cut at line ends, that it reads by itself; for large csv, jsonl and lines without line ends within fields.',
      default: 'rows',
    },
    ['rows', 'byteRanges'],
  )
  split?: 'rows' | 'byteRanges';
}

/** The fields of all methods; which of them belong together is in `sweep-rules.ts`. */
export class SweepInputDto {
  @Choice({ description: 'One item for each point of a parameter sweep.', required: true }, ['sweep'])
  kind!: 'sweep';

  @Choice(
    {
      description:
        'product: every value with every other; zip: the values side by side; combinations, permutations: lists of values; random: values drawn from distributions.',
      required: true,
    },
    SWEEP_METHODS,
  )
  method!: SweepInput['method'];

  @AnyJson(
    {
      description:
        'Values of each parameter: a list, or a range with both ends included; with random a distribution: uniform and log-uniform (from, to), normal (mean, standardDeviation), choice (values).',
      example: { angle: { from: 0, to: 90, step: 15 }, mesh: ['coarse', 'fine'] },
      required: true,
    },
    { type: 'object', additionalProperties: true },
    parametersComplaint,
  )
  parameters!: Record<string, SweepValues | Distribution>;

  @Int({ description: 'combinations, permutations: how many values a list has.', example: 2 }, 1, 1000)
  length?: number;

  @Flag({ description: 'combinations, permutations: a value may be taken more than once.' })
  replacement?: boolean;

  @Int({ description: 'random: how many points.', example: 200 }, 1, MAX_ITEMS)
  count?: number;

  @Int({ description: 'random: the same seed gives the same points (default 0).', example: 42 }, 0)
  seed?: number;
}

export class ItemsInputDto implements ItemsInput {
  @Choice({ description: 'The items stand here.', required: true }, ['items'])
  kind!: 'items';

  @AnyJson(
    { description: 'Any JSON values.', example: [{ city: 'Bergen' }, { city: 'Porto' }], required: true },
    { type: 'array', items: {} },
    (value) => (Array.isArray(value) ? undefined : 'must be a list'),
  )
  items!: Json[];
}

export class ManifestInputDto implements ManifestInput {
  @Choice({ description: 'The items stand in a blob, one JSON value a line.', required: true }, ['manifest'])
  kind!: 'manifest';

  @Text(CONTAINER_DOCS, CONTAINER)
  container!: string;

  @Text({ description: 'Name of that blob.', example: 'items.jsonl', required: true }, BLOB_NAME)
  blob!: string;
}

export class RepeatInputDto implements RepeatInput {
  @Choice({ description: 'The same command so many times.', required: true }, ['repeat'])
  kind!: 'repeat';

  @Int({ description: 'How many items.', example: 100, required: true }, 1, 10_000_000)
  count!: number;
}

export const INPUT_KINDS = {
  blobs: BlobsInputDto,
  rows: RowsInputDto,
  sweep: SweepInputDto,
  items: ItemsInputDto,
  manifest: ManifestInputDto,
  repeat: RepeatInputDto,
} satisfies Record<InputSpec['kind'], unknown>;

function parametersComplaint(value: unknown): Complaint | undefined {
  if (!isRecord(value)) return 'must be an object of lists, ranges or distributions';
  return Object.keys(value).length > 0 ? undefined : 'must name at least one parameter';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
