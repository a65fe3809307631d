import type { InputSpec, SweepInput } from '@windrow/contract';
import type { FieldError } from '../common/errors';

const PATH = '$.input';
const OWN_FIELDS = ['length', 'replacement', 'count', 'seed'] as const;

/** Which fields each method takes beside its parameters, and which of them it needs. */
const FIELDS: Record<SweepInput['method'], { takes: readonly string[]; needs: readonly string[] }> = {
  product: { takes: [], needs: [] },
  zip: { takes: [], needs: [] },
  combinations: { takes: ['length', 'replacement'], needs: ['length'] },
  permutations: { takes: ['length', 'replacement'], needs: ['length'] },
  random: { takes: ['count', 'seed'], needs: ['count'] },
};

/** Fields of each distribution; the bounds are the reader's to judge, who draws from it. */
const DISTRIBUTIONS: Record<string, { needs: readonly string[]; takes: readonly string[] }> = {
  uniform: { needs: ['from', 'to'], takes: ['integer'] },
  'log-uniform': { needs: ['from', 'to'], takes: ['integer'] },
  normal: { needs: ['mean', 'standardDeviation'], takes: ['integer'] },
  choice: { needs: ['values'], takes: [] },
};

/** What a sweep gets wrong beyond the types of its fields. */
export function sweepErrors(input: InputSpec): FieldError[] {
  if (input.kind !== 'sweep') return [];
  const valueErrors = Object.entries(input.parameters).flatMap(([name, values]) => {
    const text = input.method === 'random' ? distributionComplaint(values) : valuesComplaint(values);
    return text ? [error(`${PATH}.parameters.${name}`, 'InvalidType', text)] : [];
  });
  return [...fieldErrors(input), ...valueErrors, ...(valueErrors.length === 0 ? lengthErrors(input) : [])];
}

function fieldErrors(input: SweepInput): FieldError[] {
  const { takes, needs } = FIELDS[input.method];
  const given = OWN_FIELDS.filter(
    (name) => (input as Partial<Record<(typeof OWN_FIELDS)[number], unknown>>)[name] !== undefined,
  );
  const foreign = given.filter((name) => !takes.includes(name));
  const missing = needs.filter((name) => !given.some((other) => other === name));
  return [
    ...foreign.map((name) => error(`${PATH}.${name}`, 'UnknownField', `does not belong to the method ${input.method}`)),
    ...missing.map((name) => error(`${PATH}.${name}`, 'Required', `is required for the method ${input.method}`)),
  ];
}

function valuesComplaint(values: unknown): string | undefined {
  if (Array.isArray(values)) return values.length > 0 ? undefined : 'must have at least one value';
  if (!isRecord(values)) return 'must be a list of values or a range such as { "from": 0, "to": 10 }';
  const { from, to, step = 1, ...rest } = values;
  if (![from, to, step].every(Number.isFinite)) return 'must be a range of numbers: from, to and, if wanted, step';
  if (Object.keys(rest).length > 0) return `has the unknown field ${Object.keys(rest)[0]}`;
  if (Number(step) <= 0) return 'must have a step above 0';
  return Number(from) <= Number(to) ? undefined : 'must not end before it begins';
}

function distributionComplaint(value: unknown): string | undefined {
  const names = Object.keys(DISTRIBUTIONS).join(', ');
  if (!isRecord(value)) return `must be a distribution: ${names}`;
  const { distribution, ...fields } = value;
  const known = DISTRIBUTIONS[String(distribution)];
  if (!known) return `must name its distribution: ${names}`;
  const unknown = Object.keys(fields).find((name) => !known.needs.includes(name) && !known.takes.includes(name));
  if (unknown !== undefined) return `has the unknown field ${unknown}`;
  const { values, integer, ...numbers } = fields;
  if (integer !== undefined && typeof integer !== 'boolean') return 'must have true or false as integer';
  if (distribution === 'choice') return Array.isArray(values) && values.length > 0 ? undefined : 'must have values';
  const odd = known.needs.find((name) => !Number.isFinite(numbers[name]));
  if (odd !== undefined) return `must have a number as ${odd}`;
  if (distribution === 'normal')
    return Number(numbers['standardDeviation']) >= 0 ? undefined : 'must not have a standardDeviation below 0';
  if (Number(numbers['from']) > Number(numbers['to'])) return 'must not end before it begins';
  if (distribution === 'log-uniform' && Number(numbers['from']) <= 0) return 'must begin above 0';
  return undefined;
}

function lengthErrors(input: SweepInput): FieldError[] {
  if (input.method === 'random') return [];
  const lengths = Object.entries(input.parameters).map(([name, values]) => ({ name, length: lengthOf(values) }));
  if (input.method === 'zip') {
    const odd = lengths.find(({ length }) => length !== lengths[0]?.length);
    if (!odd) return [];
    const text = `has ${odd.length} values where ${lengths[0]?.name} has ${lengths[0]?.length}; zip needs equal numbers`;
    return [error(`${PATH}.parameters.${odd.name}`, 'UnequalLengths', text)];
  }
  if (!('length' in input)) return [];
  const short = input.replacement ? undefined : lengths.find(({ length }) => length < input.length);
  if (!short) return [];
  const text = `must not be above the ${short.length} values of ${short.name}, unless replacement is true`;
  return [error(`${PATH}.length`, 'OutOfRange', text)];
}

function lengthOf(values: unknown[] | { from: number; to: number; step?: number }): number {
  if (Array.isArray(values)) return values.length;
  // Rounding forgives steps such as 0.1 that binary fractions miss.
  return Math.floor((values.to - values.from) / (values.step ?? 1) + 1e-9) + 1;
}

const error = (path: string, code: string, message: string): FieldError => ({ path, code, message });

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
