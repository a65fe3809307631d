import type {
  BlobsInput,
  InputSpec,
  ItemsInput,
  Json,
  ManifestInput,
  RepeatInput,
  RowFormat,
  RowsInput,
  SweepInput,
  SweepRange,
} from '@windrow/contract';
import { ROW_FORMATS } from '@windrow/contract';
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

  @Size({ description: 'At most so many bytes of rows in a task.' })
  bytesPerTask?: string;
}

export class SweepInputDto implements SweepInput {
  @Choice({ description: 'One item for each point of a parameter sweep.', required: true }, ['sweep'])
  kind!: 'sweep';

  @Choice({ description: 'All combinations, or the values side by side.', required: true }, ['product', 'zip'])
  method!: 'product' | 'zip';

  @AnyJson(
    {
      description: 'Values of each parameter: a list, or a range with both ends included.',
      example: { angle: { from: 0, to: 90, step: 15 }, mesh: ['coarse', 'fine'] },
      required: true,
    },
    { type: 'object', additionalProperties: true },
    sweepComplaint,
  )
  parameters!: Record<string, Json[] | SweepRange>;
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

function sweepComplaint(value: unknown): Complaint | undefined {
  if (!isRecord(value)) return 'must be an object of lists or ranges';
  const entries = Object.entries(value);
  if (entries.length === 0) return 'must name at least one parameter';
  for (const [name, values] of entries) {
    const text = Array.isArray(values) ? emptyComplaint(values) : rangeComplaint(values);
    if (text) return { at: `.${name}`, text };
  }
  return undefined;
}

function emptyComplaint(values: unknown[]): string | undefined {
  return values.length > 0 ? undefined : 'must have at least one value';
}

function rangeComplaint(range: unknown): string | undefined {
  if (!isRecord(range)) return 'must be a list of values or a range such as { "from": 0, "to": 10 }';
  const { from, to, step = 1, ...rest } = range;
  if (![from, to, step].every(Number.isFinite)) return 'must be a range of numbers: from, to and, if wanted, step';
  if (Object.keys(rest).length > 0) return `has the unknown field ${Object.keys(rest)[0]}`;
  if (Number(step) <= 0) return 'must have a step above 0';
  return Number(from) <= Number(to) ? undefined : 'must not end before it begins';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
