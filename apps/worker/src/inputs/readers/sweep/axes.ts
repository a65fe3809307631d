import type { Json, SweepRange, SweepValues } from '@windrow/contract';
import { invalidSweep } from './invalid';

/** Values of one parameter, made when asked for: a range of a billion takes no memory. */
export interface Axis {
  name: string;
  length: number;
  at: (n: number) => Json;
}

/** @throws InvalidInputError `InvalidSweep` for a range that cannot be walked. */
export function axisOf(name: string, values: SweepValues): Axis {
  if (Array.isArray(values)) return { name, length: values.length, at: (n) => values[n]! };
  return rangeAxis(name, values);
}

function rangeAxis(name: string, { from, to, step = 1 }: SweepRange): Axis {
  const path = `$.input.parameters.${name}`;
  if (![from, to, step].every(Number.isFinite) || step === 0) {
    throw invalidSweep(`The range of '${name}' needs numbers, and a step that is not 0.`, path);
  }
  if ((to - from) * step < 0) {
    throw invalidSweep(`The range of '${name}' leads from ${from} away from ${to} with the step ${step}.`, path);
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
