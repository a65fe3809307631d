/** From the ledger and the outputs of a job's tasks to its results. Knows nothing of Temporal. */
export { concat } from './concat';
export type { ConcatContext } from './concat';
export { GatherError } from './errors';
export type { GatherErrorCode } from './errors';
export { FailureGroups } from './failure-groups';
export { writeMetrics } from './metrics';
export { JobOutcomes, foldLedger } from './outcomes';
export type { Outcome } from './outcomes';
export { resultLine, writeManifest, writeResultFiles } from './result-files';
export type { ResultPlace } from './result-files';
export { readTaskResults } from './task-results';
