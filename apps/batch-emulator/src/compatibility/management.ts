import { field, full, inert, model, operation, partial, type ModelEntry, type OperationEntry } from './entry';

const SUBSCRIPTION = '/subscriptions/{subscriptionId}/providers/microsoft.batch';
const GROUP = '/subscriptions/{subscriptionId}/resourcegroups/{resourceGroup}/providers/microsoft.batch';
const ACCOUNT = `${GROUP}/batchaccounts/{accountName}`;

/** Every operation of management that is offered (the part of Azure Resource Manager that clients of Batch use). */
export const MANAGEMENT: readonly OperationEntry[] = [
  operation(
    'Microsoft.Batch/batchAccounts/read',
    `GET ${SUBSCRIPTION}/batchaccounts`,
    full('arm-accounts: has the account from the start, with its quotas, in lists and by a path in any case'),
  ),
  operation(
    'Microsoft.Batch/batchAccounts/read',
    `GET ${GROUP}/batchaccounts`,
    full('arm-accounts: has the account from the start, with its quotas, in lists and by a path in any case'),
  ),
  operation(
    'Microsoft.Batch/batchAccounts/read',
    `GET ${ACCOUNT}`,
    full('arm-accounts: has the account from the start, with its quotas, in lists and by a path in any case'),
  ),
  operation(
    'Microsoft.Batch/batchAccounts/write',
    `PUT ${ACCOUNT}`,
    partial(
      'only the own account is served; further ones are resources without a service',
      'arm-accounts: further accounts are resources: made with a long-running operation, kept, deleted',
    ),
  ),
  operation(
    'Microsoft.Batch/batchAccounts/write',
    `PATCH ${ACCOUNT}`,
    partial(
      'only the own account is served; further ones are resources without a service',
      'arm-accounts: further accounts are resources: made with a long-running operation, kept, deleted',
    ),
  ),
  operation(
    'Microsoft.Batch/batchAccounts/delete',
    `DELETE ${ACCOUNT}`,
    partial(
      "the emulator's own account cannot be deleted",
      "arm-accounts: the emulator's own account cannot be deleted",
      'arm-accounts: further accounts are resources: made with a long-running operation, kept, deleted',
    ),
  ),
  operation(
    'Microsoft.Batch/batchAccounts/listkeys/action',
    `POST ${ACCOUNT}/listkeys`,
    full('arm-accounts: both keys are good; a regenerated one takes effect at once, and the old one is refused'),
  ),
  operation(
    'Microsoft.Batch/batchAccounts/regeneratekeys/action',
    `POST ${ACCOUNT}/regeneratekeys`,
    full('arm-accounts: both keys are good; a regenerated one takes effect at once, and the old one is refused'),
  ),
  operation(
    'Microsoft.Batch/batchAccounts/syncAutoStorageKeys/action',
    `POST ${ACCOUNT}/syncautostoragekeys`,
    full('arm-account-parts: keys of auto storage are read anew'),
  ),
  operation(
    'Microsoft.Batch/batchAccounts/detectors/read',
    `GET ${ACCOUNT}/detectors`,
    partial('an empty list', 'arm-account-parts: %s are an empty list'),
  ),
  operation(
    'Microsoft.Batch/batchAccounts/privateLinkResources/read',
    `GET ${ACCOUNT}/privatelinkresources`,
    partial('an empty list', 'arm-account-parts: %s are an empty list'),
  ),
  operation(
    'Microsoft.Batch/batchAccounts/privateEndpointConnections/read',
    `GET ${ACCOUNT}/privateendpointconnections`,
    partial('an empty list', 'arm-account-parts: %s are an empty list'),
  ),
  operation(
    'Microsoft.Batch/batchAccounts/outboundNetworkDependenciesEndpoints/read',
    `GET ${ACCOUNT}/outboundnetworkdependenciesendpoints`,
    partial('an empty list', 'arm-account-parts: %s are an empty list'),
  ),
  operation(
    'Microsoft.Batch/locations/accountOperationResults/read',
    `GET ${SUBSCRIPTION}/locations/{location}/accountoperationresults/{accountName}`,
    full('arm-accounts: further accounts are resources: made with a long-running operation, kept, deleted'),
  ),
  operation(
    'Microsoft.Batch/locations/quotas/read',
    `GET ${SUBSCRIPTION}/locations/{location}/quotas`,
    full('arm-accounts: answers for locations: quotas, names, sizes; and lists its operations'),
  ),
  operation(
    'Microsoft.Batch/locations/virtualMachineSkus/read',
    `GET ${SUBSCRIPTION}/locations/{location}/virtualmachineskus`,
    partial(
      'a few sizes of the many of Azure',
      'arm-accounts: answers for locations: quotas, names, sizes; and lists its operations',
    ),
  ),
  operation(
    'Microsoft.Batch/locations/checkNameAvailability/read',
    `POST ${SUBSCRIPTION}/locations/{location}/checknameavailability`,
    full('arm-accounts: answers for locations: quotas, names, sizes; and lists its operations'),
  ),
  operation(
    'Microsoft.Batch/batchAccounts/pools/read',
    `GET ${ACCOUNT}/pools`,
    full('arm-pools: lists with a filter, a selection and pages'),
  ),
  operation(
    'Microsoft.Batch/batchAccounts/pools/read',
    `GET ${ACCOUNT}/pools/{poolName}`,
    full('arm-pools: shows pools of the Batch service in its own words'),
  ),
  operation(
    'Microsoft.Batch/batchAccounts/pools/write',
    `PUT ${ACCOUNT}/pools/{poolName}`,
    full(
      'arm-client: pools: made, read by the Batch service, resized, changed, deleted',
      'arm-pools: what was read may be written back without a change',
    ),
  ),
  operation(
    'Microsoft.Batch/batchAccounts/pools/write',
    `PATCH ${ACCOUNT}/pools/{poolName}`,
    full(
      'arm-client: pools: made, read by the Batch service, resized, changed, deleted',
      'arm-pools: what was read may be written back without a change',
    ),
  ),
  operation(
    'Microsoft.Batch/batchAccounts/pools/delete',
    `DELETE ${ACCOUNT}/pools/{poolName}`,
    full('arm-pools: a delete is accepted, pending while nodes leave, then done'),
  ),
  operation(
    'Microsoft.Batch/batchAccounts/pools/disableAutoscale/action',
    `POST ${ACCOUNT}/pools/{poolName}/disableautoscale`,
    full('arm-client: pools: made, read by the Batch service, resized, changed, deleted'),
  ),
  operation(
    'Microsoft.Batch/batchAccounts/pools/stopResize/action',
    `POST ${ACCOUNT}/pools/{poolName}/stopresize`,
    full('arm-pools: stopResize ends a resize, and again is refused'),
  ),
  operation(
    'Microsoft.Batch/locations/poolOperationResults/read',
    `GET ${SUBSCRIPTION}/locations/{location}/pooloperationresults/{poolId}`,
    full('arm-pools: a delete is accepted, pending while nodes leave, then done'),
  ),
  operation(
    'Microsoft.Batch/batchAccounts/applications/read',
    `GET ${ACCOUNT}/applications`,
    full('arm-client: applications: made, listed, changed, deleted'),
  ),
  operation(
    'Microsoft.Batch/batchAccounts/applications/read',
    `GET ${ACCOUNT}/applications/{applicationName}`,
    full('arm-client: applications: made, listed, changed, deleted'),
  ),
  operation(
    'Microsoft.Batch/batchAccounts/applications/write',
    `PUT ${ACCOUNT}/applications/{applicationName}`,
    full('arm-client: applications: made, listed, changed, deleted'),
  ),
  operation(
    'Microsoft.Batch/batchAccounts/applications/write',
    `PATCH ${ACCOUNT}/applications/{applicationName}`,
    full('arm-client: applications: made, listed, changed, deleted'),
  ),
  operation(
    'Microsoft.Batch/batchAccounts/applications/delete',
    `DELETE ${ACCOUNT}/applications/{applicationName}`,
    full('arm-client: applications: made, listed, changed, deleted'),
  ),
  operation(
    'Microsoft.Batch/batchAccounts/applications/versions/read',
    `GET ${ACCOUNT}/applications/{applicationName}/versions`,
    full('arm-client: applications: made, listed, changed, deleted'),
  ),
  operation(
    'Microsoft.Batch/batchAccounts/applications/versions/read',
    `GET ${ACCOUNT}/applications/{applicationName}/versions/{versionName}`,
    full('arm-client: applications: made, listed, changed, deleted'),
  ),
  operation(
    'Microsoft.Batch/batchAccounts/applications/versions/write',
    `PUT ${ACCOUNT}/applications/{applicationName}/versions/{versionName}`,
    full('arm-client: applications: made, listed, changed, deleted'),
  ),
  operation(
    'Microsoft.Batch/batchAccounts/applications/versions/activate/action',
    `POST ${ACCOUNT}/applications/{applicationName}/versions/{versionName}/activate`,
    full('packages: only a zip archive can be activated'),
  ),
  operation(
    'Microsoft.Batch/batchAccounts/applications/versions/delete',
    `DELETE ${ACCOUNT}/applications/{applicationName}/versions/{versionName}`,
    full('packages: the default version must be there, and cannot be deleted'),
  ),
  operation(
    'Microsoft.Batch/operations/read',
    'GET /providers/microsoft.batch/operations',
    full('arm-accounts: answers for locations: quotas, names, sizes; and lists its operations'),
  ),
];

/** Properties of management that the Batch service does not have; those of pools are the ones of the Batch service. */
export const MANAGEMENT_FIELDS: readonly ModelEntry[] = [
  model(
    'BatchAccount',
    field(
      'tags allowedAuthenticationModes',
      full('arm-accounts: regenerated keys, tags and modes outlive the emulator'),
    ),
    field(
      'autoStorage',
      partial(
        'only the account of --storage',
        'arm-client: accounts: list, get, keys, update, another one made and deleted',
      ),
    ),
    field(
      'identity keyVaultReference networkProfile publicNetworkAccess poolAllocationMode encryption',
      inert('kept and shown'),
    ),
  ),
];
