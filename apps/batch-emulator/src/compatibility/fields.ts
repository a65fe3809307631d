import type { ModelEntry } from './entry';
import { JOB_FIELDS } from './job-fields';
import { MACHINE_FIELDS } from './machine-fields';
import { OPERATION_FIELDS } from './operation-fields';
import { POOL_FIELDS } from './pool-fields';
import { TASK_FIELDS } from './task-fields';

/** Every property of request bodies; one whose type is another model is described there. */
export const FIELDS: readonly ModelEntry[] = [
  ...POOL_FIELDS,
  ...MACHINE_FIELDS,
  ...OPERATION_FIELDS,
  ...JOB_FIELDS,
  ...TASK_FIELDS,
];
