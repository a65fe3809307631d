import type { Route } from '../http/route';
import type { Model } from '../model';
import type { Notice } from '../schema/validate';
import { ArmAccounts } from './accounts';
import { ArmApplications } from './applications';
import { armList } from './arm-list';
import { ACCOUNT, GROUP, SUBSCRIPTION, type ArmHandler, type ArmRoute } from './arm-route';
import { DataPlane } from './data-plane';
import { ArmLocations } from './locations';
import { ArmPools } from './pools';

const route = (operation: string, method: ArmRoute['method'], path: string, handler: ArmHandler): ArmRoute => ({
  operation: `Microsoft.Batch/${operation}`,
  ...{ method, path, handler },
});

const LOCATION = `${SUBSCRIPTION}/locations/{location}`;
const POOLS = `${ACCOUNT}/pools`;
const POOL = `${POOLS}/{poolName}`;
const APPLICATIONS = `${ACCOUNT}/applications`;
const APPLICATION = `${APPLICATIONS}/{applicationName}`;
const PACKAGE = `${APPLICATION}/versions/{versionName}`;

/** Every operation of management, in the order of the reference. */
export function createArmRoutes(model: Model, batchRoutes: readonly Route[], notice: Notice): ArmRoute[] {
  const accounts = new ArmAccounts(model.world.account);
  const locations = new ArmLocations(model.world.account);
  const applications = new ArmApplications(model.world.account, accounts);
  const pools = new ArmPools(model, accounts, new DataPlane(batchRoutes, notice));
  const none: ArmHandler = (call) => {
    accounts.find(call);
    return armList(call.request, [], () => ({}));
  };
  const routes = [
    route('batchAccounts/read', 'GET', `${SUBSCRIPTION}/batchaccounts`, accounts.list),
    route('batchAccounts/read', 'GET', `${GROUP}/batchaccounts`, accounts.list),
    route('batchAccounts/read', 'GET', ACCOUNT, accounts.get),
    route('batchAccounts/write', 'PUT', ACCOUNT, accounts.put),
    route('batchAccounts/write', 'PATCH', ACCOUNT, accounts.patch),
    route('batchAccounts/delete', 'DELETE', ACCOUNT, accounts.delete),
    route('batchAccounts/listkeys/action', 'POST', `${ACCOUNT}/listkeys`, accounts.listKeys),
    route('batchAccounts/regeneratekeys/action', 'POST', `${ACCOUNT}/regeneratekeys`, accounts.regenerateKeys),
    route(
      'batchAccounts/syncAutoStorageKeys/action',
      'POST',
      `${ACCOUNT}/syncautostoragekeys`,
      accounts.syncAutoStorageKeys,
    ),
    route('batchAccounts/detectors/read', 'GET', `${ACCOUNT}/detectors`, none),
    route('batchAccounts/privateLinkResources/read', 'GET', `${ACCOUNT}/privatelinkresources`, none),
    route('batchAccounts/privateEndpointConnections/read', 'GET', `${ACCOUNT}/privateendpointconnections`, none),
    route(
      'batchAccounts/outboundNetworkDependenciesEndpoints/read',
      'GET',
      `${ACCOUNT}/outboundnetworkdependenciesendpoints`,
      none,
    ),
    route(
      'locations/accountOperationResults/read',
      'GET',
      `${LOCATION}/accountoperationresults/{accountName}`,
      accounts.operationResult,
    ),
    route('locations/quotas/read', 'GET', `${LOCATION}/quotas`, locations.quotas),
    route('locations/virtualMachineSkus/read', 'GET', `${LOCATION}/virtualmachineskus`, locations.virtualMachineSkus),
    route(
      'locations/checkNameAvailability/read',
      'POST',
      `${LOCATION}/checknameavailability`,
      locations.checkNameAvailability,
    ),
    route('batchAccounts/pools/read', 'GET', POOLS, pools.list),
    route('batchAccounts/pools/read', 'GET', POOL, pools.get),
    route('batchAccounts/pools/write', 'PUT', POOL, pools.put),
    route('batchAccounts/pools/write', 'PATCH', POOL, pools.patch),
    route('batchAccounts/pools/delete', 'DELETE', POOL, pools.delete),
    route('batchAccounts/pools/disableAutoscale/action', 'POST', `${POOL}/disableautoscale`, pools.disableAutoScale),
    route('batchAccounts/pools/stopResize/action', 'POST', `${POOL}/stopresize`, pools.stopResize),
    route(
      'locations/poolOperationResults/read',
      'GET',
      `${LOCATION}/pooloperationresults/{poolId}`,
      pools.operationResult,
    ),
    route('batchAccounts/applications/read', 'GET', APPLICATIONS, applications.list),
    route('batchAccounts/applications/read', 'GET', APPLICATION, applications.get),
    route('batchAccounts/applications/write', 'PUT', APPLICATION, applications.put),
    route('batchAccounts/applications/write', 'PATCH', APPLICATION, applications.patch),
    route('batchAccounts/applications/delete', 'DELETE', APPLICATION, applications.delete),
    route('batchAccounts/applications/versions/read', 'GET', `${APPLICATION}/versions`, applications.listPackages),
    route('batchAccounts/applications/versions/read', 'GET', PACKAGE, applications.getPackage),
    route('batchAccounts/applications/versions/write', 'PUT', PACKAGE, applications.putPackage),
    route('batchAccounts/applications/versions/activate/action', 'POST', `${PACKAGE}/activate`, applications.activate),
    route('batchAccounts/applications/versions/delete', 'DELETE', PACKAGE, applications.deletePackage),
  ];
  const names = [...new Set(routes.map(({ operation }) => operation))];
  return [
    ...routes,
    route('operations/read', 'GET', '/providers/microsoft.batch/operations', ({ request }) =>
      armList(request, names, (name) => ({ name, isDataAction: false, display: displayOf(name) })),
    ),
  ];
}

/** `Microsoft.Batch/batchAccounts/pools/write`: provider, resource and what is done to it. */
function displayOf(name: string): Record<string, string> {
  const [, ...parts] = name.split('/');
  const verb = parts.at(-1) ?? '';
  const resource = parts.slice(0, verb === 'action' ? -2 : -1).join('/');
  return { provider: 'Microsoft Batch', resource, operation: verb === 'action' ? (parts.at(-2) ?? '') : verb };
}
