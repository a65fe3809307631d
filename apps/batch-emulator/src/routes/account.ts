import type { ApplicationHandlers } from '../handlers/applications';
import { listSupportedImages } from '../handlers/images';
import { retired } from '../handlers/missing';
import type { PoolHandlers } from '../handlers/pools';
import type { Route } from '../http/route';
import { notYet, route } from './route';

export function accountRoutes(pools: PoolHandlers, applications: ApplicationHandlers): Route[] {
  return [
    route('AccountListSupportedImages', 'GET', '/supportedimages', listSupportedImages),
    route('AccountListPoolNodeCounts', 'GET', '/nodecounts', pools.nodeCounts),
    notYet('PoolListUsageMetrics', 'GET', '/poolusagemetrics'),
    route('ApplicationList', 'GET', '/applications', applications.list),
    route('ApplicationGet', 'GET', '/applications/{applicationId}', applications.get),
    notYet('CertificateAdd', 'POST', '/certificates'),
    notYet('CertificateList', 'GET', '/certificates'),
    route('JobGetAllLifetimeStatistics', 'GET', '/lifetimejobstats', retired),
    route('PoolGetAllLifetimeStatistics', 'GET', '/lifetimepoolstats', retired),
  ];
}
