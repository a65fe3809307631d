import { listSupportedImages } from '../handlers/images';
import { retired } from '../handlers/missing';
import type { PoolHandlers } from '../handlers/pools';
import type { Handler, Route } from '../http/route';
import { notYet, route } from './route';

export function accountRoutes(pools: PoolHandlers, usageMetrics: Handler): Route[] {
  return [
    route('AccountListSupportedImages', 'GET', '/supportedimages', listSupportedImages),
    route('AccountListPoolNodeCounts', 'GET', '/nodecounts', pools.nodeCounts),
    route('PoolListUsageMetrics', 'GET', '/poolusagemetrics', usageMetrics),
    notYet('ApplicationList', 'GET', '/applications'),
    notYet('ApplicationGet', 'GET', '/applications/{applicationId}'),
    notYet('CertificateAdd', 'POST', '/certificates'),
    notYet('CertificateList', 'GET', '/certificates'),
    route('JobGetAllLifetimeStatistics', 'GET', '/lifetimejobstats', retired),
    route('PoolGetAllLifetimeStatistics', 'GET', '/lifetimepoolstats', retired),
  ];
}
