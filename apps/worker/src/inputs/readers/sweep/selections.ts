import type { Json } from '@windrow/contract';
import type { Axis } from './axes';
import { invalidSweep } from './invalid';

export interface Selection {
  method: 'combinations' | 'permutations';
  length: number;
  replacement: boolean;
}

/**
 * The lists of `length` values of an axis, in lexicographic order of their places, each found from its number alone.
 * @throws InvalidInputError `InvalidSweep` when there are not as many values, or more lists than can be counted.
 */
export function selectionsOf(axis: Axis, selection: Selection): Axis {
  const { length: size, replacement, method } = selection;
  const path = `$.input.parameters.${axis.name}`;
  if (!replacement && size > axis.length) {
    throw invalidSweep(
      `'${axis.name}' has ${axis.length} values, of which ${size} different ones cannot be taken.`,
      path,
    );
  }
  const count =
    method === 'permutations' ? arrangements(axis.length, size, replacement) : subsets(axis.length, size, replacement);
  if (!Number.isSafeInteger(count)) throw invalidSweep(`'${axis.name}' has too many ${method} to be counted.`, path);
  const places = method === 'permutations' ? arrangementAt : subsetAt;
  return {
    name: axis.name,
    length: count,
    at: (n): Json => places(n, axis.length, size, replacement).map((place) => axis.at(place)),
  };
}

/** n! / (n - k)!, or n to the power of k. */
function arrangements(values: number, size: number, replacement: boolean): number {
  let count = 1;
  for (let taken = 0; taken < size; taken += 1) count *= replacement ? values : values - taken;
  return count;
}

/** n over k; with replacement n + k - 1 over k. */
function subsets(values: number, size: number, replacement: boolean): number {
  const from = replacement ? values + size - 1 : values;
  let count = 1;
  // Stays whole: after each step it is a binomial coefficient.
  for (let taken = 1; taken <= size; taken += 1) count = (count * (from - size + taken)) / taken;
  return Math.round(count);
}

function arrangementAt(n: number, values: number, size: number, replacement: boolean): number[] {
  const free = Array.from({ length: replacement ? 0 : values }, (_, place) => place);
  const places: number[] = [];
  for (let taken = 0; taken < size; taken += 1) {
    const behind = arrangements(replacement ? values : values - taken - 1, size - taken - 1, replacement);
    const digit = Math.floor(n / behind);
    n %= behind;
    places.push(replacement ? digit : free.splice(digit, 1)[0]!);
  }
  return places;
}

function subsetAt(n: number, values: number, size: number, replacement: boolean): number[] {
  const places: number[] = [];
  let place = 0;
  for (let left = size; left > 0; left -= 1) {
    for (;;) {
      // Lists that go on with this place: what is left is taken from behind it, or from it on.
      const behind = subsets(values - place - (replacement ? 0 : 1), left - 1, replacement);
      if (n < behind) break;
      n -= behind;
      place += 1;
    }
    places.push(place);
    if (!replacement) place += 1;
  }
  return places;
}
