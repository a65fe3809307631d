import { invalidProperty } from '../../errors';

/** Sizes whose number is not their count of cores; all others carry it in their name. */
const IRREGULAR: Readonly<Record<string, readonly number[]>> = {
  // Series: cores of sizes 1, 2, 3 and so on.
  a: [1, 2, 4, 8, 2, 4, 8, 8, 16, 8, 16],
  d: [1, 2, 4, 8, 16, 0, 0, 0, 0, 0, 2, 4, 8, 16, 20],
  ds: [1, 2, 4, 8, 16, 0, 0, 0, 0, 0, 2, 4, 8, 16, 20],
  g: [2, 4, 8, 16, 32],
  gs: [2, 4, 8, 16, 32],
};

/** Series in which numbers are cores from that version on; earlier sizes are in the table. */
const REGULAR_SINCE: Readonly<Record<string, number>> = { a: 2, d: 3, ds: 3, g: 2, gs: 2 };

const PLAUSIBLE = /^(standard|basic|simulated)_[a-z0-9][a-z0-9_-]*$/i;
const PARTS = /^(?:standard|basic|simulated)_([a-z]+)(\d+)(?:-(\d+))?[a-z]*(?:_v(\d+))?/i;
const MAX_SLOTS = 256;
const SLOTS_PER_CORE = 4;

/** Cores of a VM size ("Sizes for virtual machines in Azure"); a name that does not tell counts as one core. */
export function coresOf(vmSize: string): number {
  const match = PARTS.exec(vmSize);
  if (!match) return 1;
  const [, series = '', number = '1', constrained, version = '1'] = match;
  if (constrained !== undefined) return Number(constrained);
  const name = series.toLowerCase();
  const isIrregular = !/^simulated/i.test(vmSize) && Number(version) < (REGULAR_SINCE[name] ?? 0);
  const cores = isIrregular ? IRREGULAR[name]?.[Number(number) - 1] : Number(number);
  return cores === undefined || cores < 1 ? 1 : cores;
}

/** "Run tasks concurrently on compute nodes": four slots per core, at most 256. */
export function maxSlotsOf(vmSize: string): number {
  return Math.min(MAX_SLOTS, SLOTS_PER_CORE * coresOf(vmSize));
}

/** Not every size of Azure is known here, so whatever looks like one passes. */
export function checkVmSize(vmSize: string): void {
  if (PLAUSIBLE.test(vmSize)) return;
  throw invalidProperty('vmSize', vmSize, 'The value must be a VM size of Azure, or begin with simulated_.');
}
