import { MAX_ITEMS } from '@windrow/contract';
import type { Json, JsonObject, SweepInput, SweepRange } from '@windrow/contract';
import { InvalidInputError } from '../errors';

/** Values of one parameter, made when asked for: a range of a billion takes no memory. */
interface Axis {
  name: string;
  length: number;
  at: (n: number) => Json;
}

/**
 * Points of a sweep, as objects of a value for each parameter. `product`: all combinations, the last parameter
 * changing fastest, in the order the parameters are written; `zip`: the first values, the second ones, ...
 * @throws InvalidInputError `InvalidSweep`
 */
export function* sweepPoints({ method, parameters }: SweepInput, maxItems?: number): Generator<JsonObject> {
  const axes = Object.entries(parameters).map(([name, values]) => axisOf(name, values));
  if (axes.length === 0) throw invalid('A sweep needs at least one parameter.', '$.input.parameters');
  if (method === 'zip') checkEqualLengths(axes);
  const points = method === 'zip' ? axes[0]!.length : axes.reduce((product, { length }) => product * length, 1);
  if (points > MAX_ITEMS && maxItems === undefined) {
    throw invalid(
      `The sweep has ${points} points; a job takes at most ${MAX_ITEMS}. Take wider steps, or a part of it with $.maxItems.`,
      '$.input.parameters',
    );
  }
  for (let point = 0; point < points; point += 1) {
    const item: JsonObject = {};
    let rest = point;
    for (let n = axes.length - 1; n >= 0; n -= 1) {
      const { name, length, at } = axes[n]!;
      // Set in the parameters' order below; here only the mixed-radix digits are found, the last one first.
      item[name] = at(method === 'zip' ? point : rest % length);
      rest = Math.floor(rest / length);
    }
    yield inOrder(item, axes);
  }
}

function inOrder(item: JsonObject, axes: Axis[]): JsonObject {
  return Object.fromEntries(axes.map(({ name }) => [name, item[name]!]));
}

function axisOf(name: string, values: Json[] | SweepRange): Axis {
  if (Array.isArray(values)) return { name, length: values.length, at: (n) => values[n]! };
  const { from, to, step = 1 } = values;
  const path = `$.input.parameters.${name}`;
  if (![from, to, step].every(Number.isFinite) || step === 0) {
    throw invalid(`The range of '${name}' needs numbers, and a step that is not 0.`, path);
  }
  if ((to - from) * step < 0) {
    throw invalid(`The range of '${name}' leads from ${from} away from ${to} with the step ${step}.`, path);
  }
  // Each value is rounded to the decimals that were written: 0.1 + 2 * 0.1 is 0.3, not 0.30000000000000004.
  const digits = Math.max(decimals(from), decimals(step));
  // The quotient may fall just short of a whole number for the same reason.
  const length = Math.floor((to - from) / step + 1e-9) + 1;
  return { name, length, at: (n) => Number((from + n * step).toFixed(digits)) };
}

/** Digits after the point of a number as JavaScript writes it, at most the 100 that `toFixed` takes. */
function decimals(value: number): number {
  const [, fraction = '', exponent = '0'] = /^-?\d+(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  return Math.min(100, Math.max(0, fraction.length - Number(exponent)));
}

function checkEqualLengths(axes: Axis[]): void {
  const [first, ...others] = axes;
  const odd = others.find(({ length }) => length !== first!.length);
  if (!odd) return;
  throw invalid(
    `A zip needs as many values for each parameter: '${first!.name}' has ${first!.length}, '${odd.name}' has ${odd.length}.`,
    `$.input.parameters.${odd.name}`,
  );
}

function invalid(message: string, path: string): InvalidInputError {
  return new InvalidInputError('InvalidSweep', message, { path });
}
