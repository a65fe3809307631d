import { ANSWER_FIELDS } from './answer-fields';
import type { FieldEntry, ModelEntry, OperationEntry, Support } from './entry';
import { FIELDS } from './fields';
import { MANAGEMENT, MANAGEMENT_FIELDS } from './management';
import { OPERATIONS } from './operations';

const LEVELS: Record<Support['level'], string> = {
  full: 'full',
  partial: 'partial',
  inert: 'accepted but inert',
  absent: 'absent',
};

/** The compatibility list as a document. */
export function compatibilityDocument(): string {
  return [
    '# What the emulator does of Azure Batch',
    'Generated from the lists in the source of the emulator (`npm run compatibility`); do not edit. **full**: as the service does it. **partial**: something is missing, and it says what. **accepted but inert**: accepted, kept and shown where the service shows it, without any effect. **absent**: never in an answer. What is full or partial is proven by the named cases of the conformance tests.',
    '## Operations of the Batch service',
    operations(OPERATIONS),
    '## Operations of management',
    'Paths are below `https://management.azure.com` in Azure, and below the address of the emulator here. Operations that are not listed are answered with 404.',
    operations(MANAGEMENT),
    '## Properties of request bodies',
    'Properties with an exclamation mark change what happens on the service: the first use of each gets a line in the log of the emulator. A property that is another type is described with that type. Properties that no type has are refused as by the service.',
    fields(FIELDS),
    '## Properties of answers',
    'Those that differ from what the service answers; all others are as it answers them.',
    fields(ANSWER_FIELDS),
    '## Properties of management',
    fields(MANAGEMENT_FIELDS),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

function operations(entries: readonly OperationEntry[]): string {
  return table(
    ['Operation', 'Request', 'Level', 'Missing', 'Proven by'],
    entries.map((entry) => [entry.name, code(entry.call), LEVELS[entry.level], entry.note ?? '', proofOf(entry)]),
  );
}

function fields(models: readonly ModelEntry[]): string {
  return table(
    ['Type', 'Properties', 'Level', 'Missing, or why without effect', 'Proven by'],
    models.flatMap((model) =>
      model.fields.map((entry) => [
        model.models.join(', '),
        namesOf(entry),
        LEVELS[entry.level],
        entry.note ?? '',
        proofOf(entry),
      ]),
    ),
  );
}

const namesOf = ({ names, told }: FieldEntry): string =>
  names.map((name) => code(name) + (told ? ' (!)' : '')).join(', ');

const proofOf = ({ proof }: Support): string => proof.map((title) => code(title)).join('; ');

const code = (text: string): string => `\`${text}\``;

/** With columns of equal width, as the formatter of the repository leaves tables. */
function table(head: string[], rows: string[][]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n');
}
