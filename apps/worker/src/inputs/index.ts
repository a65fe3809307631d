/** From a job's `input` to its tasks. Knows nothing of Temporal: progress and cancellation are parameters. */
export { InvalidInputError } from './errors';
export type { InputErrorCode } from './errors';
export { changedInputs, inputsOf } from './frozen';
export type { ChangedBlob } from './frozen';
export type { Item } from './item';
export { mapItems } from './item-mapping';
export { planTasks } from './planning/plan-tasks';
export type { PlanContext } from './planning/plan-tasks';
export { RedrivenValues } from './planning/redriven-values';
export { resolveProgram } from './program';
export { readItems } from './read-items';
export type { ReadContext, ReadProgress } from './read-items';
export { freezeSources } from './sources';
export { nameFilter } from './readers/blobs';
