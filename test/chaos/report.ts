import type { RunReport } from './run';

/** One line for a run. */
export function runLine(number: number, { seed, seconds, kills, struck, ledger, difference }: RunReport): string {
  const list = (counts: Record<string, number>) =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ');
  const { lines, retries, duplicates, spoilt } = ledger;
  return [
    `run ${number} (seed ${seed}) ${difference ? 'BROKEN' : 'clean'} after ${seconds.toFixed(0)} s`,
    `kills: ${list(kills)}`,
    `faults: ${list(struck) || 'none'}`,
    `ledger: ${lines} lines, ${retries} retries, ${spoilt} spoilt by the storage, ${duplicates} raw duplicates`,
  ].join('; ');
}

export function summary(reports: RunReport[]): string {
  const head = [
    'seed',
    'outcome',
    'seconds',
    'worker',
    'API',
    'emulator',
    'Temporal',
    'Azurite',
    'retries',
    'duplicates',
  ];
  const rows = reports.map(({ seed, seconds, kills, ledger, difference }) => [
    seed,
    difference ? 'BROKEN' : 'clean',
    seconds.toFixed(0),
    kills.worker,
    kills.api,
    kills['batch-emulator'],
    kills.temporal,
    kills.azurite,
    ledger.retries,
    ledger.duplicates,
  ]);
  const table = [head, ...rows].map((row) => row.map((cell, i) => String(cell).padStart(head[i]!.length + 2)).join(''));
  const clean = reports.filter(({ difference }) => !difference).length;
  return [...table, '', `${clean} of ${reports.length} runs were clean.`].join('\n');
}
