/**
 * The durable deletion of a job, of an experiment with its jobs, of a schedule, an application, and of a workspace with
 * all that is in it.
 */
import type { ApplicationKey } from './applications';
import type { ExperimentKey } from './places';
import type { JobKey } from './names';

export type DeletionInput =
  | ({ kind: 'job'; uid: string; createdTime: string } & JobKey)
  | ({ kind: 'experiment' } & ExperimentKey)
  | { kind: 'schedule'; workspace: string; schedule: string; uid: string }
  | ({ kind: 'application' } & ApplicationKey)
  | { kind: 'workspace'; workspace: string };

/** What a deletion has done so far; carried on by continue-as-new. */
export interface DeletionProgress {
  jobs: number;
  experiments: number;
  clusters: number;
}

/** One at a time for each thing that is deleted: asking again joins it. */
export function deletionWorkflowId(input: DeletionInput): string {
  if (input.kind === 'workspace') return `delete:workspace/${input.workspace}`;
  if (input.kind === 'schedule') return `delete:schedule/${input.workspace}/${input.schedule}`;
  if (input.kind === 'application') return `delete:application/${input.workspace}/${input.application}`;
  const experiment = `${input.workspace}/${input.experiment}`;
  return input.kind === 'experiment' ? `delete:experiment/${experiment}` : `delete:job/${experiment}/${input.job}`;
}
