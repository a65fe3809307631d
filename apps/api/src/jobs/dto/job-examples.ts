import type { JobSpec } from '@windrow/contract';

const wordCount: JobSpec = {
  displayName: 'Word count of the corpus',
  labels: { team: 'aero' },
  input: { kind: 'blobs', container: 'corpus', prefix: 'books/', include: ['**/*.txt'] },
  batching: { maxItemsPerTask: 50, maxBytesPerTask: '64MiB' },
  task: {
    commandLine: "/bin/sh -c 'python3 count.py > out/counts.csv'",
    program: [{ container: 'programs', prefix: 'count/' }],
    timeout: 'PT1H',
    retries: 1,
    outputs: [{ pattern: 'out/**' }],
  },
  pool: { cluster: 'wind' },
  gather: { kind: 'concat', file: 'out/counts.csv', header: true },
};

const sweep: JobSpec = {
  displayName: 'Blade angles',
  input: { kind: 'sweep', method: 'product', parameters: { angle: { from: 0, to: 90, step: 15 }, mesh: ['coarse'] } },
  task: { commandLine: 'solve --angle {{item.angle}} --mesh {{item.mesh}}', requiredSlots: 2, timeout: 'PT6H' },
  pool: { vmSizes: ['Standard_D4s_v5'], nodes: { min: 0, max: 20, spotPercent: 80 }, slotsPerNode: 4 },
  metrics: { objective: { metric: 'drag', goal: 'minimize' } },
  execution: {
    toleratedFailures: { percent: 5 },
    retryRules: [{ on: { categories: ['timeout'] }, attempts: 3, backoff: { initial: 'PT30S' } }],
  },
};

const smallest: JobSpec = {
  input: { kind: 'repeat', count: 3 },
  task: { commandLine: '/bin/echo hello' },
  pool: { vmSizes: ['Standard_D2s_v5'], nodes: { max: 1 } },
};

/** Complete bodies that pass every check of form; they stand in the API's description. */
export const JOB_EXAMPLES = { wordCount, sweep, smallest };
