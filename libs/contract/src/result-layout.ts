/** Where a job's files lie in its workspace's container (see docs/architecture.md, "Result layout"). */

export const jobPaths = (uid: string) => {
  const root = `jobs/${uid}`;
  return {
    root: `${root}/`,
    spec: `${root}/spec.json`,
    /** The frozen programs, defaults and counts that every wave reads. */
    plan: `${root}/plan/plan.json`,
    /** `stage` is `tasks` for the first wave's plan, `reduce-1`, `reduce-2`, ... for the levels of a reduction. */
    planShard: (stage: string, shard: number) => `${root}/plan/${stage}-${String(shard).padStart(5, '0')}.jsonl`,
    /** Tasks of a further wave, one per line, see `RetryLine`. */
    retryList: (wave: number) => `${root}/plan/retry-${wave}.jsonl`,
    retryLists: `${root}/plan/retry-`,
    /** What a redrive was asked for, see `RedriveSpec`. */
    redrive: (id: string) => `${root}/redrives/${id}.json`,
    /** Which tasks a redrive runs, see `RedriveChoice`; written last, so that its presence means the list is whole. */
    redriveChoice: (number: number) => `${root}/plan/redrive-${number}.json`,
    /** Everything below is deleted when no redrive can need it any more, unless `cleanup.staged` is `keep`. */
    staged: `${root}/staged/`,
    items: (index: number) => `${root}/staged/items/${pad(index)}.jsonl`,
    ledger: (wave: string) => `${root}/ledger/${wave}.jsonl`,
    ledgerPrefix: `${root}/ledger/`,
    outputs: `${root}/outputs/`,
    taskOutputs: (index: number) => `${root}/outputs/${pad(index)}`,
    /** `stdout.txt` and `stderr.txt` of one attempt; `wave` as in {@link batchJobId}. */
    taskLogs: (index: number, wave: string) => `${root}/logs/${pad(index)}/${wave}`,
    reductions: `${root}/reduce/`,
    reduceOutputs: (level: number, index: number) => `${root}/reduce/${level}/${pad(index)}`,
    results: `${root}/results/`,
    /** What the gather made: in a folder of its own, where no name can meet one of ours. */
    artefacts: `${root}/results/artefacts/`,
    manifest: `${root}/results/manifest.json`,
    resultFile: (outcome: 'SUCCEEDED' | 'FAILED' | 'PENDING', n: number) => `${root}/results/${outcome}_${n}.jsonl`,
    /** What succeeded tasks exported, see `MetricLine`. */
    metrics: (n: number) => `${root}/results/METRICS_${n}.jsonl`,
    /** Of the n-th metric, see `MetricTops`. */
    metricTops: (n: number) => `${root}/results/metrics/${n}.json`,
  };
};

/** Name records, below the workspace's container. */
export const JOB_NAMES = 'names/';

/** Name record: maps a job's name to its uid; its conditional write decides a race between two creators. */
export function jobNameRecord(experiment: string, job: string): string {
  return `${jobNameRecords(experiment)}${job}.json`;
}

export function jobNameRecords(experiment: string): string {
  return `${JOB_NAMES}${experiment}/`;
}

/** What idempotency keys were used for; `~` keeps these apart from the names of experiments. */
export function idempotencyRecords(experiment: string): string {
  return `${JOB_NAMES}~keys/${experiment}/`;
}

function pad(index: number): string {
  return String(index).padStart(8, '0');
}
