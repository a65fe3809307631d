import type { FailureInfo } from '../wire/types';

/** "TaskFailureInformation": what a completed task says about why it failed. */
export const failureExitCode: FailureInfo = Object.freeze({
  category: 'usererror',
  code: 'FailureExitCode',
  message: 'The task exited with an exit code representing a failure',
  details: [
    { name: 'Message', value: 'The task process exited with an unexpected exit code' },
    { name: 'AdditionalErrorCode', value: 'FailureExitCode' },
  ],
});

export const endedByUser: FailureInfo = Object.freeze({
  category: 'usererror',
  code: 'TaskEnded',
  message: 'Task Was Ended by User Request',
});

export const endedByTimeLimit: FailureInfo = Object.freeze({
  category: 'usererror',
  code: 'TaskEnded',
  message: 'The task was ended because it ran longer than its maxWallClockTime constraint',
});

/** The task could not start where its job's preparation task failed. */
export const preparationFailed: FailureInfo = Object.freeze({
  category: 'usererror',
  code: 'JobPreparationTaskFailed',
  message: 'The job preparation task failed on the node.',
});
