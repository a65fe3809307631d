import type { SampleSpec } from '@windrow/contract';
import { randomOf } from './random';

/**
 * Whether the next item of the input is taken: a trial of its own for each item (Bernoulli), from numbers that the seed
 * (default 0) alone decides. Items are asked for one by one in their order, so the same seed takes the same items in
 * whatever chunks they are read.
 */
export function sampler({ percent, seed = 0 }: SampleSpec): () => boolean {
  const random = randomOf(`sample/${seed}`);
  return () => random() * 100 < percent;
}
