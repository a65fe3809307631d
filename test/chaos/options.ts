export interface ChaosOptions {
  runs: number;
  /** Of the first run; the others follow. */
  seed: number;
  /** Simulated tasks of a run. */
  tasks: number;
  /** Only this one of the runs, from 1. */
  only?: number;
}

const USAGE = 'Usage: npm run chaos -- [--runs 20] [--seed S] [--tasks 10000] [--only N]';
const NAMES = ['runs', 'seed', 'tasks', 'only'] as const;

/** @throws Error that says how it is used */
export function parseOptions(args: string[], anySeed: () => number): ChaosOptions {
  const given: Partial<Record<(typeof NAMES)[number], number>> = {};
  for (let i = 0; i < args.length; i += 2) {
    const name = NAMES.find((known) => args[i] === `--${known}`);
    if (!name) throw new Error(`Unknown argument '${args[i]}'. ${USAGE}`);
    const value = Number(args[i + 1]);
    if (!Number.isInteger(value) || value < (name === 'seed' ? 0 : 1))
      throw new Error(`--${name} needs a whole number, not '${args[i + 1] ?? ''}'. ${USAGE}`);
    given[name] = value;
  }
  return { runs: 20, tasks: 10_000, ...given, seed: given.seed ?? anySeed() };
}

/** Seeds of the runs that are asked for. */
export function seedsOf({ runs, seed, only }: ChaosOptions): { number: number; seed: number }[] {
  return Array.from({ length: Math.max(runs, only ?? 0) }, (_, i) => ({ number: i + 1, seed: seed + i })).filter(
    ({ number }) => only === undefined || number === only,
  );
}
