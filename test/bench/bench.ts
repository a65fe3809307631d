/** What a bench is: a name, and a run that yields figures. */
import type { TestStack } from '../support/test-stack';

export interface Aim {
  /** What is held against the limit: the figure itself, or its ratio to the baseline. */
  of: 'figure' | 'ratio';
  below?: number;
  above?: number;
}

export interface Figure {
  name: string;
  value: number;
  unit: 's' | 'ms' | 'events' | 'requests' | 'per s' | 'bytes' | 'MiB';
  /** The same thing done without Windrow. */
  baseline?: number;
  aim?: Aim;
}

export interface BenchResult {
  figures: Figure[];
  /** How it was measured, and whatever helps to read the figures. Markdown. */
  notes: string[];
}

export interface BenchContext {
  say: (text: string) => void;
  /** Starts the real stack on free ports in a folder of its own, and ends it whatever becomes of `use`. */
  withStack<T>(use: (stack: TestStack, startMs: number) => Promise<T>): Promise<T>;
}

export interface Bench {
  name: string;
  run(context: BenchContext): Promise<BenchResult>;
}

export function ratioOf({ value, baseline }: Figure): number | undefined {
  return baseline === undefined ? undefined : value / baseline;
}

/** Undefined where there is no aim. */
export function isMet(figure: Figure): boolean | undefined {
  if (!figure.aim) return undefined;
  const measured = figure.aim.of === 'ratio' ? ratioOf(figure) : figure.value;
  const { below = Infinity, above = 0 } = figure.aim;
  return measured !== undefined && measured < below && measured > above;
}
