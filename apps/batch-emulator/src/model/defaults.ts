import { INFINITE_DURATION } from '../constants';
import { isObject, omit, type JsonObject } from '../util/json';
import type { JobSpecification, PoolSpec, StartTaskSpec, TaskSpec } from '../wire/types';
import { DEFAULT_IDENTITY } from './jobs/common-defaults';
import { withoutMountSecrets } from './pools/mounts';
import { withJobTaskDefaults } from './jobs/job-task-defaults';
import type { TaskBody } from './tasks/task';

export function withPoolDefaults(spec: PoolSpec): PoolSpec {
  const filled: PoolSpec = { ...spec, vmSize: spec.vmSize.toLowerCase() };
  filled.taskSlotsPerNode ??= 1;
  filled.enableAutoScale ??= false;
  if (filled.enableAutoScale) filled.autoScaleEvaluationInterval ??= 'PT15M';
  filled.enableInterNodeCommunication ??= false;
  filled.taskSchedulingPolicy = {
    ...filled.taskSchedulingPolicy,
    nodeFillType: filled.taskSchedulingPolicy?.nodeFillType ?? 'Spread',
  };
  if (filled.startTask) filled.startTask = withStartTaskDefaults(filled.startTask);
  if (filled.networkConfiguration) {
    filled.networkConfiguration = { dynamicVNetAssignmentScope: 'none', ...filled.networkConfiguration };
  }
  if (filled.virtualMachineConfiguration)
    filled.virtualMachineConfiguration = withVmDefaults(filled.virtualMachineConfiguration);
  if (filled.mountConfiguration) filled.mountConfiguration = filled.mountConfiguration.map(withoutMountSecrets);
  if (filled.userAccounts) {
    const windows = isWindows(filled);
    filled.userAccounts = filled.userAccounts.map((account) => withAccountDefaults(account, windows));
  }
  return filled;
}

/** Whether the nodes run Windows, which only the node agent tells. */
export function isWindows(spec: PoolSpec): boolean {
  const agent = spec.virtualMachineConfiguration?.['nodeAgentSKUId'];
  return typeof agent === 'string' && agent.includes('windows');
}

/** Passwords and keys of node users are never shown. */
function withAccountDefaults(account: JsonObject, windows: boolean): JsonObject {
  const shown: JsonObject = { elevationLevel: 'nonadmin', ...omit(account, 'password') };
  if (windows) shown['windowsUserConfiguration'] ??= { loginMode: 'batch' };
  const linux = shown['linuxUserConfiguration'];
  if (!isObject(linux)) return shown;
  return { ...shown, linuxUserConfiguration: omit(linux, 'sshPrivateKey') };
}

function withVmDefaults(configuration: JsonObject): JsonObject {
  const { imageReference, osDisk, nodeAgentSKUId, ...rest } = configuration;
  const filled: JsonObject = {};
  if (isObject(imageReference)) {
    filled['imageReference'] = imageReference['publisher']
      ? { ...imageReference, version: imageReference['version'] ?? 'latest' }
      : imageReference;
  }
  if (isObject(osDisk)) filled['osDisk'] = { ephemeralOSDiskSettings: {}, ...osDisk };
  if (nodeAgentSKUId !== undefined) filled['nodeAgentSKUId'] = nodeAgentSKUId;
  const { extensions } = rest;
  if (Array.isArray(extensions)) {
    rest['extensions'] = extensions.filter(isObject).map((extension) => omit(extension, 'protectedSettings'));
  }
  return { ...filled, ...rest };
}

export function withStartTaskDefaults(spec: StartTaskSpec): StartTaskSpec {
  const { userIdentity, maxTaskRetryCount, waitForSuccess, ...rest } = spec;
  return {
    ...rest,
    userIdentity: userIdentity ?? DEFAULT_IDENTITY,
    maxTaskRetryCount: maxTaskRetryCount ?? 0,
    waitForSuccess: waitForSuccess ?? true,
  };
}

export function withJobDefaults<T extends JobSpecification>(spec: T): T {
  return {
    ...spec,
    priority: spec.priority ?? 0,
    maxParallelTasks: spec.maxParallelTasks ?? -1,
    usesTaskDependencies: spec.usesTaskDependencies ?? false,
    allowTaskPreemption: spec.allowTaskPreemption ?? false,
    constraints: {
      maxWallClockTime: spec.constraints?.maxWallClockTime ?? INFINITE_DURATION,
      maxTaskRetryCount: spec.constraints?.maxTaskRetryCount ?? 0,
    },
    ...withJobTaskDefaults(spec),
    onAllTasksComplete: spec.onAllTasksComplete ?? 'noaction',
    onTaskFailure: spec.onTaskFailure ?? 'noaction',
  };
}

export function withTaskDefaults(spec: TaskSpec): TaskBody {
  const { id: _id, constraints: _constraints, ...body } = spec;
  body.userIdentity ??= DEFAULT_IDENTITY;
  if (body.containerSettings) {
    body.containerSettings = { workingDirectory: 'taskWorkingDirectory', ...body.containerSettings };
  }
  return body;
}
