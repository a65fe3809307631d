import { InvalidInputError } from '../errors';

/** Columns named in a message; more of them help nobody. */
const NAMED = 30;

/** For a column that the specification wants and the blob has not. */
export function unknownColumn(blob: string, column: string, n: number, known: string[]): InvalidInputError {
  const names = known
    .slice(0, NAMED)
    .map((name) => `'${name}'`)
    .join(', ');
  const more = known.length > NAMED ? ` and ${known.length - NAMED} more` : '';
  return new InvalidInputError(
    'UnknownColumn',
    `Blob '${blob}' has no column '${column}'. Its columns are ${names}${more}.`,
    { path: `$.input.columns[${n}]` },
  );
}
