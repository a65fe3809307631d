import { FileHandlers } from './handlers/files';
import { listSupportedImages } from './handlers/images';
import { JobHandlers } from './handlers/jobs';
import { missing, retired } from './handlers/missing';
import { NodeHandlers } from './handlers/nodes';
import { PoolHandlers } from './handlers/pools';
import { TaskHandlers } from './handlers/tasks';
import type { Handler, Route } from './http/route';
import type { Model } from './model';
import type { NodeLayout } from './nodes/node-layout';

type Extra = Pick<Route, 'body' | 'optionalBody' | 'modified'>;

function route(operation: string, method: Route['method'], path: string, handler: Handler, extra: Extra = {}): Route {
  return { operation, method, path, handler, ...extra };
}

const notYet = (operation: string, method: Route['method'], path: string): Route =>
  route(operation, method, path, missing(operation));

const POOL = '/pools/{poolId}';
const NODE = '/pools/{poolId}/nodes/{nodeId}';
const JOB = '/jobs/{jobId}';
const TASK = '/jobs/{jobId}/tasks/{taskId}';
const SCHEDULE = '/jobschedules/{jobScheduleId}';

/** Every operation of the Batch data plane, in the order of the reference. */
export function createRoutes(model: Model, layout: NodeLayout): Route[] {
  const files = new FileHandlers(model, layout);
  return [
    ...poolRoutes(new PoolHandlers(model)),
    ...nodeRoutes(new NodeHandlers(model), files),
    ...jobRoutes(new JobHandlers(model)),
    ...taskRoutes(new TaskHandlers(model), files),
    ...scheduleRoutes(),
    ...accountRoutes(new PoolHandlers(model)),
  ];
}

function poolRoutes(pools: PoolHandlers): Route[] {
  const { modified } = pools;
  return [
    route('PoolAdd', 'POST', '/pools', pools.add, { body: 'BatchPoolCreateOptions' }),
    route('PoolList', 'GET', '/pools', pools.list),
    route('PoolDelete', 'DELETE', POOL, pools.delete, { modified }),
    route('PoolExists', 'HEAD', POOL, pools.exists, { modified }),
    route('PoolGet', 'GET', POOL, pools.get, { modified }),
    route('PoolPatch', 'PATCH', POOL, pools.patch, { body: 'BatchPoolUpdateOptions', modified }),
    notYet('PoolDisableAutoScale', 'POST', `${POOL}/disableautoscale`),
    notYet('PoolEnableAutoScale', 'POST', `${POOL}/enableautoscale`),
    notYet('PoolEvaluateAutoScale', 'POST', `${POOL}/evaluateautoscale`),
    route('PoolRemoveNodes', 'POST', `${POOL}/removenodes`, pools.removeNodes, {
      body: 'BatchNodeRemoveOptions',
      modified,
    }),
    route('PoolResize', 'POST', `${POOL}/resize`, pools.resize, { body: 'BatchPoolResizeOptions', modified }),
    route('PoolStopResize', 'POST', `${POOL}/stopresize`, pools.stopResize, { modified }),
    route('PoolUpdateProperties', 'POST', `${POOL}/updateproperties`, pools.updateProperties, {
      body: 'BatchPoolReplaceOptions',
    }),
  ];
}

function nodeRoutes(nodes: NodeHandlers, files: FileHandlers): Route[] {
  return [
    route('ComputeNodeList', 'GET', `${POOL}/nodes`, nodes.list),
    route('ComputeNodeGet', 'GET', NODE, nodes.get),
    notYet('ComputeNodeDeallocate', 'POST', `${NODE}/deallocate`),
    notYet('ComputeNodeDisableScheduling', 'POST', `${NODE}/disablescheduling`),
    route('ComputeNodeEnableScheduling', 'POST', `${NODE}/enablescheduling`, nodes.enableScheduling),
    notYet('ComputeNodeExtensionList', 'GET', `${NODE}/extensions`),
    notYet('ComputeNodeExtensionGet', 'GET', `${NODE}/extensions/{extensionName}`),
    notYet('ComputeNodeReboot', 'POST', `${NODE}/reboot`),
    notYet('ComputeNodeReimage', 'POST', `${NODE}/reimage`),
    notYet('ComputeNodeGetRemoteDesktop', 'GET', `${NODE}/rdp`),
    notYet('ComputeNodeGetRemoteLoginSettings', 'GET', `${NODE}/remoteloginsettings`),
    notYet('ComputeNodeStart', 'POST', `${NODE}/start`),
    notYet('ComputeNodeUploadBatchServiceLogs', 'POST', `${NODE}/uploadbatchservicelogs`),
    notYet('ComputeNodeAddUser', 'POST', `${NODE}/users`),
    notYet('ComputeNodeDeleteUser', 'DELETE', `${NODE}/users/{userName}`),
    notYet('ComputeNodeUpdateUser', 'PUT', `${NODE}/users/{userName}`),
    route('FileListFromComputeNode', 'GET', `${NODE}/files`, files.list(files.ofNode)),
    route('FileDeleteFromComputeNode', 'DELETE', `${NODE}/files/{filePath...}`, files.delete(files.ofNode)),
    route('FileGetFromComputeNode', 'GET', `${NODE}/files/{filePath...}`, files.get(files.ofNode)),
    route('FileGetPropertiesFromComputeNode', 'HEAD', `${NODE}/files/{filePath...}`, files.head(files.ofNode)),
  ];
}

