import { MAX_ITEMS } from '@windrow/contract';
import type { GridSweep, JsonObject, SelectionSweep, SweepInput } from '@windrow/contract';
import { axisOf, type Axis } from './axes';
import { invalidSweep } from './invalid';
import { randomPoints } from './random';
import { selectionsOf } from './selections';

/**
 * Points of a sweep, as objects of a value for each parameter. `product`: all combinations, the last parameter
 * changing fastest, in the order the parameters are written; `zip`: the first values, the second ones, ...;
 * `combinations` and `permutations`: a product of lists of values; `random`: drawn from distributions.
 * @throws InvalidInputError `InvalidSweep`
 */
export function* sweepPoints(sweep: SweepInput, maxItems?: number): Generator<JsonObject> {
  if (Object.keys(sweep.parameters).length === 0) {
    throw invalidSweep('A sweep needs at least one parameter.', '$.input.parameters');
  }
  if (sweep.method === 'random') {
    checkCount(sweep.count, maxItems);
    yield* randomPoints(sweep);
  } else {
    yield* gridPoints(sweep, maxItems);
  }
}

function* gridPoints(sweep: GridSweep | SelectionSweep, maxItems?: number): Generator<JsonObject> {
  const axes = axesOf(sweep);
  const isZip = sweep.method === 'zip';
  if (isZip) checkEqualLengths(axes);
  const points = isZip ? axes[0]!.length : axes.reduce((product, { length }) => product * length, 1);
  checkCount(points, maxItems);
  for (let point = 0; point < points; point += 1) {
    const item: JsonObject = {};
    let rest = point;
    for (let n = axes.length - 1; n >= 0; n -= 1) {
      const { name, length, at } = axes[n]!;
      // Set in the parameters' order below; here only the mixed-radix digits are found, the last one first.
      item[name] = at(isZip ? point : rest % length);
      rest = Math.floor(rest / length);
    }
    yield Object.fromEntries(axes.map(({ name }) => [name, item[name]!]));
  }
}

function axesOf(sweep: GridSweep | SelectionSweep): Axis[] {
  const axes = Object.entries(sweep.parameters).map(([name, values]) => axisOf(name, values));
  if (!('length' in sweep)) return axes;
  const { method, length, replacement = false } = sweep;
  return axes.map((axis) => selectionsOf(axis, { method, length, replacement }));
}

function checkCount(points: number, maxItems: number | undefined): void {
  if (points <= MAX_ITEMS || maxItems !== undefined) return;
  throw invalidSweep(
    `The sweep has ${points} points; a job takes at most ${MAX_ITEMS}. Take wider steps, or a part of it with $.maxItems.`,
    '$.input.parameters',
  );
}

function checkEqualLengths(axes: Axis[]): void {
  const [first, ...others] = axes;
  const odd = others.find(({ length }) => length !== first!.length);
  if (!odd) return;
  throw invalidSweep(
    `A zip needs as many values for each parameter: '${first!.name}' has ${first!.length}, '${odd.name}' has ${odd.length}.`,
    `$.input.parameters.${odd.name}`,
  );
}
