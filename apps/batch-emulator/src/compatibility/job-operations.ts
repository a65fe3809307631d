import { full, operation, type OperationEntry } from './entry';

/** Operations on jobs, tasks, their files and job schedules. */
export const JOB_OPERATIONS: readonly OperationEntry[] = [
  operation('JobAdd', 'POST /jobs', full('jobs: fills in the defaults, and answers a create with the URL of job-1')),
  operation('JobList', 'GET /jobs', full('conventions: pages with absolute links, and refuses a bad maxresults')),
  operation(
    'JobDelete',
    'DELETE /jobs/{jobId}',
    full('jobs: delete passes through deleting and takes the tasks along'),
  ),
  operation(
    'JobGet',
    'GET /jobs/{jobId}',
    full('jobs: fills in the defaults, and answers a create with the URL of job-1'),
  ),
  operation('JobPatch', 'PATCH /jobs/{jobId}', full('jobs: PATCH keeps what is left out, PUT resets it')),
  operation('JobUpdate', 'PUT /jobs/{jobId}', full('jobs: PATCH keeps what is left out, PUT resets it')),
  operation('JobDisable', 'POST /jobs/{jobId}/disable', full('jobs: disable with %s leaves running tasks %s')),
  operation('JobEnable', 'POST /jobs/{jobId}/enable', full('jobs: another pool only while disabled')),
  operation(
    'JobListPreparationAndReleaseTaskStatus',
    'GET /jobs/{jobId}/jobpreparationandreleasetaskstatus',
    full('job-tasks: the status can be filtered, paged and selected from, and outlives the node'),
  ),
  operation('JobGetTaskCounts', 'GET /jobs/{jobId}/taskcounts', full('tasks: requiredSlots are honoured and counted')),
  operation(
    'JobTerminate',
    'POST /jobs/{jobId}/terminate',
    full('jobs: terminate ends running tasks, leaves active ones active, and takes no more'),
  ),
  operation(
    'TaskAddCollection',
    'POST /jobs/{jobId}/addtaskcollection',
    full(
      'tasks: a collection gives a result per task: an existing id and a bad one do not spoil the rest',
      'tasks: takes at most 100 tasks and less than 1 MiB at once',
    ),
  ),
  operation('TaskAdd', 'POST /jobs/{jobId}/tasks', full('tasks: fills in the defaults of a fresh task')),
  operation(
    'TaskList',
    'GET /jobs/{jobId}/tasks',
    full('tasks: lists what completed since a time, page by page, and nothing twice'),
  ),
  operation('TaskDelete', 'DELETE /jobs/{jobId}/tasks/{taskId}', full('tasks: delete removes the task')),
  operation('TaskGet', 'GET /jobs/{jobId}/tasks/{taskId}', full('tasks: fills in the defaults of a fresh task')),
  operation(
    'TaskUpdate',
    'PUT /jobs/{jobId}/tasks/{taskId}',
    full('tasks: PUT changes constraints of a task that is not completed'),
  ),
  operation(
    'TaskReactivate',
    'POST /jobs/{jobId}/tasks/{taskId}/reactivate',
    full('tasks: reactivate runs a failed task again, and only a failed one'),
  ),
  operation(
    'TaskListSubtasks',
    'GET /jobs/{jobId}/tasks/{taskId}/subtasksinfo',
    full('multi-instance: run their coordination command on every node, then the command on the first'),
  ),
  operation(
    'TaskTerminate',
    'POST /jobs/{jobId}/tasks/{taskId}/terminate',
    full('tasks: terminate completes a running task at once, and again is refused'),
  ),
  operation(
    'FileListFromTask',
    'GET /jobs/{jobId}/tasks/{taskId}/files',
    full('files: lists one level, or all with recursive'),
  ),
  operation(
    'FileDeleteFromTask',
    'DELETE /jobs/{jobId}/tasks/{taskId}/files/{filePath...}',
    full('files: deletes files, directories that are not empty only with recursive'),
  ),
  operation(
    'FileGetFromTask',
    'GET /jobs/{jobId}/tasks/{taskId}/files/{filePath...}',
    full(
      'files: reads a file whose path is one encoded segment, or several',
      'files: reads a range with status 200, and refuses one that is not there',
    ),
  ),
  operation(
    'FileGetPropertiesFromTask',
    'HEAD /jobs/{jobId}/tasks/{taskId}/files/{filePath...}',
    full('files: HEAD gives the properties'),
  ),
  operation(
    'JobScheduleAdd',
    'POST /jobschedules',
    full('schedules: a create has the recorded headers, and the first job is there at once'),
  ),
  operation('JobScheduleList', 'GET /jobschedules', full('schedules: lists with filter and select')),
  operation('JobScheduleExists', 'HEAD /jobschedules/{jobScheduleId}', full('schedules: HEAD tells whether it exists')),
  operation(
    'JobScheduleDelete',
    'DELETE /jobschedules/{jobScheduleId}',
    full('schedules: delete takes its jobs with it'),
  ),
  operation(
    'JobScheduleGet',
    'GET /jobschedules/{jobScheduleId}',
    full('schedules: a create has the recorded headers, and the first job is there at once'),
  ),
  operation(
    'JobSchedulePatch',
    'PATCH /jobschedules/{jobScheduleId}',
    full('schedules: PATCH keeps what is left out, PUT resets it; present jobs stay as they are'),
  ),
  operation(
    'JobScheduleUpdate',
    'PUT /jobschedules/{jobScheduleId}',
    full('schedules: PATCH keeps what is left out, PUT resets it; present jobs stay as they are'),
  ),
  operation(
    'JobScheduleDisable',
    'POST /jobschedules/{jobScheduleId}/disable',
    full('schedules: disable and enable answer 204 and change the state; the active job goes on'),
  ),
  operation(
    'JobScheduleEnable',
    'POST /jobschedules/{jobScheduleId}/enable',
    full('schedules: disable and enable answer 204 and change the state; the active job goes on'),
  ),
  operation(
    'JobListFromJobSchedule',
    'GET /jobschedules/{jobScheduleId}/jobs',
    full('schedules: delete takes its jobs with it'),
  ),
  operation(
    'JobScheduleTerminate',
    'POST /jobschedules/{jobScheduleId}/terminate',
    full('schedules: terminate ends the active job with its reason'),
  ),
];
