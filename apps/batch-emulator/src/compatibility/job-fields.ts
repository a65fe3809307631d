import { field, model, full, inert, missed, type ModelEntry } from './entry';

/** Request bodies that describe jobs and job schedules. */
export const JOB_FIELDS: readonly ModelEntry[] = [
  model(
    'BatchJobCreateOptions BatchJobSpecification BatchJobUpdateOptions',
    field('id displayName', full('jobs: fills in the defaults, and answers a create with the URL of job-1')),
    field('priority', full('jobs: prefers jobs of higher priority')),
    field('maxParallelTasks', full('jobs: runs no more than maxParallelTasks at once')),
    field(
      'usesTaskDependencies',
      full('dependencies: are refused when the job does not provide for them or the list is too long'),
    ),
    field('allowTaskPreemption', missed('running tasks are never pre-empted')),
    field(
      'onAllTasksComplete',
      full('jobs: onAllTasksComplete ends the job when the last task ends, and cannot be taken back'),
    ),
    field(
      'onTaskFailure',
      full('dependencies: terminates it by default', 'dependencies: an action is refused in a job that takes none'),
    ),
  ),
  model(
    'BatchJob',
    field('priority maxParallelTasks onAllTasksComplete', full('jobs: PATCH keeps what is left out, PUT resets it')),
    field('allowTaskPreemption', missed('running tasks are never pre-empted')),
    field(
      'id displayName usesTaskDependencies url eTag lastModified creationTime state stateTransitionTime previousState previousStateTransitionTime jobManagerTask jobPreparationTask jobReleaseTask commonEnvironmentSettings onTaskFailure executionInfo stats',
      full('jobs: PATCH keeps what is left out, PUT resets it'),
    ),
    field('networkConfiguration', inert('PUT leaves it as it is')),
  ),
  model(
    'BatchJobConstraints',
    field(
      'maxWallClockTime maxTaskRetryCount',
      full('jobs: maxWallClockTime ends the job', 'tasks: retries a non-zero exit code as often as allowed'),
    ),
  ),
  model(
    'BatchJobNetworkConfiguration',
    field('subnetId', missed('nodes are on this machine, in no virtual network')),
    field('skipWithdrawFromVNet', inert('as subnetId')),
  ),
  model(
    'BatchPoolInfo',
    field('poolId', full('pools: tasks of a job wait for its pool to come', 'jobs: another pool only while disabled')),
  ),
  model(
    'BatchAutoPoolSpecification',
    field(
      'autoPoolIdPrefix poolLifetimeOption keepAlive',
      full(
        'schedules: is made with the job, runs its tasks and goes with it',
        'schedules: stays with keepAlive',
        'schedules: with lifetime jobschedule it goes with the schedule, not with a job',
      ),
    ),
  ),
  model('BatchJobDisableOptions', field('disableTasks', full('jobs: disable with %s leaves running tasks %s'))),
  model(
    'BatchJobTerminateOptions',
    field(
      'terminateReason',
      full(
        'jobs: terminate ends running tasks, leaves active ones active, and takes no more',
        'jobs: terminate without a body gives the default reason',
      ),
    ),
  ),
  model(
    'BatchJobManagerTask',
    field(
      'id displayName commandLine killJobOnCompletion',
      full(
        'job-manager: come with the job, are in its list of tasks, and their end is its end',
        'job-manager: without killJobOnCompletion leave the job alone',
      ),
    ),
    field(
      'requiredSlots runExclusive',
      full(
        'job-manager: have a node to themselves unless told otherwise, and are first',
        'job-manager: that run exclusively need one slot',
      ),
    ),
    field('allowLowPriorityNode', full('job-manager: keep off low-priority nodes when they have to')),
    field('authenticationTokenSettings', missed('tasks get no token for the Batch service')),
  ),
  model(
    'BatchJobPreparationTask',
    field(
      'id commandLine waitForSuccess',
      full(
        'job-tasks: run once on a node, before the first task there, which is preparing meanwhile',
        'job-tasks: with waitForSuccess false are not waited for, and may fail',
      ),
    ),
    field(
      'rerunOnNodeRebootAfterSuccess',
      full('simulated-jobs: a preempted node (rerunOnNodeRebootAfterSuccess %s) %s'),
    ),
  ),
  model(
    'BatchJobReleaseTask',
    field(
      'id commandLine maxWallClockTime',
      full(
        'job-tasks: run when the job is terminated, before it is completed, and are listed',
        'job-tasks: run no longer than their limit, which is at most 15 minutes',
        'job-tasks: are refused without a preparation task',
      ),
    ),
    field('retentionTime', inert('files of release tasks stay until the job or the node goes')),
  ),
  model(
    'BatchJobScheduleCreateOptions BatchJobScheduleUpdateOptions',
    field('id displayName', full('schedules: a create has the recorded headers, and the first job is there at once')),
  ),
  model(
    'BatchJobSchedule',
    field(
      'id displayName url eTag lastModified creationTime state stateTransitionTime previousState previousStateTransitionTime executionInfo stats',
      full('schedules: PATCH keeps what is left out, PUT resets it; present jobs stay as they are'),
    ),
  ),
  model(
    'BatchJobScheduleConfiguration',
    field(
      'doNotRunUntil recurrenceInterval',
      full(
        'schedules: no job before doNotRunUntil',
        'schedules: a create has the recorded headers, and the first job is there at once',
      ),
    ),
    field(
      'doNotRunAfter startWindow',
      full(
        'schedules-time: is completed when its end has passed and no job is active',
        'schedules-time: loses a job that could not start within its window',
      ),
    ),
  ),
];
