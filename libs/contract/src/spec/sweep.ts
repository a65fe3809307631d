import type { Json } from './json';

export type SweepInput = GridSweep | SelectionSweep | RandomSweep;

export const SWEEP_METHODS = ['product', 'zip', 'combinations', 'permutations', 'random'] as const;

export interface GridSweep {
  kind: 'sweep';
  method: 'product' | 'zip';
  /** Values per parameter: a list, or a range with both ends included. */
  parameters: Record<string, SweepValues>;
}

/** Each parameter becomes a list of `length` of its values; several parameters are combined as in a product. */
export interface SelectionSweep {
  kind: 'sweep';
  method: 'combinations' | 'permutations';
  parameters: Record<string, SweepValues>;
  length: number;
  /** A value may be taken more than once. */
  replacement?: boolean;
}

/** `count` points, each parameter drawn from its distribution. The same seed gives the same points. */
export interface RandomSweep {
  kind: 'sweep';
  method: 'random';
  parameters: Record<string, Distribution>;
  count: number;
  seed?: number;
}

export type SweepValues = Json[] | SweepRange;

export interface SweepRange {
  from: number;
  to: number;
  step?: number;
}

export type Distribution =
  | { distribution: 'uniform' | 'log-uniform'; from: number; to: number; integer?: boolean }
  | { distribution: 'normal'; mean: number; standardDeviation: number; integer?: boolean }
  | { distribution: 'choice'; values: Json[] };
