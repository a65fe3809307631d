/**
 * Types of the failures that cross the border between activities and workflows. The type alone decides whether
 * an activity is tried again; messages are for people.
 */
export const FailureType = {
  /** The job's own specification or input is wrong: no retry can help. */
  invalidJob: 'InvalidJob',
  /** A blob, container, pool or job that should be there is not. */
  notFound: 'NotFound',
  /** The request to Azure was refused for good (400, 401, 403). */
  refused: 'AzureRefused',
  /** Throttled or temporarily failing: retried with the service's own Retry-After. */
  unavailable: 'AzureUnavailable',
  /** No quota or capacity: waited for, never a failure of the job. */
  capacity: 'Capacity',
  /** K nodes failed to start and none is usable. */
  poolBroken: 'PoolBroken',
  /** More tasks failed than the job tolerates. */
  toleranceExceeded: 'ToleranceExceeded',
  /** The job's own time limit passed. */
  jobTimeout: 'JobTimeout',
  /** What `execution.budget` allows is used up. */
  budgetExceeded: 'BudgetExceeded',
  /** The reduce or concat step failed. */
  gatherFailed: 'GatherFailed',
  /** A redrive has nothing to run. */
  nothingToRedrive: 'NothingToRedrive',
  /** The job's workflow was ended from outside. Of rows only: such a workflow says nothing any more. */
  terminated: 'Terminated',
  /** The cluster is being deleted or refused the lease. */
  clusterRefused: 'ClusterRefused',
} as const;
export type FailureType = (typeof FailureType)[keyof typeof FailureType];

/** Failure types that no retry mends; given to every activity as `nonRetryableErrorTypes`. */
export const TERMINAL_FAILURES: FailureType[] = [
  FailureType.invalidJob,
  FailureType.notFound,
  FailureType.refused,
  FailureType.poolBroken,
  FailureType.toleranceExceeded,
  FailureType.jobTimeout,
  FailureType.budgetExceeded,
  FailureType.gatherFailed,
  FailureType.nothingToRedrive,
  FailureType.clusterRefused,
];

/** `details[0]` of a failure: the stable code and, where known, the place in the specification. */
export interface InvalidJobDetail {
  code: string;
  path?: string;
  /** The Batch error beneath, where there is one. */
  batch?: { code: string; message: string };
}