function jobRoutes(jobs: JobHandlers): Route[] {
  const { modified } = jobs;
  return [
    route('JobAdd', 'POST', '/jobs', jobs.add, { body: 'BatchJobCreateOptions' }),
    route('JobList', 'GET', '/jobs', jobs.list),
    route('JobDelete', 'DELETE', JOB, jobs.delete, { modified }),
    route('JobGet', 'GET', JOB, jobs.get, { modified }),
    route('JobPatch', 'PATCH', JOB, jobs.patch, { body: 'BatchJobUpdateOptions', modified }),
    route('JobUpdate', 'PUT', JOB, jobs.update, { body: 'BatchJob', modified }),
    route('JobDisable', 'POST', `${JOB}/disable`, jobs.disable, { body: 'BatchJobDisableOptions', modified }),
    route('JobEnable', 'POST', `${JOB}/enable`, jobs.enable, { modified }),
    notYet('JobListPreparationAndReleaseTaskStatus', 'GET', `${JOB}/jobpreparationandreleasetaskstatus`),
    route('JobGetTaskCounts', 'GET', `${JOB}/taskcounts`, jobs.taskCounts),
    route('JobTerminate', 'POST', `${JOB}/terminate`, jobs.terminate, {
      body: 'BatchJobTerminateOptions',
      optionalBody: true,
      modified,
    }),
  ];
}

function taskRoutes(tasks: TaskHandlers, files: FileHandlers): Route[] {
  const { modified } = tasks;
  return [
    route('TaskAddCollection', 'POST', `${JOB}/addtaskcollection`, tasks.addCollection),
    route('TaskAdd', 'POST', `${JOB}/tasks`, tasks.add, { body: 'BatchTaskCreateOptions' }),
    route('TaskList', 'GET', `${JOB}/tasks`, tasks.list),
    route('TaskDelete', 'DELETE', TASK, tasks.delete, { modified }),
    route('TaskGet', 'GET', TASK, tasks.get, { modified }),
    route('TaskUpdate', 'PUT', TASK, tasks.update, { body: 'BatchTask', modified }),
    route('TaskReactivate', 'POST', `${TASK}/reactivate`, tasks.reactivate, { modified }),
    route('TaskListSubtasks', 'GET', `${TASK}/subtasksinfo`, tasks.subtasks),
    route('TaskTerminate', 'POST', `${TASK}/terminate`, tasks.terminate, { modified }),
    route('FileListFromTask', 'GET', `${TASK}/files`, files.list(files.ofTask)),
    route('FileDeleteFromTask', 'DELETE', `${TASK}/files/{filePath...}`, files.delete(files.ofTask)),
    route('FileGetFromTask', 'GET', `${TASK}/files/{filePath...}`, files.get(files.ofTask)),
    route('FileGetPropertiesFromTask', 'HEAD', `${TASK}/files/{filePath...}`, files.head(files.ofTask)),
  ];
}

function scheduleRoutes(): Route[] {
  return [
    notYet('JobScheduleAdd', 'POST', '/jobschedules'),
    notYet('JobScheduleList', 'GET', '/jobschedules'),
    notYet('JobScheduleExists', 'HEAD', SCHEDULE),
    notYet('JobScheduleDelete', 'DELETE', SCHEDULE),
    notYet('JobScheduleGet', 'GET', SCHEDULE),
    notYet('JobSchedulePatch', 'PATCH', SCHEDULE),
    notYet('JobScheduleUpdate', 'PUT', SCHEDULE),
    notYet('JobScheduleDisable', 'POST', `${SCHEDULE}/disable`),
    notYet('JobScheduleEnable', 'POST', `${SCHEDULE}/enable`),
    notYet('JobListFromJobSchedule', 'GET', `${SCHEDULE}/jobs`),
    notYet('JobScheduleTerminate', 'POST', `${SCHEDULE}/terminate`),
  ];
}

function accountRoutes(pools: PoolHandlers): Route[] {
  return [
    route('AccountListSupportedImages', 'GET', '/supportedimages', listSupportedImages),
    route('AccountListPoolNodeCounts', 'GET', '/nodecounts', pools.nodeCounts),
    notYet('PoolListUsageMetrics', 'GET', '/poolusagemetrics'),
    notYet('ApplicationList', 'GET', '/applications'),
    notYet('ApplicationGet', 'GET', '/applications/{applicationId}'),
    notYet('CertificateAdd', 'POST', '/certificates'),
    notYet('CertificateList', 'GET', '/certificates'),
    route('JobGetAllLifetimeStatistics', 'GET', '/lifetimejobstats', retired),
    route('PoolGetAllLifetimeStatistics', 'GET', '/lifetimepoolstats', retired),
  ];
}
