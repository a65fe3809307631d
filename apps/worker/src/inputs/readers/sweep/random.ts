import type { Distribution, Json, JsonObject, RandomSweep } from '@windrow/contract';
import { randomOf } from '../../random';
import { invalidSweep } from './invalid';

/**
 * Points of a random sweep. Every value comes from the seed, its parameter and the number of its point alone, so that a
 * plan that is made again, or in parts, has the same points.
 * @throws InvalidInputError `InvalidSweep`
 */
export function* randomPoints({ parameters, count, seed = 0 }: RandomSweep): Generator<JsonObject> {
  const entries = Object.entries(parameters);
  for (const [name, distribution] of entries) check(name, distribution);
  for (let point = 0; point < count; point += 1) {
    yield Object.fromEntries(
      entries.map(([name, distribution]) => [name, draw(distribution, randomOf(`${seed}/${point}/${name}`))]),
    );
  }
}

function draw(distribution: Distribution, random: () => number): Json {
  switch (distribution.distribution) {
    case 'choice':
      return distribution.values[Math.floor(random() * distribution.values.length)] ?? null;
    case 'uniform': {
      const { from, to, integer = false } = distribution;
      return integer ? from + Math.floor(random() * (to - from + 1)) : from + random() * (to - from);
    }
    case 'log-uniform': {
      const { from, to, integer = false } = distribution;
      const value = Math.exp(Math.log(from) + random() * (Math.log(to) - Math.log(from)));
      const inside = Math.min(to, Math.max(from, value));
      return integer ? Math.round(inside) : inside;
    }
    case 'normal': {
      const { mean, standardDeviation, integer = false } = distribution;
      // Box and Muller; 1 - random() is never 0.
      const deviation = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
      const value = mean + standardDeviation * deviation;
      return integer ? Math.round(value) : value;
    }
  }
}

function check(name: string, distribution: Distribution): void {
  const text = complaint(distribution);
  if (text) throw invalidSweep(`'${name}' ${text}`, `$.input.parameters.${name}`);
}

function complaint(distribution: Distribution): string | undefined {
  switch (distribution.distribution) {
    case 'choice':
      return distribution.values.length > 0 ? undefined : 'has no values to choose from.';
    case 'normal':
      return distribution.standardDeviation >= 0 ? undefined : 'has a standard deviation below 0.';
    default:
      if (distribution.from > distribution.to) return 'ends before it begins.';
      if (distribution.distribution === 'log-uniform' && distribution.from <= 0)
        return 'has no logarithm at 0 or below.';
      return undefined;
  }
}
